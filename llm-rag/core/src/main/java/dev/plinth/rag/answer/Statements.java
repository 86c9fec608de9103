package dev.plinth.rag.answer;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.rag.text.SearchText;
import dev.plinth.rag.text.Sentences;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a generated text states where it cites, and how much of that a source holds. */
final class Statements {
    private static final Pattern ITEM_MARK = Pattern.compile("^(?:[-*+]|\\d{1,3}[.)])\\s+");
    private static final Pattern CITED = Pattern.compile("\\[[\\d, ]*]");
    private static final Pattern NUMBER = Pattern.compile("\\d++(?:[.,]\\d++)*+");
    private static final Pattern GROUPING = Pattern.compile("[.,](?=\\d{3}(?!\\d))");

    private final String text;
    private final List<Sentences.Range> ranges;

    Statements(String text) {
        this.text = text;
        this.ranges = Passage.ranges(text);
    }

    /** The words before a citation in its sentence, list item or table row, without marks of lists and citations. */
    String before(int citation) {
        for (int i = ranges.size() - 1; i >= 0; i--) {
            int start = ranges.get(i).start();
            if (start < citation) {
                String cited =
                        text.substring(start, Math.min(citation, ranges.get(i).end()));
                String words =
                        CITED.matcher(ITEM_MARK.matcher(cited).replaceFirst("")).replaceAll("");
                if (words.codePoints().anyMatch(Character::isLetter)) {
                    return words;
                }
            }
        }
        return text.substring(0, citation);
    }

    /** See {@link Citation#support}. */
    static double support(String statement, Chunk chunk) {
        String source = SearchText.of(chunk);
        Set<String> known = numbers(source);
        return known.containsAll(numbers(statement)) ? new QueryTerms(statement).coverage(source) : 0;
    }

    /** A comma or full stop before exactly three digits groups them, any other one is a decimal point. */
    private static Set<String> numbers(String text) {
        return NUMBER.matcher(text)
                .results()
                .map(result -> GROUPING.matcher(result.group()).replaceAll("").replace(',', '.'))
                .collect(Collectors.toSet());
    }
}
