package dev.plinth.api.retrieval;

import dev.plinth.api.check.Check;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
 * @param parent the larger piece it was cut from, to be read in its place when it is found; null: it stands for itself
 */
public record Chunk(
        String id,
        String documentId,
        String source,
        String text,
        Span span,
        List<String> headings,
        Metadata metadata,
        @Nullable Parent parent) {

    public Chunk {
        Check.notBlank(id, "id");
        Check.notBlank(documentId, "documentId");
        Check.notNull(source, "source");
        Check.notBlank(text, "text");
        Check.notNull(span, "span");
        headings = List.copyOf(Check.notNull(headings, "headings"));
        Check.notNull(metadata, "metadata");
        Check.that(
                parent == null
                        || parent.span().start() <= span.start()
                                && parent.span().end() >= span.end(),
                "parent",
                parent,
                "a piece that holds " + span);
    }

    /** A chunk that stands for itself. */
    public Chunk(
            String id,
            String documentId,
            String source,
            String text,
            Span span,
            List<String> headings,
            Metadata metadata) {
        this(id, documentId, source, text, span, headings, metadata, null);
    }

    /** The same under another id. */
    public Chunk withId(String id) {
        return new Chunk(id, documentId, source, text, span, headings, metadata, parent);
    }

    /** The same with other facts. */
    public Chunk withMetadata(Metadata metadata) {
        return new Chunk(id, documentId, source, text, span, headings, metadata, parent);
    }

    /**
     * A larger piece of the document around a chunk.
     *
     * @param text {@code document.text().substring(start, end)}
     * @param span where it stands in the document
     */
    public record Parent(String text, Span span) {
        public Parent {
            Check.notBlank(text, "text");
            Check.notNull(span, "span");
        }

        /** Names the piece, without its text. */
        @Override
        public String toString() {
            return "Parent[" + span + "]";
        }
    }

    /**
     * A range of a document.
     *
     * @param start first character, from 0
     * @param end after the last character
     * @param startLine line of the first character, from 1
     * @param endLine line of the last character, from 1
     * @param startPage page of the first character, from 1; 0 when the document has no pages
     * @param endPage page of the last character, from 1; 0 when the document has no pages
     */
    public record Span(int start, int end, int startLine, int endLine, int startPage, int endPage) {
        /** A range of a document without pages. */
        public Span(int start, int end, int startLine, int endLine) {
            this(start, end, startLine, endLine, 0, 0);
        }

        public Span {
            Check.that(start >= 0, "start", start, ">= 0");
            Check.that(end > start, "end", end, "> " + start);
            Check.that(startLine >= 1, "startLine", startLine, ">= 1");
            Check.that(endLine >= startLine, "endLine", endLine, ">= " + startLine);
            Check.that(startPage >= 0, "startPage", startPage, ">= 0");
            boolean bothOrNone = (startPage == 0) == (endPage == 0);
            Check.that(endPage >= startPage && bothOrNone, "endPage", endPage, ">= " + startPage + ", or both 0");
        }
    }

    /** Names the chunk, without its text. */
    @Override
    public String toString() {
        return "Chunk[" + id + ", " + text.length() + " characters]";
    }
}
