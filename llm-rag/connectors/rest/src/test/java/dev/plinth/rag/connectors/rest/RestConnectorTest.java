package dev.plinth.rag.connectors.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Connector.Item;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.rag.connectors.web.HtmlParser;
import dev.plinth.rag.parse.TextParser;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is the same for all products. */
class RestConnectorTest {
    private final StubServer server = StubServer.start();
    private final TestTime time = TestTime.autoAdvancing();

    static Stream<ApiTemplate> products() {
        return Stream.of(
                ApiTemplate.confluence(),
                ApiTemplate.jira(),
                ApiTemplate.notion(),
                ApiTemplate.sharePoint(),
                ApiTemplate.slack());
    }

    @AfterEach
    void close() {
        server.close();
    }

    private RestConnector.Builder of(ApiTemplate template) {
        return RestConnector.of(template, server.url("/base"))
                .bearer(() -> StubApi.SECRET)
                .parser(HtmlParser.ofEverything())
                .time(time);
    }

    @ParameterizedTest
    @MethodSource("products")
    void waitsWhenItIsAskedTo(ApiTemplate template) {
        server.enqueue(
                StubAnswer.json(429, "{}").header("Retry-After", "17"),
                StubAnswer.json(429, "{}").header("Retry-After", "3"));
        server.otherwise(request -> StubAnswer.json("{\"results\":[],\"issues\":[],\"value\":[],\"channels\":[]}"));
        assertThat(of(template).build().list(null).items()).isEmpty();
        assertThat(time.sleeps()).containsExactly(Duration.ofSeconds(17), Duration.ofSeconds(3));
    }

