package dev.plinth.rag.connectors.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Connector.Item;
import dev.plinth.api.retrieval.Connector.Page;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Value;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.rag.parse.TextParser;
import dev.plinth.rag.split.StructureSplitter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebConnectorTest {
    private static final String URLSET = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>";

    private final TestSite site = new TestSite();
    private final TestTime time = TestTime.autoAdvancing();

    @AfterEach
    void close() {
        site.close();
    }

    private WebConnector.Builder pages() {
        return WebConnector.of(site.url("/")).delay(Duration.ZERO).time(time);
    }

    /** All pages of a list, as one. */
    private static Page all(Connector connector, String cursor) {
        List<Item> items = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        List<Connector.Skipped> skipped = new ArrayList<>();
        Page page = connector.list(cursor);
        while (true) {
            items.addAll(page.items());
            removed.addAll(page.removed());
            skipped.addAll(page.skipped());
            if (page.next() == null) {
                return new Page(items, removed, skipped, null, page.since(), page.complete(), -1);
            }
            page = connector.list(page.next());
        }
    }

    private Page all(WebConnector.Builder builder) {
        try (WebConnector connector = builder.build()) {
            return all(connector, null);
        }
    }

    private List<String> targets(Page page) {
        return page.items().stream()
                .map(item -> item.id().substring(site.id("/").length() - 1))
                .toList();
    }

    private TestSite text(String target, String text) {
        return site.html(target, "<main><p>" + text + "</p></main>");
    }

    private static String link(String target) {
        return "<a href='" + target + "'>" + target + "</a> ";
    }

    @Test
    void anotherParserIsAnotherFingerprint() {
        try (WebConnector text = pages().build();
                WebConnector other =
                        pages().parser(TextParser.create().extensions("adoc")).build()) {
            assertThat(text.fingerprint()).isNotEqualTo(other.fingerprint());
        }
    }

    @Test
    void followsLinksAsFarAsItMay() {
        site.html("/", "<p>Home" + link("/a") + link("b") + link("#top") + link("mailto:x@example.com"));
        site.html("/a", "<p>A" + link("/a/1"));
        site.html("/b", "<p>B" + link("https://elsewhere.example/") + link("/a"));
        site.html("/a/1", "<p>A1" + link("/a/1/2"));
        site.html("/a/1/2", "<p>A12");
        assertThat(targets(all(pages().depth(1)))).containsExactly("/", "/a", "/b");
        assertThat(targets(all(pages().depth(2)))).containsExactly("/", "/a", "/b", "/a/1");
        assertThat(targets(all(pages()))).containsExactly("/", "/a", "/b", "/a/1", "/a/1/2");
        assertThat(targets(all(pages().paths(path -> path.startsWith("/a")))))
                .containsExactly("/", "/a", "/a/1", "/a/1/2");
    }

    @Test
    void readsTheSitemapsThatRobotsNames() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write((URLSET + "<url><loc>" + site.id("/zipped") + "</loc></url></urlset>")
                    .getBytes(StandardCharsets.UTF_8));
        }
        site.robots("Sitemap: " + site.id("/index.xml"));
        site.xml(
                "/index.xml",
                "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><sitemap><loc>"
                        + site.id("/one.xml") + "</loc></sitemap><sitemap><loc>" + site.id("/two.xml.gz")
                        + "</loc></sitemap>"
                        + "<sitemap><loc>" + site.id("/index.xml") + "</loc></sitemap></sitemapindex>");
        site.xml(
                "/one.xml",
                URLSET + "<url><loc>" + site.id("/plain") + "</loc></url><url><loc>http://203.0.113.9/x"
                        + "</loc></url></urlset>");
        site.answer("/two.xml.gz", StubAnswer.of(200, "application/gzip", packed.toByteArray()));
        text("/", "Home").answer("/plain", StubAnswer.text(200, "Plain text."));
        text("/zipped", "Zipped");
        Page page = all(pages().depth(0));
        assertThat(targets(page)).containsExactly("/", "/plain", "/zipped");
        assertThat(page.complete()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><urlset>&e;", "\u001f\u008bno gzip", "{}"
            })
    void brokenSitemapLeavesTheListIncomplete(String sitemap) {
        site.answer(
                "/sitemap.xml", StubAnswer.of(200, "application/xml", sitemap.getBytes(StandardCharsets.ISO_8859_1)));
        text("/", "Home");
        Page page = all(pages());
        assertThat(targets(page)).containsExactly("/");
        assertThat(page.complete()).as("nothing is removed for it").isFalse();
    }

    @Test
    void obeysRobots() {
        site.robots(
                "User-agent: *",
                "Disallow: /private",
                "Allow: /private/open",
                "Disallow: /*.pdf$",
                "",
                "User-agent: example-search",
                "Disallow: /only-for-others");
        site.html(
                "/",
                "<p>Home" + link("/private/x") + link("/private/open") + link("/a.pdf") + link("/only-for-others"));
        text("/private/x", "X");
        text("/private/open", "Open");
        text("/only-for-others", "O");
        assertThat(targets(all(pages()))).containsExactly("/", "/private/open", "/only-for-others");
        assertThat(site.asked()).doesNotContain("/private/x", "/a.pdf");
        assertThat(targets(all(pages().userAgent("example-search/1.0"))))
                .containsExactly("/", "/private/x", "/private/open");
        try (WebConnector connector = pages().build()) {
            assertThatThrownBy(() -> connector.fetch(new Item(site.id("/private/x"), "1")))
                    .isInstanceOf(StoreException.class);
        }
    }

    @Test
    void keepsItsDistance() {
        site.robots("User-agent: *", "Crawl-delay: 4");
        site.html("/", "<p>Home" + link("/a"));
        text("/a", "A");
        all(pages().findSitemaps(false).delay(Duration.ofSeconds(2)));
        assertThat(time.sleeps()).containsExactly(Duration.ofSeconds(2), Duration.ofSeconds(4));
        all(pages().findSitemaps(false).delay(Duration.ofSeconds(7)));
        assertThat(time.sleeps().subList(2, 4)).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(7));
    }

    @Test
    void serverThatDoesNotSayWhatIsAllowedIsNotRead() {
        text("/", "Home").answer("/robots.txt", StubAnswer.text(503, ""));
        assertThatThrownBy(() -> all(pages()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("robots.txt");
        assertThat(site.asked()).doesNotContain("/");
    }

    @Test
    void hostThatIsDownIsAskedOnce() {
        try (TestSite other = new TestSite()) {
            other.answer("/robots.txt", StubAnswer.text(500, ""));
            site.html("/", "<p>Home" + link(other.id("/a")) + link(other.id("/b")) + link("/c"));
            text("/c", "C");
            Page page = all(pages().hosts("127.0.0.1:" + other.server().port()));
            assertThat(targets(page)).containsExactly("/", "/c");
            assertThat(page.skipped()).hasSize(2);
            assertThat(page.complete()).isFalse();
            assertThat(other.asked()).containsExactly("/robots.txt");
        }
    }

    @Test
    void asksOnlyForWhatHasChanged() {
        site.html("/", "<p>Home" + link("/a") + link("/b"));
        text("/a", "A");
        text("/b", "B");
        Page first = all(pages());
        text("/b", "Another B");
        int before = site.asked().size();
        Page second = all(pages().build(), first.since());
        assertThat(targets(second)).containsExactly("/b");
        assertThat(second.complete()).isFalse();
        assertThat(site.asked().subList(before, site.asked().size()))
                .containsExactly("/robots.txt", "/sitemap.xml", "/", "/a", "/b");
        assertThat(site.server().requests().get(before + 3).header("if-none-match"))
                .isPresent();
    }

    @Test
    void asksForNothingThatTheSitemapSaysIsOld() {
        site.xml(
                "/sitemap.xml",
                URLSET + "<url><loc>" + site.id("/a") + "</loc><lastmod>2025-12-29</lastmod></url></urlset>");
        text("/", "Home");
        text("/a", "A");
        Page first = all(pages());
        int before = site.asked().size();
        assertThat(targets(all(pages().build(), first.since()))).isEmpty();
        assertThat(site.asked().subList(before, site.asked().size())).doesNotContain("/a");
    }

    @Test
    void asksAgainForWhatChangedOnTheDayItWasRead() {
        site.xml(
                "/sitemap.xml",
                URLSET + "<url><loc>" + site.id("/a") + "</loc><lastmod>2026-01-01</lastmod></url></urlset>");
        text("/", "Home");
        text("/a", "A");
        Page first = all(pages());
        text("/a", "A, in the afternoon");
        assertThat(targets(all(pages().build(), first.since()))).containsExactly("/a");
    }

    @Test
    void sameWordsAreTheSameVersion() {
        text("/", "Home");
        Page first = all(pages());
        site.html("/", "<script>var token = 'another';</script><main><p>Home</p></main>");
        assertThat(all(pages()).items()).isEqualTo(first.items());
    }

    @Test
    void onlyWhatTheServerSaysIsGoneIsRemoved() {
        site.html("/", "<p>Home" + link("/gone") + link("/broken") + link("/slow") + link("/hidden") + link("/moved"));
        for (String name : List.of("/gone", "/broken", "/slow", "/hidden", "/moved")) {
            text(name, "Text of " + name);
        }
        Page first = all(pages());
        assertThat(targets(first)).hasSize(6);

        site.answer("/gone", StubAnswer.text(410, ""));
        site.answer("/broken", StubAnswer.text(500, ""));
        site.answer("/slow", StubAnswer.hangUp());
        site.html("/hidden", "<meta name='robots' content='noindex'><p>Hidden");
        site.answer("/moved", StubAnswer.text(301, "").header("Location", "/there"));
        text("/there", "Text of /moved");
        Page second = all(pages().build(), first.since());
        assertThat(second.removed()).containsExactly(site.id("/gone"), site.id("/hidden"), site.id("/moved"));
        assertThat(second.skipped())
                .extracting(Connector.Skipped::id)
                .containsExactly(site.id("/broken"), site.id("/slow"));
        assertThat(targets(second)).containsExactly("/there");

        text("/broken", "Text of /broken");
        text("/slow", "Another text");
        Page third = all(pages().build(), second.since());
        assertThat(targets(third)).as("asked for again").containsExactly("/slow");
        assertThat(third.removed()).isEmpty();
    }

    @Test
    void listWithWhatCannotBeReadIsIncomplete() {
        site.html("/", "<p>Home" + link("/broken"));
        site.answer("/broken", StubAnswer.text(503, ""));
        Page page = all(pages());
        assertThat(page.complete()).as("who knows where it leads").isFalse();
        assertThat(page.skipped())
                .singleElement()
                .satisfies(skipped -> assertThat(skipped.reason()).contains("503"));
    }

    @Test
    void siteWithoutItsFirstPageIsAnError() {
        site.answer("/", StubAnswer.text(500, ""));
        assertThatThrownBy(() -> all(pages()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("500");
        site.remove("/");
        assertThatThrownBy(() -> all(pages()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("no page to read");
    }

    @Test
    void firstPageThatIsElsewhereIsAnError() {
        site.answer("/", StubAnswer.text(301, "").header("Location", "https://www.example.com/"));
        assertThatThrownBy(() -> all(pages()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("www.example.com");
        site.answer("/", StubAnswer.text(301, "").header("Location", "/home"));
        text("/home", "Home");
        assertThat(targets(all(pages()))).containsExactly("/home");
    }

    @Test
    void pageIsListedUnderTheNameItWants() {
        site.html("/", "<p>Home" + link("/a?ref=1") + link("/a?ref=2") + link("/x") + link("/y"));
        for (String target : List.of("/a?ref=1", "/a?ref=2", "/a")) {
            site.html(target, "<link rel='canonical' href='/a'><p>A");
        }
        site.html("/x", "<link rel='canonical' href='/y'><p>X");
        site.html("/y", "<link rel='canonical' href='/x'><p>Y");
        assertThat(targets(all(pages()))).contains("/", "/a").hasSize(3).containsAnyOf("/x", "/y");
    }

    @Test
    void obeysWhatPagesAskFor() {
        site.html(
                "/",
                "<p>Home" + link("/meta") + link("/header") + link("/named") + "<a rel='nofollow' href='/no'>no</a>");
        site.html("/meta", "<meta name='ROBOTS' content='NoIndex, NoFollow'><p>M" + link("/never"));
        site.answer(
                "/header",
                StubAnswer.of(200, "text/html", "<p>H".getBytes(StandardCharsets.UTF_8))
                        .header("X-Robots-Tag", "none"));
        site.answer(
                "/named",
                StubAnswer.of(200, "text/html", "<p>N".getBytes(StandardCharsets.UTF_8))
                        .header("X-Robots-Tag", "otherbot: noindex"));
        text("/no", "No");
        text("/never", "Never");
        assertThat(targets(all(pages()))).containsExactly("/", "/named");
    }

    @ParameterizedTest
    @CsvSource({
        "'noindex, max-snippet:-1', false",
        "'noindex, unavailable_after: 25 Jun 2010 15:00:00 PST', false",
        "'max-snippet: -1, noindex', false",
        "'Unavailable_After: 25 Jun 2010 15:00:00 PST, noindex', false",
        "'plinth: noindex', false",
        "'otherbot: noindex, nofollow', true",
        "'max-snippet:-1', true"
    })
    void obeysWhatTheHeaderAsksFor(String header, boolean listed) {
        site.html("/", "<p>Home" + link("/a"));
        site.answer(
                "/a",
                StubAnswer.of(200, "text/html", "<p>A".getBytes(StandardCharsets.UTF_8))
                        .header("X-Robots-Tag", header));
        assertThat(targets(all(pages())).contains("/a")).isEqualTo(listed);
    }

    @Test
    void obeysAllThatPagesAskFor() {
        site.html("/", "<p>Home" + link("/a"));
        site.html(
                "/a",
                "<meta name='robots' content='max-snippet:-1'><meta name='robots' content='noindex'><p>A" + link("/b"));
        text("/b", "B");
        assertThat(targets(all(pages()))).containsExactly("/", "/b");
    }

    @Test
    void redirectsNeverLeaveTheSource() {
        try (TestSite other = new TestSite()) {
            other.html("/", "<p>Other");
            site.html("/", "<p>Home" + link("/out") + link("/file") + link("/loop") + link("/away"));
            site.answer("/out", StubAnswer.text(302, "").header("Location", other.id("/")));
            site.answer("/file", StubAnswer.text(302, "").header("Location", "file:///etc/passwd"));
            site.answer("/loop", StubAnswer.text(302, "").header("Location", "/loop2"));
            site.answer("/loop2", StubAnswer.text(302, "").header("Location", "/loop"));
            site.answer("/away", StubAnswer.text(302, ""));
            Page page = all(pages());
            assertThat(targets(page)).containsExactly("/");
            assertThat(page.complete()).isTrue();
            assertThat(other.asked()).isEmpty();
            assertThat(all(pages().hosts("127.0.0.1:" + other.server().port())).items())
                    .hasSize(2);
        }
    }

    @Test
    void publicHostDoesNotLeadToPrivateAddresses() {
        WebConnector.Builder builder = WebConnector.of(URI.create("http://203.0.113.7/"))
                .hosts("127.0.0.1:" + site.server().port())
                .sitemaps(site.url("/sitemap.xml"))
                .findSitemaps(false)
                .timeout(Duration.ofMillis(50));
        text("/", "Secret");
        try (WebConnector connector = builder.build()) {
            assertThatThrownBy(() -> connector.list(null)).isInstanceOf(StoreException.class);
            assertThatThrownBy(() -> connector.fetch(new Item(site.id("/"), "1")))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("private address");
        }
        assertThat(site.asked()).isEmpty();
    }

    @Test
    void trapsAreLeftAlone() {
        StringBuilder links = new StringBuilder("<p>Home");
        for (int i = 0; i < 150; i++) {
            links.append(link("/calendar?day=" + i));
            site.html("/calendar?day=" + i, "<p>Day " + i);
        }
        site.html("/", links + link("/a/b/a/b/a/b") + link("/a;jsessionid=17") + link("/a?PHPSESSID=4&utm_source=x"));
        text("/a", "A");
        text("/a/b/a/b/a/b", "Round");
        List<String> listed = targets(all(pages()));
        assertThat(listed).filteredOn(target -> target.startsWith("/calendar")).hasSize(100);
        assertThat(listed).contains("/a").doesNotContain("/a/b/a/b/a/b");
        assertThat(site.asked())
                .noneMatch(target -> target.toLowerCase(java.util.Locale.ROOT).contains("sess"));
    }

    @Test
    void tooManyPagesLeaveTheListIncomplete() {
        site.html("/", "<p>Home" + link("/a") + link("/b") + link("/c"));
        List.of("/a", "/b", "/c").forEach(target -> text(target, target));
        Page page = all(pages().maxPages(3));
        assertThat(targets(page)).containsExactly("/", "/a", "/b");
        assertThat(page.complete()).isFalse();
    }

    @Test
    void tooLargePagesAreNamed() {
        site.html("/", "<p>Home" + link("/large") + link("/picture"));
        text("/large", "x".repeat(5000));
        site.answer("/picture", StubAnswer.of(200, "image/png", new byte[10]));
        Page page = all(pages().maxBytes(2000));
        assertThat(page.skipped())
                .extracting(Connector.Skipped::reason)
                .satisfiesExactly(
                        large -> assertThat(large).contains("more than 2000 bytes"),
                        picture -> assertThat(picture).contains("image/png"));
    }

    @Test
    void anotherConnectorGoesOnInTheMiddle() {
        site.html("/", "<p>Home" + link("/a") + link("/b") + link("/c"));
        List.of("/a", "/b", "/c").forEach(target -> text(target, target));
        Page first = pages().pageSize(2).build().list(null);
        int before = site.asked().size();
        Page second = pages().pageSize(2).build().list(first.next());
        assertThat(targets(first)).containsExactly("/", "/a");
        assertThat(targets(second)).containsExactly("/b", "/c");
        assertThat(site.asked().subList(before, site.asked().size())).containsExactly("/robots.txt", "/b", "/c");
    }

    @Test
    void documentHasWhatThePageSays() {
        byte[] page =
                ("<html lang=de><head><title> Gr\u00fc\u00dfe </title></head><body><nav>Menu</nav><main><h1>Hallo</h1>"
                                + "<p>Gr\u00fc\u00dfe aus M\u00fcnchen.</p><h2>Preise</h2><table><tr><th>Was<th>Wert<tr><td>Brot<td>3</table></main></body></html>")
                        .getBytes(StandardCharsets.ISO_8859_1);
        site.answer(
                "/",
                StubAnswer.of(200, "text/html; charset=ISO-8859-1", page)
                        .header("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT"));
        try (WebConnector connector = pages().build()) {
            Document document = connector.fetch(connector.list(null).items().get(0));
            assertThat(document.title()).isEqualTo("Gr\u00fc\u00dfe");
            assertThat(document.text())
                    .isEqualTo(
                            "# Hallo\n\nGr\u00fc\u00dfe aus M\u00fcnchen.\n\n## Preise\n\n| Was | Wert |\n| --- | --- |\n| Brot | 3 |");
            assertThat(document.source()).isEqualTo(site.id("/"));
            assertThat(document.metadata().text("lang")).contains("de");
            assertThat(document.metadata().get(Document.MODIFIED))
                    .contains(Value.of(Instant.parse("2026-01-01T00:00:00Z").toEpochMilli()));
            assertThat(StructureSplitter.create().maxSize(40).split(document))
                    .extracting(chunk -> chunk.headings().get(chunk.headings().size() - 1))
                    .contains("Hallo", "Preise");
        }
    }

    @Test
    void refusesWhatIsNoSite() {
        for (String start : List.of("ftp://example.com/", "https://user:secret@example.com/", "/path")) {
            assertThatThrownBy(() -> WebConnector.of(URI.create(start))).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(WebConnector::of).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> pages().userAgent("7")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> pages().depth(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
