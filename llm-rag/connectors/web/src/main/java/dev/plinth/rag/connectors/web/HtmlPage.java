package dev.plinth.rag.connectors.web;

import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.StoreException;
import dev.plinth.rag.parse.MarkdownHandler;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;
import org.xml.sax.SAXException;

/** An HTML page as it was sent: what it says of itself, where it leads, and its text as Markdown. Not thread-safe. */
final class HtmlPage {
    private static final int MOST_CHARACTERS = 20_000_000;
    private static final Pattern CHARSET = Pattern.compile("(?i)charset\\s*=\\s*[\"']?([^\\s\"';]+)");

    private final String url;
    private final Document page;

    private HtmlPage(String url, Document page) {
        this.url = url;
        this.page = page;
    }

    /** @param mediaType what the server says, perhaps with a charset; else the page is asked, else UTF-8 is tried */
    static HtmlPage of(String url, @Nullable String mediaType, byte[] content) {
        try {
            Charset said = charset(mediaType);
            Document page = read(url, content, said == null ? null : said.name());
            if (said == null && page.charset().equals(StandardCharsets.UTF_8) && !isUtf8(content)) {
                page = read(url, content, "windows-1252"); // what browsers take for text that says nothing
            }
            return new HtmlPage(url, page);
        } catch (IOException exception) {
            throw new StoreException("page: " + url + " cannot be read", ErrorDetails.NONE, exception);
        }
    }

    private static Document read(String url, byte[] content, @Nullable String charset) throws IOException {
        return Jsoup.parse(new ByteArrayInputStream(content), charset, url);
    }

    private static @Nullable Charset charset(@Nullable String mediaType) {
        Matcher matcher = CHARSET.matcher(mediaType == null ? "" : mediaType);
        try {
            return matcher.find() ? Charset.forName(matcher.group(1)) : null;
        } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
            return null;
        }
    }

    private static boolean isUtf8(byte[] content) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content));
            return true;
        } catch (CharacterCodingException no) {
            return false;
        }
    }

    static boolean isHtml(@Nullable String mediaType) {
        String type = mediaType == null ? "" : mediaType.toLowerCase(Locale.ROOT);
        return type.startsWith("text/html") || type.startsWith("application/xhtml+xml");
    }

    String title() {
        String title = MarkdownHandler.oneLine(page.title());
        Element heading = page.selectFirst("h1");
        return title.isEmpty() && heading != null ? MarkdownHandler.oneLine(heading.text()) : title;
    }

    /** Such as {@code de}; empty when it is not said. */
    String language() {
        Element html = page.selectFirst("html[lang]");
        return html == null ? "" : html.attr("lang").strip().toLowerCase(Locale.ROOT);
    }

    /** What stands in the first meta element of this name, or property; empty: nothing. */
    String meta(String name) {
        return metas(name).findFirst().orElse("");
    }

    private Stream<String> metas(String name) {
        return page.select("meta[name], meta[property]").stream()
                .filter(meta -> meta.attr("name").equalsIgnoreCase(name)
                        || meta.attr("property").equalsIgnoreCase(name))
                .map(meta -> meta.attr("content").strip());
    }

    /** What search engines are asked for, in lower case, such as {@code noindex}. */
    Set<String> robots(String agent) {
        Set<String> words = new TreeSet<>();
        for (String name : List.of("robots", agent)) {
            metas(name).forEach(content -> words.addAll(words(content)));
        }
        return words;
    }

    static List<String> words(String directives) {
        return List.of(directives.toLowerCase(Locale.ROOT).strip().split("[\\s,]+"));
    }

    /** The address under which the page wants to be known. */
    Optional<String> canonical() {
        Element link = page.selectFirst("link[rel~=(?i)^canonical$][href]");
        return link == null ? Optional.empty() : PageUrl.of(link.absUrl("href"));
    }

    /** Where it leads, except by links that say nofollow. */
    List<String> links() {
        List<String> links = new ArrayList<>();
        for (Element link : page.select("a[href], area[href]")) {
            if (!link.attr("rel").toLowerCase(Locale.ROOT).contains("nofollow")) {
                PageUrl.of(link.absUrl("href")).ifPresent(links::add);
            }
        }
        return links;
    }

    /**
     * The text. Changes the page: call it last.
     *
     * @param mainContent without what stands around the content
     */
    String text(boolean mainContent) {
        Element content = mainContent ? MainContent.of(page) : page.body();
        MarkdownHandler markdown = new MarkdownHandler(Set.of(), MOST_CHARACTERS);
        try {
            SaxEvents.send(content, markdown);
        } catch (SAXException tooLong) {
            throw new StoreException(
                    "page: " + url + " holds " + tooLong.getMessage() + " (expected: at most that)",
                    ErrorDetails.NONE,
                    tooLong);
        }
        return markdown.text();
    }
}
