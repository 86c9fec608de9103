package dev.plinth.api.retrieval;

import dev.plinth.api.check.Check;
import java.util.List;

/**
 * A text of a source, before it is split.
 *
 * @param id stable over runs and unique within its source, such as a relative path
 * @param title shown to people; may be empty
 * @param text the whole text
 * @param source where a person finds it, such as a path or an address
 * @param readers who may read it; every chunk inherits them
 * @param metadata facts to filter by; every chunk inherits them. {@link #MODIFIED} is when it was changed last, where
 *     the source knows
 * @param pages where each page begins in the text, the first at 0, ascending; empty when it has no pages
 */
public record Document(
        String id, String title, String text, String source, Readers readers, Metadata metadata, List<Integer> pages) {

    /** The field of the metadata for the time of the last change, in milliseconds since 1970. */
    public static final String MODIFIED = "modified";

    /**
     * The field of the metadata for the kind of the text, such as {@code text/markdown}, where it is another than the id
     * says: that of a page whose markup is gone.
     */
    public static final String MEDIA_TYPE = "mediaType";

    public Document {
        Check.notBlank(id, "id");
        Check.notNull(title, "title");
        Check.notNull(text, "text");
        Check.notNull(source, "source");
        Check.notNull(readers, "readers");
        Check.notNull(metadata, "metadata");
        pages = List.copyOf(Check.notNull(pages, "pages"));
        int last = -1;
        for (int page : pages) {
            boolean ascending = last < 0 ? page == 0 : page >= last && page <= text.length();
            Check.that(ascending, "pages", page, last < 0 ? "0 first" : last + " to " + text.length());
            last = page;
        }
    }

    /** A document without pages. */
    public Document(String id, String title, String text, String source, Readers readers, Metadata metadata) {
        this(id, title, text, source, readers, metadata, List.of());
    }

    /** Names the document, without its text. */
    @Override
    public String toString() {
        return "Document[" + id + ", " + text.length() + " characters]";
    }
}
