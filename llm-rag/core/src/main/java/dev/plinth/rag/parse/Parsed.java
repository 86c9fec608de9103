package dev.plinth.rag.parse;

import dev.plinth.api.check.Check;
import dev.plinth.api.retrieval.Metadata;
import java.util.List;

/**
 * What a {@link DocumentParser} read out of a file.
 *
 * @param title what the file calls itself; may be empty
 * @param text all of it; headings, lists and tables as Markdown where the parser knows them
 * @param pages where each page begins in the text, the first at 0; empty when the file has no pages
 * @param metadata facts the file tells of itself, such as its author
 */
public record Parsed(String title, String text, List<Integer> pages, Metadata metadata) {
    public Parsed {
        Check.notNull(title, "title");
        Check.notNull(text, "text");
        pages = List.copyOf(Check.notNull(pages, "pages"));
        Check.notNull(metadata, "metadata");
    }

    /** Names the file, without its text. */
    @Override
    public String toString() {
        return "Parsed[" + text.length() + " characters, " + pages.size() + " pages]";
    }
}
