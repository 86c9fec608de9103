package dev.plinth.api.retrieval;

import dev.plinth.api.check.Check;

/**
 * A text of a source, before it is split.
 *
 * @param id stable over runs and unique within its source, such as a relative path
 * @param title shown to people; may be empty
 * @param text the whole text
 * @param source where a person finds it, such as a path or an address
 * @param metadata facts to filter by; every chunk inherits them
 */
public record Document(String id, String title, String text, String source, Metadata metadata) {

    public Document {
        Check.notBlank(id, "id");
        Check.notNull(title, "title");
        Check.notNull(text, "text");
        Check.notNull(source, "source");
        Check.notNull(metadata, "metadata");
    }

    /** Names the document, without its text. */
    @Override
    public String toString() {
        return "Document[" + id + ", " + text.length() + " characters]";
    }
}
