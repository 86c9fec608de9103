package dev.plinth.rag.answer;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Match;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Resolves the numbers in square brackets of a generated text; those that no source has are taken out. Code in back
 * quotes is left alone.
 */
final class CitationReader {
    private static final Pattern CODE_OR_CITATION = Pattern.compile(
            "(?s)```.*?(?:```|$)|`[^`\\n]*+`|(?<blank> ?)\\[(?<numbers>\\d{1,4}+(?:\\s*+,\\s*+\\d{1,4}+)*+)]");

    private final String text;
    private final List<Match> matches;
    private final Statements statements;
    private final Map<Integer, Citation> citations = new TreeMap<>();
    private final TreeSet<Integer> invalid = new TreeSet<>();
    private final StringBuilder clean = new StringBuilder();

    private CitationReader(String text, List<Match> matches) {
        this.text = text;
        this.matches = matches;
        this.statements = new Statements(text);
    }

    static CitationReader read(String text, List<Match> matches) {
        CitationReader reader = new CitationReader(text, matches);
        reader.readAll();
        return reader;
    }

    /** Words of a source, whose own numbers in square brackets get round ones: they are no citations of ours. */
    static String ownNumbersInRound(String source) {
        return CODE_OR_CITATION.matcher(source).replaceAll(found -> {
            String numbers = found.group(2);
            return Matcher.quoteReplacement(numbers == null ? found.group() : found.group(1) + "(" + numbers + ")");
        });
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

    private void readAll() {
        Matcher matcher = CODE_OR_CITATION.matcher(text);
        int position = 0;
        int citationEnd = -1;
        String statement = "";
        Set<Integer> cited = new HashSet<>();
        while (matcher.find()) {
            clean.append(text, position, matcher.start());
            String numbers = matcher.group("numbers");
            if (numbers == null) {
                clean.append(matcher.group());
            } else {
                if (matcher.start() != citationEnd) { // else it stands behind the same words as the one before it
                    statement = statements.before(matcher.start());
                    cited.clear();
                }
                clean.append(resolve(matcher.group("blank"), numbers, statement, cited));
                citationEnd = matcher.end();
            }
            position = matcher.end();
        }
        clean.append(text, position, text.length());
    }

    private String resolve(String blank, String numbers, String statement, Set<Integer> cited) {
        Set<String> valid = new LinkedHashSet<>();
        for (String digits : numbers.split(",", -1)) {
            int number = Integer.parseInt(digits.trim());
            if (number >= 1 && number <= matches.size()) {
                valid.add("[" + number + "]");
                if (cited.add(number)) {
                    cite(number, statement);
                }
            } else {
                invalid.add(number);
            }
        }
        return valid.isEmpty() ? "" : blank + String.join("", valid);
    }

    /** The quote is the sentence of the source that shares most words with the first sentence that cites it. */
    private void cite(int number, String statement) {
        Chunk chunk = matches.get(number - 1).chunk();
        double support = Statements.support(statement, chunk);
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
}
