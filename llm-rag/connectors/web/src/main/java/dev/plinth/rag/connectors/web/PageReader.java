package dev.plinth.rag.connectors.web;

import dev.plinth.api.error.StoreException;
import dev.plinth.rag.connect.HttpReader.Answer;
import dev.plinth.rag.parse.DocumentParser;
import dev.plinth.rag.parse.Parsed;
import dev.plinth.rag.text.Sha256;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes a document of what a server sent. Immutable. */
final class PageReader {
    private static final Pattern NAMED = Pattern.compile("\\s*([^\\s,:]+)\\s*:(.*)");
    private static final Set<String> WITH_VALUE =
            Set.of("max-snippet", "max-image-preview", "max-video-preview", "unavailable_after");

    private final HtmlParser html;
    private final DocumentParser others;
    private final String agent;

    /**
     * What a page is, and where it leads.
     *
     * @param parsed null: it asks not to be found
     * @param canonical the address under which it wants to be known
     */
    record Read(@Nullable Parsed parsed, String canonical, List<String> links) {
        /** Of the words alone: what else is sent may change with every request. */
        String version() {
            return parsed == null
                    ? ""
                    : Sha256.of(List.of(parsed.title(), parsed.text())).substring(0, 24);
        }
    }

    /** @param agent what pages call this connector */
    PageReader(HtmlParser html, DocumentParser others, String agent) {
        this.html = html;
        this.others = others;
        this.agent = agent;
    }

    /** Of the parsers: see {@link DocumentParser#fingerprint}. */
    String fingerprint() {
        return html.fingerprint() + "\n\n" + others.fingerprint();
    }

    /** Whether it is of a kind that is read. */
    boolean accepts(String url, Answer answer) {
        String type = type(answer);
        return isHtml(type) || others.accepts(PageUrl.path(url), type);
    }

    static StoreException noKind(String url, Answer answer) {
        return new StoreException("page: " + url + " is " + type(answer) + " (expected: a kind of file that is read)");
    }

    /** @throws StoreException if it is of no kind that is read, or broken */
    Read read(String url, Answer answer) {
        String type = type(answer);
        Set<String> robots = robots(answer);
        if (isHtml(type)) {
            HtmlPage page = HtmlPage.of(url, type, answer.body());
            robots.addAll(page.robots(agent));
            List<String> links = says(robots, "nofollow") ? List.of() : page.links();
            String canonical = page.canonical().orElse(url);
            return new Read(says(robots, "noindex") ? null : html.read(page), canonical, links);
        }
        if (!accepts(url, answer)) {
            throw noKind(url, answer);
        }
        Parsed parsed = says(robots, "noindex") ? null : others.parse(PageUrl.path(url), type, answer.body());
        return new Read(parsed, url, List.of());
    }

    private static @Nullable String type(Answer answer) {
        return answer.header("content-type").orElse(null);
    }

    private static boolean isHtml(@Nullable String type) {
        return type == null || HtmlPage.isHtml(type);
    }

    private static boolean says(Set<String> robots, String word) {
        return robots.contains(word) || robots.contains("none");
    }

    /** The header says what a meta element would, for all robots or for one that it names. */
    private Set<String> robots(Answer answer) {
        Set<String> words = new TreeSet<>();
        for (String header : answer.headers().allValues("x-robots-tag")) {
            Matcher named = NAMED.matcher(header);
            boolean forOne =
                    named.matches() && !WITH_VALUE.contains(named.group(1).toLowerCase(Locale.ROOT));
            if (!forOne) {
                words.addAll(HtmlPage.words(header));
            } else if (named.group(1).equalsIgnoreCase(agent)) {
                words.addAll(HtmlPage.words(named.group(2)));
            }
        }
        return words;
    }
}
