package dev.plinth.api.retrieval;

import dev.plinth.api.check.Check;
import java.util.List;

/**
 * A piece of a document, with its exact place: {@code document.text().substring(start, end)} is its text.
 *
 * @param id unique within a store
 * @param documentId the {@link Document} it is from
 * @param source where a person finds the document
 * @param text not blank
 * @param span where it stands in the document
 * @param headings the titles above it, outermost first; may be empty
 * @param metadata facts to filter by
 */
public record Chunk(
        String id, String documentId, String source, String text, Span span, List<String> headings, Metadata metadata) {

    public Chunk {
        Check.notBlank(id, "id");
        Check.notBlank(documentId, "documentId");
        Check.notNull(source, "source");
        Check.notBlank(text, "text");
        Check.notNull(span, "span");
        headings = List.copyOf(Check.notNull(headings, "headings"));
        Check.notNull(metadata, "metadata");
    }

    /**
     * A range of a document.
     *
     * @param start first character, from 0
     * @param end after the last character
     * @param startLine line of the first character, from 1
     * @param endLine line of the last character, from 1
     */
    public record Span(int start, int end, int startLine, int endLine) {
        public Span {
            Check.that(start >= 0, "start", start, ">= 0");
            Check.that(end > start, "end", end, "> " + start);
            Check.that(startLine >= 1, "startLine", startLine, ">= 1");
            Check.that(endLine >= startLine, "endLine", endLine, ">= " + startLine);
        }
    }

    /** Names the chunk, without its text. */
    @Override
    public String toString() {
        return "Chunk[" + id + ", " + text.length() + " characters]";
    }
}
