package dev.plinth.rag.answer;

import dev.plinth.rag.text.Sentences;
import java.util.List;
import java.util.regex.Pattern;

/** What the citations of a text stand behind. Asked for one place after another, each further on, it goes through once. */
final class Statements {
    /** Of a longer sentence, such as a list without full stops, the end is what a citation stands behind. */
    private static final int LONGEST = 2_000;

    /** Also the end of one, where the sentence is cut. */
    private static final Pattern CITATION = Pattern.compile("(?:^|\\[)[\\d, ]*+]");

    private final String text;
    private final List<Sentences.Range> sentences;
    private int current;
    /** The last sentence with words before the current one. */
    private String before = "";

    Statements(String text) {
        this.text = text;
        this.sentences = Sentences.of(text);
    }

    /** The sentence that ends or breaks off at a place, or the last one before it with words; without citations. */
    String before(int at) {
        while (sentences.get(current).end() < at) {
            String passed = without(current, sentences.get(current).end());
            before = hasWords(passed) ? passed : before;
            current++;
        }
        String begun = without(current, at);
        return hasWords(begun) || before.isEmpty() ? begun : before;
    }

    private String without(int sentence, int end) {
        int start = Math.max(sentences.get(sentence).start(), end - LONGEST);
        return CITATION.matcher(text.substring(start, end)).replaceAll("");
    }

    private static boolean hasWords(String statement) {
        return statement.codePoints().anyMatch(Character::isLetter);
    }
}
