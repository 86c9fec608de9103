package dev.plinth.rag.answer;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Match;
import dev.plinth.rag.text.SearchText;
import dev.plinth.rag.text.Sentences;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Resolves the numbers in square brackets of a generated text; those that no source has are taken out. Code in back
 * quotes is left alone.
 */
final class CitationReader {
    private static final Pattern CODE_OR_CITATION = Pattern.compile(
            "(?s)```.*?(?:```|$)|`[^`\\n]*`|(?<blank> ?)\\[(?<numbers>\\d{1,4}(?:\\s*,\\s*\\d{1,4})*)]");

    private static final Pattern NUMBER = Pattern.compile("\\d+(?:[.,]\\d+)*");

    private final List<Match> matches;
    private final Map<Integer, Citation> citations = new TreeMap<>();
    private final TreeSet<Integer> invalid = new TreeSet<>();
    private final StringBuilder clean = new StringBuilder();

    private CitationReader(List<Match> matches) {
        this.matches = matches;
    }

    static CitationReader read(String text, List<Match> matches) {
        CitationReader reader = new CitationReader(matches);
        reader.readAll(text);
        return reader;
    }

    /** The text without numbers that no source has. */
    String text() {
        return clean.toString();
    }

    List<Citation> citations() {
        return List.copyOf(citations.values());
    }

    List<Integer> invalid() {
        return List.copyOf(invalid);
    }

    private void readAll(String text) {
        Matcher matcher = CODE_OR_CITATION.matcher(text);
        int position = 0;
        while (matcher.find()) {
            clean.append(text, position, matcher.start());
            String numbers = matcher.group("numbers");
            clean.append(
                    numbers == null
                            ? matcher.group()
                            : resolve(matcher.group("blank"), numbers, text, matcher.start()));
            position = matcher.end();
        }
        clean.append(text, position, text.length());
    }

    private String resolve(String blank, String numbers, String text, int at) {
        List<String> valid = new ArrayList<>();
        for (String digits : numbers.split(",", -1)) {
            int number = Integer.parseInt(digits.trim());
            if (number >= 1 && number <= matches.size()) {
                valid.add("[" + number + "]");
                cite(number, sentenceBefore(text, at));
            } else {
                invalid.add(number);
            }
        }
        return valid.isEmpty() ? "" : blank + String.join("", valid);
    }

    /** The quote is the sentence of the source that shares most words with the first sentence that cites it. */
    private void cite(int number, String statement) {
        Chunk chunk = matches.get(number - 1).chunk();
        double support = support(statement, chunk);
        Citation before = citations.get(number);
        if (before != null) {
            double least = Math.min(support, before.support());
            citations.put(number, new Citation(number, chunk, before.quote(), before.span(), least));
            return;
        }
        QueryTerms stated = new QueryTerms(statement);
        Passage quote = Passage.of(chunk).stream()
                .max(Comparator.comparingDouble(passage -> stated.coverage(passage.text())))
                .orElseGet(() -> new Passage(chunk, 0, chunk.text().length()));
        citations.put(number, Citation.of(number, quote, support));
    }

    /** See {@link Citation#support}. */
    private static double support(String statement, Chunk chunk) {
        String source = SearchText.of(chunk);
        Set<String> known = numbers(source);
        return known.containsAll(numbers(statement)) ? new QueryTerms(statement).coverage(source) : 0;
    }

    /** As digits only, so that 1,000 and 1000 are the same. */
    private static Set<String> numbers(String text) {
        return NUMBER.matcher(text)
                .results()
                .map(result -> result.group().replaceAll("\\D", ""))
                .collect(Collectors.toSet());
    }

    private static String sentenceBefore(String text, int at) {
        String before = text.substring(0, at);
        List<Sentences.Range> sentences = Sentences.of(before);
        for (int i = sentences.size() - 1; i >= 0; i--) {
            String sentence =
                    before.substring(sentences.get(i).start(), sentences.get(i).end());
            String words = sentence.replaceAll("\\[[\\d, ]*]", "");
            if (words.codePoints().anyMatch(Character::isLetter)) {
                return words;
            }
        }
        return before;
    }
}
