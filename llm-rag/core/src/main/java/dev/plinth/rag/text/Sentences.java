package dev.plinth.rag.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Finds the sentences of a text as ranges that cover it without gap or overlap. A sentence ends after {@code . ! ?} or
 * their full-width forms, closing quotes and brackets and the white space that follows, unless the full stop belongs to
 * a known abbreviation, an initial or a number; and at an empty line. Line breaks inside a paragraph do not end a
 * sentence.
 */
public final class Sentences {
    private static final Set<String> ABBREVIATIONS = Set.of(
            "mr", "mrs", "ms", "dr", "prof", "sr", "jr", "st", "vs", "etc", "e.g", "i.e", "cf", "al", "fig", "no",
            "vol", "pp", "approx", "inc", "ltd", "co", "corp", "dept", "est", "gen", "gov", "sen", "rep", "jan", "feb",
            "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec");

    /** One sentence with the white space after it: {@code text.substring(start, end)}. */
    public record Range(int start, int end) {}

    private Sentences() {}

    /** The sentences of {@code text}; one range when it has no sentence end, none when it is empty. */
    public static List<Range> of(String text) {
        List<Range> sentences = new ArrayList<>();
        int start = 0;
        int position = 0;
        while (position < text.length()) {
            int closed = isMark(text.charAt(position)) ? skipClosing(text, position + 1) : position + 1;
            int end = sentenceEnd(text, position, closed);
            if (end < 0) {
                position = closed;
                continue;
            }
            sentences.add(new Range(start, end));
            start = end;
            position = end;
        }
        if (start < text.length()) {
            sentences.add(new Range(start, text.length()));
        }
        return sentences;
    }

    /**
     * Where the next sentence begins when one ends with what stands from {@code position} to {@code closed}, a mark with
     * all that closes it, else -1.
     */
    private static int sentenceEnd(String text, int position, int closed) {
        char c = text.charAt(position);
        if (c == '\n') {
            int next = skipSpace(text, position);
            return text.substring(position, next).chars().filter(x -> x == '\n').count() > 1 ? next : -1;
        }
        if (!isMark(c)) {
            return -1;
        }
        int next = skipSpace(text, closed);
        if (next == text.length() || isWide(c)) {
            return next;
        }
        for (int mark = position; next > closed && mark < closed; mark++) {
            if (ends(text, mark, next)) {
                return next;
            }
        }
        return -1;
    }

    private static boolean isMark(char c) {
        return c == '.' || c == '!' || c == '?' || isWide(c);
    }

    private static boolean isWide(char c) {
        return c == '\u3002' || c == '\uFF01' || c == '\uFF1F';
    }

    private static boolean ends(String text, int mark, int next) {
        char c = text.charAt(mark);
        return c == '!' || c == '?' || c == '.' && !continues(text, mark, next);
    }

    private static boolean continues(String text, int stop, int next) {
        if (Character.isLowerCase(text.codePointAt(next))) {
            return true;
        }
        int wordStart = stop;
        while (wordStart > 0 && isWordChar(text.charAt(wordStart - 1))) {
            wordStart--;
        }
        String word = text.substring(wordStart, stop).toLowerCase(Locale.ROOT);
        boolean initial = word.length() == 1 && Character.isLetter(word.charAt(0)) && !word.equals("i");
        boolean listNumber =
                !word.isEmpty() && word.chars().allMatch(Character::isDigit) && startsLine(text, wordStart);
        return initial || listNumber || ABBREVIATIONS.contains(word);
    }

    private static boolean isWordChar(char c) {
        return Character.isLetterOrDigit(c) || c == '.';
    }

    private static boolean startsLine(String text, int position) {
        int i = position - 1;
        while (i >= 0 && (text.charAt(i) == ' ' || text.charAt(i) == '\t')) {
            i--;
        }
        return i < 0 || text.charAt(i) == '\n';
    }

    private static int skipClosing(String text, int from) {
        int position = from;
        while (position < text.length() && ".!?\"')]}\u2019\u201D\u300D".indexOf(text.charAt(position)) >= 0) {
            position++;
        }
        return position;
    }

    private static int skipSpace(String text, int from) {
        int position = from;
        while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
            position++;
        }
        return position;
    }
}