    @ParameterizedTest
    @MethodSource("products")
    void losesPatience(ApiTemplate template) {
        server.otherwise(request -> StubAnswer.json(429, "{}").header("Retry-After", "60"));
        assertThatThrownBy(() ->
                        of(template).patience(Duration.ofSeconds(30)).build().list(null))
                .isInstanceOf(RateLimitedException.class);
        assertThat(time.sleeps()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("products")
    void refusedCredentialsAreAnError(ApiTemplate template) {
        for (int status : new int[] {401, 403}) {
            server.otherwise(request -> StubAnswer.json(status, "{\"message\":\"" + StubApi.SECRET + "\"}"));
            assertThatThrownBy(() -> of(template).build().list(null))
                    .isInstanceOf(AuthenticationException.class)
                    .hasMessageNotContaining(StubApi.SECRET)
                    .hasStackTraceContaining("answers " + status);
        }
    }

    @ParameterizedTest
    @MethodSource("products")
    void brokenAnswersAreErrors(ApiTemplate template) {
        RestConnector connector = of(template).build();
        for (StubAnswer broken : new StubAnswer[] {
            StubAnswer.json("{\"secret words\": "),
            StubAnswer.json("[" + "[".repeat(5000)),
            StubAnswer.json(""),
            StubAnswer.json("17"),
            StubAnswer.of(200, "text/html", "<html>sign in".getBytes(java.nio.charset.StandardCharsets.UTF_8)),
            StubAnswer.json(500, "{}"),
            StubAnswer.json("{\"results\":[").truncate()
        }) {
            server.otherwise(request -> broken);
            assertThatThrownBy(() -> connector.list(null))
                    .isInstanceOf(StoreException.class)
                    .hasMessageNotContaining("secret words");
            assertThatThrownBy(() -> connector.fetch(new Item("a", "1"))).isInstanceOf(StoreException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("products")
    void anAnswerWithoutTheListIsNoEmptyList(ApiTemplate template) {
        for (String answer : new String[] {
            "{}",
            "{\"results\":null,\"issues\":null,\"value\":null,\"channels\":null}",
            "{\"results\":{},\"issues\":{},\"value\":\"\",\"channels\":7}"
        }) {
            server.otherwise(request -> StubAnswer.json(answer));
            assertThatThrownBy(() -> of(template).build().list(null))
                    .isInstanceOf(StoreException.class)
                    .hasMessageMatching("list: answer without (results|issues|value|channels) \\(expected: a list\\)");
        }
    }

    @Test
    void anotherParserIsAnotherFingerprint() {
        try (RestConnector text = of(ApiTemplate.notion()).build();
                RestConnector other = of(ApiTemplate.notion())
                        .parser(TextParser.create().extensions("adoc"))
                        .build()) {
            assertThat(text.fingerprint()).isNotEqualTo(other.fingerprint());
        }
    }

    @Test
    void oneForbiddenDocumentIsNoReasonToStop() {
        server.otherwise(request -> StubAnswer.json(403, "{}"));
        assertThatThrownBy(() -> of(ApiTemplate.notion()).build().fetch(new Item("p", "1")))
                .isInstanceOf(StoreException.class);
    }

    @Test
    void listThatGoesInACircleEnds() {
        server.otherwise(request -> StubAnswer.json("{\"results\":[],\"next_cursor\":\"again\"}"));
        RestConnector connector = of(ApiTemplate.notion()).build();
        String next = connector.list(null).next();
        assertThatThrownBy(() -> connector.list(next))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("the same again");
    }

    /** An item that goes meanwhile would shift another out of sight, which would then be taken for gone. */
    @Test
    void toCountItemsIsNoWayToTheNextPage() {
        String template =
                "{\"about\":\"x\",\"list\":{\"request\":{\"path\":\"/notes\"},\"items\":\"\",\"next\":{\"offset\":true}},"
                        + "\"item\":{\"id\":[\"no\"]},\"fetch\":{\"request\":{\"path\":\"/notes/{$id/0}\"}},\"document\":{\"url\":\"/notes/{no}\",\"text\":{\"values\":[\"note\"],\"type\":\"text/plain\"}}}";
        assertThatThrownBy(() -> ApiTemplate.of("notes", template))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: link, cursor or header");
    }

    @Test
    void htmlNeedsAParser() {
        assertThatThrownBy(() -> RestConnector.of(ApiTemplate.confluence(), server.url("/"))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("parser:")
                .hasMessageContaining("HtmlParser");
    }

    @Test
    void secretIsNeverShown() {
        RestConnector.Builder builder = of(ApiTemplate.notion()).bearer(() -> "line\nbreak-" + StubApi.SECRET);
        assertThatThrownBy(() -> builder.build().list(null))
                .isInstanceOf(AuthenticationException.class)
                .hasMessageNotContaining(StubApi.SECRET);
        assertThat(new Credentials("me", () -> StubApi.SECRET)).hasToString("Credentials[me, ***]");
        assertThat(of(ApiTemplate.notion()).build().toString()).doesNotContain(StubApi.SECRET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://x.example/", "https://me:secret@x.example/", "https://x.example/?a=b", "/path"})
    void refusesWhatIsNoBase(String base) {
        assertThatThrownBy(() -> RestConnector.of(ApiTemplate.notion(), URI.create(base)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret");
    }

    @Test
    void refusesParametersThatTheTemplateDoesNotKnow() {
        assertThatThrownBy(() -> of(ApiTemplate.jira()).parameter("cql", "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("parameter: cql (expected: one of [jql])");
    }

    @Test
    void templateOfOnesOwnIsAFile(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("crm.json");
        Files.writeString(
                file,
                "{\"about\":\"the CRM\",\"list\":{\"request\":{\"path\":\"/notes\"},\"items\":\"\"},\"item\":{\"id\":[\"no\"]},"
                        + "\"fetch\":{\"request\":{\"path\":\"/notes/{$id/0}\"}},\"document\":{\"url\":\"/notes/{no}\",\"text\":{\"values\":[\"note\"],\"type\":\"text/markdown\"}}}");
        ApiTemplate template = ApiTemplate.read(file);
        assertThat(template.name()).isEqualTo("crm");
        server.enqueue(
                StubAnswer.json("[{\"no\":7,\"note\":\"# Seven\"},{\"no\":8,\"note\":\"Eight\"}]"),
                StubAnswer.json("{\"no\":7,\"note\":\"# Seven\"}"));
        RestConnector notes = of(template).build();
        Lists all = Lists.of(notes, null);
        assertThat(all.ids()).containsExactly("7", "8");
        assertThat(all.since()).isNull();
        assertThat(notes.fetch(all.item("7")).text()).isEqualTo("# Seven");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "",
                "{\"about\":\"x\",\"lists\":{}}",
                "{\"about\":\"x\",\"about\":\"y\"}",
                "{\"about\":\"x\"} {}",
                "{\"about\":\"x\",\"list\":{\"request\":{\"path\":\"no-slash\"},\"items\":\"a\"}}",
                "{\"about\":\"x\",\"list\":{\"request\":{\"path\":\"/x\"},\"items\":\"a\",\"next\":{\"link\":\"a\",\"cursor\":\"b\"}}}",
                "{\"about\":\"x\",\"changes\":{\"field\":\"a\",\"overlap\":\"a day\"}}"
            })
    void brokenTemplateIsRefused(String json) {
        assertThatThrownBy(() -> ApiTemplate.of("mine", json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("template: mine")
                .hasMessageContaining("(expected: ");
    }
}
