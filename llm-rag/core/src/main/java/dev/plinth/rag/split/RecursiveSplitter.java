package dev.plinth.rag.split;

import dev.plinth.api.check.Check;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Document;
import dev.plinth.rag.text.Sha256;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a text by a list of separators: by the first into parts, a part that is too large by the next, and so on, at
 * last at white space or anywhere but inside a surrogate pair. Neighbouring parts are then put together as long as they
 * fit. A separator stays at the end of the part before it.
 *
 * <p>Sizes are in characters ({@code char}). Defaults: at most 1,000, no overlap, the separators empty line, line feed,
 * {@code ". "}, {@code "? "}, {@code "! "} and space.
 *
 * <p>With an overlap, every chunk but the first starts exactly that many characters before the end of the chunk before
 * it. It is less where more than two characters of white space between two parts leave no room, and by one where it
 * would cut a surrogate pair.
 *
 * <p>Immutable and thread-safe.
 */
public final class RecursiveSplitter implements Splitter {
    private static final List<String> SEPARATORS = List.of("\n\n", "\n", ". ", "? ", "! ", " ");

    private final Size size;
    private final List<String> separators;

    private RecursiveSplitter(Size size, List<String> separators) {
        this.size = size;
        this.separators = separators;
    }

    /** With the defaults. */
    public static RecursiveSplitter create() {
        return new RecursiveSplitter(Size.of(1000), SEPARATORS);
    }

    /** The same with chunks of at most this many characters, 16 or more and at least twice the overlap. */
    public RecursiveSplitter maxSize(int characters) {
        return new RecursiveSplitter(size.withMax(characters), separators);
    }

    /** The same with this many characters shared by neighbours, 0 to half the size. */
    public RecursiveSplitter overlap(int characters) {
        return new RecursiveSplitter(size.withOverlap(characters), separators);
    }

    /** The same with other separators, the coarsest first, none of them empty. */
    public RecursiveSplitter separators(List<String> separators) {
        List<String> copy = List.copyOf(Check.notEmpty(separators, "separators"));
        Check.that(
                copy.stream().allMatch(RecursiveSplitter::isWhole), "separators", copy, "whole characters, none empty");
        return new RecursiveSplitter(size, copy);
    }

    @Override
    public String fingerprint() {
        return "recursive-1/" + size + "/" + Sha256.of(separators).substring(0, 12);
    }

    @Override
    public List<Chunk> split(Document document) {
        String text = document.text();
        Pieces pieces = new Pieces(document);
        Packer packer = new Packer(text, size, pieces);
        parts(text).forEach(packer::append);
        packer.close();
        return pieces.chunks();
    }

    private List<Span> parts(String text) {
        Cutter cutter = new Cutter(text, size.part());
        List<Span> parts = new ArrayList<>();
        addParts(text, new Span(0, text.length()), 0, cutter, parts);
        return parts;
    }

    private void addParts(String text, Span span, int level, Cutter cutter, List<Span> target) {
        if (level == separators.size()
                || Span.trimmed(text, span.start(), span.end()).length() <= size.part()) {
            cutter.addFitting(span.start(), span.end(), target);
            return;
        }
        String separator = separators.get(level);
        String part = text.substring(span.start(), span.end());
        int start = 0;
        while (start < part.length()) {
            int found = part.indexOf(separator, start);
            int end = found < 0 ? part.length() : found + separator.length();
            addParts(text, new Span(span.start() + start, span.start() + end), level + 1, cutter, target);
            start = end;
        }
    }

    private static boolean isWhole(String separator) {
        return !separator.isEmpty() && !Character.isHighSurrogate(separator.charAt(separator.length() - 1));
    }
}
