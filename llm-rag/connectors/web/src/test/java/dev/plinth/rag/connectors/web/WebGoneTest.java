package dev.plinth.rag.connectors.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Connector.Item;
import dev.plinth.api.retrieval.Connector.Page;
import dev.plinth.api.retrieval.Connector.Skipped;
import dev.plinth.api.testkit.StubAnswer;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is taken for gone, and what only seems to be. */
class WebGoneTest {
    private final TestSite site = new TestSite();

    @AfterEach
    void close() {
        site.close();
    }

    private WebConnector.Builder pages() {
        return WebConnector.of(site.url("/")).delay(Duration.ZERO);
    }

    private static Page list(WebConnector.Builder builder, String cursor) {
        try (WebConnector connector = builder.build()) {
            return connector.list(cursor);
        }
    }

    private Page list(String cursor) {
        return list(pages(), cursor);
    }

    private void home(String... targets) {
        StringBuilder links = new StringBuilder("<p>Home");
        for (String target : targets) {
            links.append(" <a href='")
                    .append(target)
                    .append("'>")
                    .append(target)
                    .append("</a>");
        }
        site.html("/", links.toString());
    }

    private List<String> targets(Page page) {
        return page.items().stream()
                .map(Item::id)
                .map(id -> id.substring(site.id("/").length() - 1))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 302, 303, 307})
    void pageThatIsElsewhereForAWhileIsKept(int status) {
        home("/a");
        site.html("/a", "<p>A");
        site.html("/sorry", "<meta name='robots' content='noindex'><p>Back soon");
        Page first = list(null);
        assertThat(targets(first)).containsExactly("/", "/a");

        site.answer("/a", StubAnswer.text(status, "").header("Location", "/sorry"));
        Page second = list(first.since());
        assertThat(second.removed()).isEmpty();
        assertThat(second.skipped()).extracting(Skipped::id).containsExactly(site.id("/a"));

        site.html("/a", "<p>A");
        Page third = list(second.since());
        assertThat(third.items()).as("as it was").isEmpty();
        assertThat(third.removed()).isEmpty();
    }

    @Test
    void startThatIsGoneIsAnError() {
        home("/a");
        site.html("/a", "<p>A");
        String since = list(null).since();
        List<Consumer<TestSite>> accidents = List.of(
                broken -> broken.remove("/"),
                broken -> broken.html("/", "<meta name='robots' content='noindex'><p>Home"),
                broken -> broken.robots("User-agent: *", "Disallow: /"));
        for (Consumer<TestSite> accident : accidents) {
            home("/a");
            accident.accept(site);
            assertThatThrownBy(() -> list(since))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("expected: a start that can be read");
        }
    }

    @Test
    void pageThatWasMissingForOneListIsFoundAgain() {
        home("/a");
        site.html("/a", "<p>A");
        Page first = list(null);
        site.remove("/a");
        Page second = list(first.since());
        assertThat(second.removed()).containsExactly(site.id("/a"));
        site.html("/a", "<p>A");
        assertThat(targets(list(second.since())))
                .as("though its links are not sent again")
                .containsExactly("/a");
    }

    @Test
    void startThatMovedForGoodIsRemoved() {
        home("/a");
        site.html("/a", "<p>A");
        Page first = list(null);
        site.answer("/", StubAnswer.text(301, "").header("Location", "/home"));
        site.html("/home", "<p>Home");
        Page second = list(first.since());
        assertThat(second.removed()).containsExactly(site.id("/"));
        assertThat(targets(second)).containsExactly("/home");
    }

    @Test
    void pageWithAWrongCanonicalIsKept() {
        home("/back/", "/none", "/hidden", "/right", "/x", "/y");
        site.html("/back/", "<link rel='canonical' href='/back'><p>Back");
        site.answer("/back", StubAnswer.text(301, "").header("Location", "/back/"));
        site.html("/none", "<link rel='canonical' href='/nowhere'><p>None");
        site.html("/hidden", "<link rel='canonical' href='/noindex'><p>Hidden");
        site.html("/noindex", "<meta name='robots' content='noindex'><p>Not to be found");
        site.html("/right", "<link rel='canonical' href='/other'><p>Right");
        site.html("/other", "<p>Other");
        site.html("/x", "<link rel='canonical' href='/y'><p>X");
        site.html("/y", "<link rel='canonical' href='/x'><p>Y");
        Page first = list(null);
        assertThat(targets(first)).containsExactly("/", "/back/", "/none", "/hidden", "/other", "/y");
        assertThat(first.complete()).isTrue();
        assertThat(site.asked()).doesNotHaveDuplicates();

        Page second = list(first.since());
        assertThat(second.items()).isEmpty();
        assertThat(second.removed()).isEmpty();
    }

    @Test
    void whatIsNotReadAnywayLeavesTheListComplete() {
        home("/a", "/picture.png", "/login", "/forbidden");
        site.html("/a", "<p>A");
        site.answer("/picture.png", StubAnswer.of(200, "image/png", new byte[10]));
        site.answer("/login", StubAnswer.text(401, ""));
        site.answer("/forbidden", StubAnswer.text(403, ""));
        Page first = list(null);
        assertThat(targets(first)).containsExactly("/", "/a");
        assertThat(first.complete()).isTrue();
        assertThat(first.skipped()).extracting(Skipped::id).containsExactly(site.id("/picture.png"));
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void pageThatMayNoLongerBeReadIsRemoved(int status) {
        home("/a");
        site.html("/a", "<p>A");
        Page first = list(null);

        site.answer("/a", StubAnswer.text(status, ""));
        Page second = list(first.since());
        assertThat(second.removed()).containsExactly(site.id("/a"));
        assertThat(second.skipped()).as("or it would be kept").isEmpty();
        Page all = list(null);
        assertThat(all.removed())
                .as("to a list of everything all pages are new")
                .containsExactly(site.id("/a"));
        assertThat(all.skipped()).isEmpty();

        site.html("/a", "<p>A");
        assertThat(targets(list(second.since()))).as("may be read again").containsExactly("/a");

        site.answer("/", StubAnswer.text(status, ""));
        assertThatThrownBy(() -> list(null))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(Integer.toString(status));
    }

    @Test
    void queriesWithoutEndAreNamedAndLeaveTheListIncomplete() {
        home("/day?d=1", "/day?d=2", "/day?d=3", "/day?d=4", "/day");
        for (String target : List.of("/day?d=1", "/day?d=2", "/day?d=3", "/day?d=4", "/day")) {
            site.html(target, "<p>Day of " + target);
        }
        Page some = list(pages().maxQueries(2), null);
        assertThat(targets(some)).containsExactly("/", "/day?d=1", "/day?d=2", "/day");
        assertThat(some.complete()).isFalse();
        assertThat(some.skipped()).extracting(Skipped::id).containsExactly(site.id("/day?"));

        Page all = list(pages().maxQueries(4), null);
        assertThat(all.items()).hasSize(6);
        assertThat(all.complete()).isTrue();
        assertThat(all.skipped()).isEmpty();
    }

    @Test
    void whatASitemapListsHasAsManyQueriesAsItWants() {
        home();
        StringBuilder sitemap = new StringBuilder("<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>");
        for (int i = 0; i < 4; i++) {
            site.html("/day?d=" + i, "<p>Day " + i);
            sitemap.append("<url><loc>").append(site.id("/day?d=" + i)).append("</loc></url>");
        }
        site.xml("/sitemap.xml", sitemap.append("</urlset>").toString());
        Page page = list(pages().maxQueries(2), null);
        assertThat(page.items()).hasSize(5);
        assertThat(page.complete()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 20, 40})
    void sitemapThatBreaksOffLeavesTheListIncomplete(int missing) {
        site.html("/", "<p>Home").html("/a", "<p>A").html("/b", "<p>B");
        String whole = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>" + site.id("/a")
                + "</loc></url><url><loc>" + site.id("/b") + "</loc></url></urlset>";
        site.xml("/sitemap.xml", whole);
        Page all = list(null);
        assertThat(all.items()).hasSize(3);
        assertThat(all.complete()).isTrue();
        assertThat(all.skipped()).isEmpty();

        site.xml("/sitemap.xml", whole.substring(0, whole.length() - missing));
        Page some = list(null);
        assertThat(targets(some)).contains("/", "/a");
        assertThat(some.complete()).isFalse();
        assertThat(some.skipped()).extracting(Skipped::id).containsExactly(site.id("/sitemap.xml"));
    }

    @Test
    void sitemapsThatAreNotReadAreNamed() {
        home();
        site.robots("Sitemap: https://www.example.com/sitemap.xml", "Sitemap: " + site.id("/broken.xml"));
        site.answer("/broken.xml", StubAnswer.text(500, ""));
        Page page = list(null);
        assertThat(page.skipped())
                .extracting(Skipped::id)
                .containsExactly("https://www.example.com/sitemap.xml", site.id("/broken.xml"));
        assertThat(page.skipped())
                .extracting(Skipped::reason)
                .satisfiesExactly(
                        elsewhere -> assertThat(elsewhere).contains("elsewhere"),
                        broken -> assertThat(broken).contains("500"));
    }

    @Test
    void sitemapOfTooManyPagesLeavesTheListIncomplete() {
        site.html("/", "<p>Home").html("/a", "<p>A").html("/b", "<p>B");
        site.xml(
                "/sitemap.xml",
                "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>" + site.id("/")
                        + "</loc></url><url><loc>" + site.id("/a") + "</loc></url><url><loc>" + site.id("/b")
                        + "</loc></url></urlset>");
        Page page = list(pages().maxPages(2), null);
        assertThat(targets(page)).containsExactly("/", "/a");
        assertThat(page.complete()).isFalse();
    }
}
