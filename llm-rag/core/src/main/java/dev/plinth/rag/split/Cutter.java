package dev.plinth.rag.split;

import dev.plinth.rag.text.Sentences;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a block that does not fit into spans that do: at line ends for verbatim text, else at sentence ends, then at
 * white space, then anywhere but inside a surrogate pair.
 */
final class Cutter {
    private final String text;
    private final int limit;

    Cutter(String text, int limit) {
        this.text = text;
        this.limit = limit;
    }

    List<Span> cut(Block block) {
        List<Span> natural = block.kind() == Block.Kind.VERBATIM ? lines(block) : sentences(block);
        List<Span> fitting = new ArrayList<>();
        for (Span span : natural) {
            cutHard(span, fitting);
        }
        return fitting;
    }

    private List<Span> sentences(Block block) {
        List<Span> spans = new ArrayList<>();
        for (Sentences.Range range : Sentences.of(text.substring(block.start(), block.end()))) {
            spans.add(new Span(block.start() + range.start(), block.start() + range.end()));
        }
        return spans;
    }

    private List<Span> lines(Block block) {
        List<Span> spans = new ArrayList<>();
        int start = block.start();
        while (start < block.end()) {
            int feed = text.indexOf('\n', start);
            int end = feed < 0 || feed >= block.end() ? block.end() : feed + 1;
            spans.add(new Span(start, end));
            start = end;
        }
        return spans;
    }

    private void cutHard(Span whole, List<Span> target) {
        Span rest = Span.trimmed(text, whole.start(), whole.end());
        while (rest.length() > limit) {
            int end = cutPoint(rest.start());
            addIfNotBlank(rest.start(), end, target);
            rest = Span.trimmed(text, end, rest.end());
        }
        addIfNotBlank(rest.start(), rest.end(), target);
    }

    private void addIfNotBlank(int start, int end, List<Span> target) {
        Span span = Span.trimmed(text, start, end);
        if (span.length() > 0) {
            target.add(span);
        }
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
