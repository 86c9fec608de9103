package dev.plinth.rag.split;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Metadata;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Makes the chunks of a document out of the ranges that a splitter found. */
final class Pieces {
    /** A chunk to be: its range, and the titles of the headings it stands under, outermost first. */
    record Piece(int start, int end, List<String> headings) {}

    private Pieces() {}

    /** The chunks of these ranges, in their order, numbered from 1. */
    static List<Chunk> chunks(Document document, List<Piece> pieces) {
        Lines lines = new Lines(document.text());
        Metadata metadata = document.readers().on(document.metadata());
        List<Chunk> chunks = new ArrayList<>(pieces.size());
        for (Piece piece : pieces) {
            chunks.add(new Chunk(
                    document.id() + "#" + (chunks.size() + 1),
                    document.id(),
                    document.source(),
                    document.text().substring(piece.start(), piece.end()),
                    span(document, lines, piece.start(), piece.end()),
                    headings(document.title(), piece.headings()),
                    metadata));
        }
        return chunks;
    }

    static Chunk.Span span(Document document, Lines lines, int start, int end) {
        return new Chunk.Span(
                start,
                end,
                lines.numberAt(start),
                lines.numberAt(end - 1),
                page(document, start),
                page(document, end - 1));
    }

    /** The page, from 1, of the character at {@code offset}; 0 without pages. Of empty pages at one place the last. */
    private static int page(Document document, int offset) {
        List<Integer> pages = document.pages();
        int page = Collections.binarySearch(pages, offset);
        if (page < 0) {
            return -page - 1;
        }
        while (page + 1 < pages.size() && pages.get(page + 1) == offset) {
            page++;
        }
        return page + 1;
    }

    private static List<String> headings(String title, List<String> path) {
        if (title.isBlank() || (!path.isEmpty() && path.get(0).equals(title))) {
            return path;
        }
        List<String> headings = new ArrayList<>();
        headings.add(title);
        headings.addAll(path);
        return headings;
    }
}
