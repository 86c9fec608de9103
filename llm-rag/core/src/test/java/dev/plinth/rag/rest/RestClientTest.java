package dev.plinth.rag.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Scope;
import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.api.time.Deadline;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls reach a server, or say why not. */
class RestClientTest {
    private static final byte[] BODY = "{\"a\":\"é\"}".getBytes(StandardCharsets.UTF_8);

    private final StubServer server = StubServer.start();
    private final StubServer other = StubServer.start();

    @AfterEach
    void close() {
        server.close();
        other.close();
    }

    @Test
    void sendsJsonWithCredentialsThatAreAskedForEveryTime() {
        Queue<String> passwords = new ArrayDeque<>(List.of("one:é", "two"));
        RestClient client = RestClient.builder(server.url("/solr/"))
                .basic("ann", passwords::remove)
                .header("x-tenant", () -> "acme")
                .build();
        server.enqueue(StubAnswer.json("{}"), StubAnswer.json(404, "{\"b\":1}"));
        assertThat(client.send("POST", "/docs/select?a=b", BODY).isSuccess()).isTrue();
        RestAnswer answer = client.send("GET", "/docs", null);
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.isSuccess()).isFalse();
        assertThat(answer.body()).asString().isEqualTo("{\"b\":1}");
        assertThat(server.requests().get(0).target()).isEqualTo("/solr/docs/select?a=b");
        assertThat(server.requests().get(0).text()).isEqualTo("{\"a\":\"é\"}");
        assertThat(server.requests().get(0).header("content-type")).contains("application/json");
        assertThat(server.requests().get(0).header("authorization")).contains("Basic YW5uOm9uZTrDqQ==");
        assertThat(server.requests().get(1).header("authorization")).contains("Basic YW5uOnR3bw==");
        assertThat(server.requests().get(1).header("x-tenant")).contains("acme");
        assertThat(client.toString()).doesNotContain("ann").contains("/solr");
    }

    @Test
    void refusedCredentialsAreAnErrorOfTheirOwnWithoutThem() {
        RestClient client =
                RestClient.builder(server.url("/")).bearer(() -> "secret").build();
        for (int status : List.of(401, 403)) {
            server.enqueue(StubAnswer.json(status, "{}"));
            assertThat(client.send("GET", "/docs?q=secret", null).error("no"))
                    .isInstanceOf(AuthenticationException.class)
                    .hasMessageContaining("GET")
                    .hasMessageNotContaining("secret");
        }
        server.enqueue(StubAnswer.json(503, "{}"));
        assertThat(client.send("GET", "/docs", null).error("x".repeat(1_000)))
                .isInstanceOf(StoreException.class)
                .satisfies(error -> {
                    assertThat(error.getMessage()).hasSizeLessThan(700);
                    assertThat(error.details().httpStatus()).hasValue(503);
                    assertThat(error.details().retryable()).contains(true);
                });
    }

    @Test
    void theLineEndOfASecretFileIsDropped() {
        server.otherwise(request -> StubAnswer.json("{}"));
        RestClient.Builder builder = RestClient.builder(server.url("/"));
        builder.bearer(() -> "token\n").header("x-key", () -> "key\r\n").build().send("GET", "/docs", null);
        builder.basic("ann", () -> "one\n").build().send("GET", "/docs", null);
        assertThat(server.requests().get(0).header("authorization")).contains("Bearer token");
        assertThat(server.requests().get(0).header("x-key")).contains("key");
        assertThat(server.requests().get(1).header("authorization")).contains("Basic YW5uOm9uZQ==");
    }

    @Test
    void aSecretThatNoHeaderTakesIsRefusedWithoutShowingIt() {
        for (String bad : List.of("", " \n", "sk-\u00e9secret", "sk-secret\nx-admin: true")) {
            for (RestClient client : List.of(
                    RestClient.builder(server.url("/")).bearer(() -> bad).build(),
                    RestClient.builder(server.url("/"))
                            .header("x-key", () -> bad)
                            .build())) {
                assertThatExceptionOfType(AuthenticationException.class)
                        .isThrownBy(() -> client.send("GET", "/docs", null))
                        .withNoCause()
                        .withMessageNotContaining("sk-");
            }
        }
        assertThatExceptionOfType(AuthenticationException.class)
                .isThrownBy(() -> RestClient.builder(server.url("/"))
                        .basic("ann", () -> "one\u0000two")
                        .build()
                        .send("GET", "/docs", null))
                .withMessageNotContaining("one");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void anotherAddressIsTriedWhenAConnectionFails() {
        URI gone = server.url("/");
        server.close();
        other.otherwise(request -> StubAnswer.json("{}"));
        RestClient client = RestClient.builder(gone, other.url("/")).build();
        assertThat(client.send("POST", "/a", BODY).isSuccess()).isTrue();
        assertThat(client.send("POST", "/b", BODY).isSuccess()).isTrue();
        assertThat(other.requests())
                .hasSize(2)
                .allMatch(request -> request.text().equals("{\"a\":\"é\"}"));
    }

    @Test
    void aConnectionThatBreaksIsTriedOnceMore() {
        server.enqueue(StubAnswer.hangUp(), StubAnswer.json("{}"));
        assertThat(RestClient.at(server.url("/")).send("POST", "/a", BODY).isSuccess())
                .isTrue();
        server.verify();
    }

    @Test
    void noServerIsAnErrorThatNamesThem() {
        URI gone = server.url("/solr");
        server.close();
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> RestClient.at(gone).send("GET", "/a", null))
                .withMessageContaining(gone.toString())
                .satisfies(error -> assertThat(error.details().retryable()).contains(true));
    }

    @Test
    void aCallThatTakesTooLongIsAnErrorAndNotMadeAgain() {
        server.enqueue(StubAnswer.silence());
        RestClient client = RestClient.builder(server.url("/"))
                .timeout(Duration.ofSeconds(1))
                .build();
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> client.send("GET", "/a", null))
                .withMessageContaining("in time");
        server.close(); // its threads are at their ends
        assertThat(server.requests()).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void anAnswerThatDoesNotEndIsAnErrorAndItsConnectionClosed() throws Exception {
        server.enqueue(StubAnswer.streaming("application/json").chunk("{").stall());
        RestClient client = RestClient.builder(server.url("/"))
                .timeout(Duration.ofMillis(200))
                .build();
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> client.send("GET", "/a", null))
                .withMessageContaining("in time");
        server.awaitOpenConnections(0);
        server.close();
        assertThat(server.requests()).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void theDeadlineOfTheContextIsObeyed() {
        TestTime time = TestTime.manual();
        Deadline deadline = Deadline.after(Duration.ofSeconds(1), time);
        time.advance(Duration.ofSeconds(2));
        try (Scope scope = CallContext.current().until(deadline).makeCurrent()) {
            assertThatExceptionOfType(TimedOutException.class)
                    .isThrownBy(() -> RestClient.at(server.url("/")).send("GET", "/a", null));
        }
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void anInterruptEndsACall() {
        server.enqueue(StubAnswer.silence());
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(CancelledException.class)
                .isThrownBy(() -> RestClient.at(server.url("/")).send("GET", "/a", null));
        assertThat(Thread.interrupted()).as("flag stays set").isTrue();
    }

    @Test
    void anInterruptEndsAnAnswerThatDoesNotEnd() throws Exception {
        Thread caller = Thread.currentThread();
        server.otherwise(request -> {
            caller.interrupt();
            return StubAnswer.streaming("application/json").chunk("{").stall();
        });
        assertThatExceptionOfType(CancelledException.class)
                .isThrownBy(() -> RestClient.at(server.url("/")).send("GET", "/a", null));
        assertThat(Thread.interrupted()).as("flag stays set").isTrue();
        server.awaitOpenConnections(0);
    }

    @Test
    void addressesWithMoreThanAPlaceAreRefusedWithoutRepeatingIt() {
        for (String bad : List.of("http://ann:secret@host/", "http://host/?key=secret", "ftp://host", "/secret")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RestClient.at(URI.create(bad)))
                    .withMessageNotContaining("secret");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RestClient.builder().build());
    }
}
