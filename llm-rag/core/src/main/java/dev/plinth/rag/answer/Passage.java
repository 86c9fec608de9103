package dev.plinth.rag.answer;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.rag.text.Sentences;
import java.util.ArrayList;
import java.util.List;

/**
 * A sentence, a list item or a table row of a chunk: what an answer can quote.
 *
 * @param start within the chunk's text
 * @param end after the last character, without white space
 */
record Passage(Chunk chunk, int start, int end) {

    private static final String COMMENT = "<!--";

    String text() {
        return chunk.text().substring(start, end);
    }

    /** All passages of a chunk in order; headings, fence marks, table rules and comments are none. */
    static List<Passage> of(Chunk chunk) {
        String text = chunk.text();
        return ranges(text).stream()
                .filter(range -> saysSomething(text, range.start(), range.end()))
                .map(range -> new Passage(chunk, range.start(), range.end()))
                .toList();
    }

    /** The sentences, list items and table rows of a text, and what else stands alone, without white space around. */
    static List<Sentences.Range> ranges(String text) {
        List<Sentences.Range> ranges = new ArrayList<>();
        int start = 0;
        for (int line = 0; line < text.length(); line = nextLine(text, line)) {
            if (line > start && standsAlone(text, line)) {
                addSentences(text, start, line, ranges);
                start = line;
            }
            if (isSingleLine(text, line)) {
                int next = nextLine(text, line);
                addSentences(text, start, next, ranges);
                start = next;
            }
        }
        addSentences(text, start, text.length(), ranges);
        return ranges;
    }

    private static void addSentences(String text, int from, int to, List<Sentences.Range> target) {
        for (Sentences.Range range : Sentences.of(text.substring(from, to))) {
            int start = from + range.start();
            int end = from + range.end();
            while (start < end && Character.isWhitespace(text.charAt(start))) {
                start++;
            }
            while (end > start && Character.isWhitespace(text.charAt(end - 1))) {
                end--;
            }
            if (start < end) {
                target.add(new Sentences.Range(start, end));
            }
        }
    }

    private static boolean saysSomething(String text, int start, int end) {
        return text.charAt(start) != '#'
                && !text.startsWith(COMMENT, start)
                && text.substring(start, end).codePoints().anyMatch(Character::isLetterOrDigit);
    }

    /** A list item, a table row, a heading or a fence starts a passage of its own. */
    private static boolean standsAlone(String text, int line) {
        int i = skipBlanks(text, line);
        if (i >= text.length()) {
            return false;
        }
        char c = text.charAt(i);
        boolean bullet = (c == '-' || c == '*' || c == '+') && i + 1 < text.length() && text.charAt(i + 1) == ' ';
        return bullet
                || c == '|'
                || c == '#'
                || text.startsWith("```", i)
                || text.startsWith(COMMENT, i)
                || startsWithNumber(text, i);
    }

    private static boolean isSingleLine(String text, int line) {
        int i = skipBlanks(text, line);
        return i < text.length()
                && (text.charAt(i) == '|'
                        || text.charAt(i) == '#'
                        || text.startsWith("```", i)
                        || text.startsWith(COMMENT, i));
    }

    private static boolean startsWithNumber(String text, int from) {
        int i = from;
        while (i < text.length() && Character.isDigit(text.charAt(i))) {
            i++;
        }
        return i > from
                && i - from <= 3
                && i + 1 < text.length()
                && ".)".indexOf(text.charAt(i)) >= 0
                && text.charAt(i + 1) == ' ';
    }

    private static int skipBlanks(String text, int from) {
        int i = from;
        while (i < text.length() && (text.charAt(i) == ' ' || text.charAt(i) == '\t')) {
            i++;
        }
        return i;
    }

    private static int nextLine(String text, int from) {
        int feed = text.indexOf('\n', from);
        return feed < 0 ? text.length() : feed + 1;
    }
}
