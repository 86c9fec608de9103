package dev.plinth.rag.answer;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.rag.text.SearchText;
import dev.plinth.rag.text.Sentences;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a generated text states where it cites, and how much of that a source holds. Asked for one citation after
 * another, each further on, it goes through the text once.
 */
final class Statements {
    /** Of a longer sentence, such as a list without full stops, the end is what a citation stands behind. */
    private static final int LONGEST = 2_000;

    private static final Pattern ITEM_MARK = Pattern.compile("^(?:[-*+]|\\d{1,3}[.)])\\s+");
    /** Also the end of one, where the sentence is cut. */
    private static final Pattern CITED = Pattern.compile("(?:^|\\[)[\\d, ]*+]");

    private static final Pattern NUMBER = Pattern.compile("\\d++(?:[.,]\\d++)*+");
    private static final Pattern GROUPING = Pattern.compile("[.,](?=\\d{3}(?!\\d))");

    private final String text;
    private final List<Sentences.Range> ranges;
    private int current;
    /** What the last range with words before the current one says. */
    private String before = "";

    Statements(String text) {
        this.text = text;
        this.ranges = Passage.ranges(text);
    }

    /**
     * The words before a citation in its sentence, list item or table row, or in the last one before it that has any;
     * without marks of lists and citations.
     */
    String before(int citation) {
        while (current + 1 < ranges.size() && ranges.get(current + 1).start() < citation) {
            String passed = words(ranges.get(current), ranges.get(current).end());
            before = hasWords(passed) ? passed : before;
            current++;
        }
        String begun = words(ranges.get(current), citation);
        return hasWords(begun) || before.isEmpty() ? begun : before;
    }

    private String words(Sentences.Range range, int until) {
        int end = Math.min(until, range.end());
        String cited = text.substring(Math.min(end, Math.max(range.start(), end - LONGEST)), end);
        return CITED.matcher(ITEM_MARK.matcher(cited).replaceFirst("")).replaceAll("");
    }

    private static boolean hasWords(String statement) {
        return statement.codePoints().anyMatch(Character::isLetter);
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
