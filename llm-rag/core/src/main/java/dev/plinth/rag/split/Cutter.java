package dev.plinth.rag.split;

import dev.plinth.rag.text.Sentences;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts text into spans that are not blank and do not exceed a limit: at line ends or at sentence ends, then at white
 * space, then anywhere but inside a surrogate pair.
 */
final class Cutter {
    private final String text;
    private final int limit;

    Cutter(String text, int limit) {
        this.text = text;
        this.limit = limit;
    }

    /** Verbatim text at line ends, else at sentence ends. */
    List<Span> cut(Block block) {
        return block.kind() == Block.Kind.VERBATIM
                ? lines(block.start(), block.end())
                : sentences(block.start(), block.end());
    }

    List<Span> sentences(int start, int end) {
        List<Span> spans = new ArrayList<>();
        for (Sentences.Range range : Sentences.of(text.substring(start, end))) {
            addFitting(start + range.start(), start + range.end(), spans);
        }
        return spans;
    }

    private List<Span> lines(int start, int end) {
        List<Span> spans = new ArrayList<>();
        int position = start;
        while (position < end) {
            int next = position + 1;
            while (next < end && text.charAt(next - 1) != '\n') {
                next++;
            }
            addFitting(position, next, spans);
            position = next;
        }
        return spans;
    }

    /** Adds the range, cut where it does not fit. */
    void addFitting(int start, int end, List<Span> target) {
        Span rest = Span.trimmed(text, start, end);
        while (rest.length() > limit) {
            int cut = cutPoint(rest.start());
            Span part = Span.trimmed(text, rest.start(), cut);
            addIfNotBlank(part, target);
            rest = Span.trimmed(text, part.length() > 0 ? cut : afterSpace(cut), rest.end());
        }
        addIfNotBlank(rest, target);
    }

    private static void addIfNotBlank(Span span, List<Span> target) {
        if (span.length() > 0) {
            target.add(span);
        }
    }

    /** White space that fills a window is no indentation: what is left of it is passed over in one step. */
    private int afterSpace(int start) {
        int position = start;
        while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
            position++;
        }
        return position;
    }

    /** After the last white space in the second half of the window, else at its end. */
    private int cutPoint(int start) {
        int end = start + limit;
        for (int i = end; i > start + limit / 2; i--) {
            if (Character.isWhitespace(text.charAt(i - 1))) {
                return i;
            }
        }
        return splitsPair(text, end) ? end - 1 : end;
    }

    static boolean splitsPair(String text, int position) {
        return position > 0
                && position < text.length()
                && Character.isHighSurrogate(text.charAt(position - 1))
                && Character.isLowSurrogate(text.charAt(position));
    }
}
