package dev.plinth.rag.split;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Metadata;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The chunks of one document, made of the ranges that a splitter finds; numbered from 1. */
final class Pieces {
    private final Document document;
    private final Lines lines;
    private final Metadata metadata;
    private final List<Chunk> chunks = new ArrayList<>();

    Pieces(Document document) {
        this.document = document;
        this.lines = new Lines(document.text());
        this.metadata = document.readers().on(document.metadata());
    }

    void add(int start, int end) {
        add(start, end, List.of(), null);
    }

    /**
     * Adds a chunk.
     *
     * @param headings the titles it stands under, outermost first, without the document's
     */
    void add(int start, int end, List<String> headings, Chunk.@Nullable Parent parent) {
        chunks.add(new Chunk(
                document.id() + "#" + (chunks.size() + 1),
                document.id(),
                document.source(),
                document.text().substring(start, end),
                span(start, end),
                headings(document.title(), headings),
                metadata,
                parent));
    }

    /** All chunks in the order they were added. */
    List<Chunk> chunks() {
        return List.copyOf(chunks);
    }

    private Chunk.Span span(int start, int end) {
        return new Chunk.Span(start, end, lines.numberAt(start), lines.numberAt(end - 1), page(start), page(end - 1));
    }

    /** The page, from 1, of the character at {@code offset}; 0 without pages. Of empty pages at one place the last. */
    private int page(int offset) {
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
