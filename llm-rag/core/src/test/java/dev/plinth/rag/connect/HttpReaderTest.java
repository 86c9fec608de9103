package dev.plinth.rag.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.api.testkit.TestTime;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpReaderTest {
    private final StubServer server = StubServer.start();
    private final TestTime time = TestTime.autoAdvancing();
    private final HttpReader reader = reader(HttpReader.Limits.DEFAULT);

    private HttpReader reader(HttpReader.Limits limits) {
        return new HttpReader("a wiki", List.of("127.0.0.1"), limits, time);
    }

    private HttpRequest get(String path) {
        return HttpRequest.newBuilder(server.url(path)).build();
    }

    @AfterEach
    void close() {
        reader.close();
        server.close();
    }

    @Test
    void handsOverWhateverIsAnswered() {
        server.enqueue(StubAnswer.text(404, "gone").header("etag", "\"1\""));
        HttpReader.Answer answer = reader.send(get("/"));
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.isOk()).isFalse();
        assertThat(answer.body()).asString().isEqualTo("gone");
        assertThat(answer.header("ETag")).contains("\"1\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "7.0", "Thu, 01 Jan 2026 00:00:07 GMT", "2026-01-01T00:00:07Z", "1767225607"})
    void waitsAsLongAsItIsAskedTo(String retryAfter) {
        server.enqueue(StubAnswer.text(429, "").header("Retry-After", retryAfter), StubAnswer.text(200, "ok"));
        assertThat(reader.send(get("/")).status()).isEqualTo(200);
        assertThat(time.sleeps()).containsExactly(Duration.ofSeconds(7));
    }

    @Test
    void waitsUntilALimitIsFullAgain() {
        server.enqueue(
                StubAnswer.text(429, "").header("X-RateLimit-Reset", "2026-01-01T00:01Z"),
                StubAnswer.text(503, "").header("Retry-After", "3"),
                StubAnswer.text(200, "ok"));
        assertThat(reader.send(get("/")).status()).isEqualTo(200);
        assertThat(time.sleeps()).containsExactly(Duration.ofSeconds(60), Duration.ofSeconds(3));
    }

    @Test
    void waitsLongerAndLongerWhenNobodySaysHowLong() {
        StubAnswer busy = StubAnswer.text(429, "");
        server.enqueue(busy, busy, busy.header("Retry-After", "soon"), StubAnswer.text(200, "ok"));
        assertThat(reader.send(get("/")).status()).isEqualTo(200);
        assertThat(time.sleeps()).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));
    }

    @Test
    void losesPatience() {
        server.otherwise(request -> StubAnswer.text(429, "").header("Retry-After", "0"));
        assertThatThrownBy(() -> reader.send(get("/?secret=s3cret")))
                .isInstanceOfSatisfying(
                        RateLimitedException.class,
                        limited -> assertThat(limited.details().httpStatus()).hasValue(429))
                .hasMessageContaining("PT5M")
                .hasMessageNotContaining("s3cret");
        assertThat(server.requests()).hasSizeBetween(100, 400);

        server.otherwise(request -> StubAnswer.text(503, "").header("Retry-After", "3600"));
        assertThat(reader.send(get("/")).status()).isEqualTo(503);
    }

    @Test
    void refusesWhatIsTooLarge() {
        try (HttpReader small = reader(HttpReader.Limits.DEFAULT.withMaxBytes(10))) {
            server.enqueue(
                    StubAnswer.text(200, "0123456789"),
                    StubAnswer.text(200, "0123456789A"),
                    StubAnswer.streaming("text/plain")
                            .chunk("01234567")
                            .chunk("89A")
                            .stall());
            assertThat(small.send(get("/")).body()).hasSize(10);
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> small.send(get("/large?x=y")))
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining("/large has more than 10 bytes (expected: at most that)");
            }
        }
    }

    @Test
    void doesNotWaitForEver() {
        try (HttpReader hasty = reader(HttpReader.Limits.DEFAULT.withTimeout(Duration.ofMillis(50)))) {
            server.enqueue(
                    StubAnswer.silence(),
                    StubAnswer.streaming("text/plain").chunk("begun").stall());
            assertThatThrownBy(() -> hasty.send(get("/")))
                    .isInstanceOf(StoreException.class)
                    .message()
                    .containsAnyOf("did not answer within PT0.05S", "cannot be reached"); // on a busy machine
            assertThatThrownBy(() -> hasty.send(get("/"))).isInstanceOf(StoreException.class);
        }
    }

    @Test
    void brokenConnectionIsAnError() {
        for (StubAnswer broken :
                List.of(StubAnswer.hangUp(), StubAnswer.text(200, "cut").truncate())) {
            server.otherwise(request -> broken);
            assertThatThrownBy(() -> reader.send(get("/")))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("cannot be reached");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.1.2.3",
                "192.168.0.1",
                "172.16.9.9",
                "169.254.169.254",
                "100.64.0.1",
                "0.0.0.0",
                "[::1]",
                "[fd00::1]",
                "[fe80::1]",
                "[::ffff:127.0.0.1]",
                "[64:ff9b::a00:1]",
                "localhost"
            })
    void keepsOutOfPrivateNetworks(String host) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + host + ":" + server.port() + "/"))
                .build();
        try (HttpReader outside = new HttpReader("a site", List.of("203.0.113.7"), HttpReader.Limits.DEFAULT, time)) {
            assertThatThrownBy(() -> outside.send(request))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("private address");
        }
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void redirectIsAnAnswer() {
        server.enqueue(StubAnswer.text(302, "").header("Location", "/there"));
        assertThat(reader.send(get("/")).header("location")).contains("/there");
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void closesTwice() {
        reader.close();
        reader.close();
    }
}
