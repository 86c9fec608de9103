package dev.plinth.rag.connectors.web;

import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Value;
import dev.plinth.rag.parse.DocumentParser;
import dev.plinth.rag.parse.FileNames;
import dev.plinth.rag.parse.Parsed;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads HTML as Markdown with its headings, lists and tables.
 *
 * <p>The charset is what the media type says, else the page, else UTF-8, else windows-1252. Metadata are {@code lang},
 * {@link Document#MODIFIED} where the page says it, and {@link Document#MEDIA_TYPE}.
 *
 * <p>Immutable and thread-safe. Any text is read, however broken its markup.
 */
public final class HtmlParser implements DocumentParser {
    private static final Set<String> ENDINGS = Set.of("html", "htm", "xhtml");

    private final boolean mainContent;

    private HtmlParser(boolean mainContent) {
        this.mainContent = mainContent;
    }

    /** Reads the content of whole pages, without navigation, header, footer, asides and banners. */
    public static HtmlParser ofPages() {
        return new HtmlParser(true);
    }

    /** Reads all of it: for files that are nothing but content, and for pieces of HTML such as an API hands out. */
    public static HtmlParser ofEverything() {
        return new HtmlParser(false);
    }

    @Override
    public boolean accepts(String name, @Nullable String mediaType) {
        return mediaType == null ? ENDINGS.contains(FileNames.extension(name)) : HtmlPage.isHtml(mediaType);
    }

    @Override
    public Parsed parse(String name, @Nullable String mediaType, byte[] content) {
        return read(HtmlPage.of(name, mediaType, content));
    }

    Parsed read(HtmlPage page) {
        Metadata facts = Metadata.NONE.with(Document.MEDIA_TYPE, "text/markdown");
        if (!page.language().isEmpty()) {
            facts = facts.with("lang", page.language());
        }
        try {
            OffsetDateTime modified = OffsetDateTime.parse(page.meta("article:modified_time"));
            facts = facts.with(Document.MODIFIED, Value.of(modified.toInstant().toEpochMilli()));
        } catch (DateTimeException unsaid) {
            // most pages do not say it
        }
        return new Parsed(page.title(), page.text(mainContent), List.of(), facts);
    }

    @Override
    public String fingerprint() {
        return mainContent ? "html-1/pages" : "html-1/everything";
    }

    @Override
    public String toString() {
        return mainContent ? "HtmlParser[pages]" : "HtmlParser[everything]";
    }
}
