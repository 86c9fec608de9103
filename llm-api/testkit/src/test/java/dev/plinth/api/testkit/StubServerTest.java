package dev.plinth.api.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StubServerTest {
    private final TestTime time = TestTime.manual();
    private final StubServer server = StubServer.start(time);
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpRequest post(String body) {
        return HttpRequest.newBuilder(server.url("/v1/chat?x=1"))
                .header("X-Key", "k")
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private HttpResponse<String> send(String body) throws Exception {
        return client.send(post(body), BodyHandlers.ofString());
    }

    private InputStream open(String body) throws Exception {
        return client.send(post(body), BodyHandlers.ofInputStream()).body();
    }

    @Test
    void answersInOrderOnOneConnectionAndRemembers() throws Exception {
        server.enqueue(
                StubAnswer.json(429, "{\"error\":1}").header("retry-after", "2"), StubAnswer.json("{\"ö\":true}"));
        HttpResponse<String> first = send("Grüße");
        assertThat(first.statusCode()).isEqualTo(429);
        assertThat(first.headers().firstValue("Retry-After")).contains("2");
        assertThat(send("again").body()).isEqualTo("{\"ö\":true}");
        StubRequest request = server.takeRequest();
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.target()).isEqualTo("/v1/chat?x=1");
        assertThat(request.path()).isEqualTo("/v1/chat");
        assertThat(request.header("x-key")).contains("k");
        assertThat(request.text()).isEqualTo("Grüße");
        assertThat(server.takeRequest().connection()).isEqualTo(1);
        assertThat(server.connections()).isEqualTo(1);
        server.verify();
    }

    @Test
    void readsChunkedBodies() throws Exception {
        server.enqueue(StubAnswer.of(204, "text/plain", new byte[0]));
        InputStream parts =
                new SequenceInputStream(InputStream.nullInputStream(), new ByteArrayInputStream(new byte[] {1, 2, 3}));
        HttpRequest request = HttpRequest.newBuilder(server.url("/"))
                .POST(BodyPublishers.ofInputStream(() -> parts))
                .build();
        assertThat(client.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(204);
        assertThat(server.requests().get(0).body()).containsExactly(1, 2, 3);
        assertThat(server.requests().get(0).header("transfer-encoding")).contains("chunked");
    }

    @Test
    void rulesAndFallback() throws Exception {
        server.when(request -> request.text().contains("rule"), StubAnswer.text(200, "ruled"))
                .otherwise(request -> StubAnswer.text(200, "echo " + request.text()));
        assertThat(send("a rule").body()).isEqualTo("ruled");
        assertThat(send("hello").body()).isEqualTo("echo hello");
    }

    @Test
    void saysWhatNothingAnswers() throws Exception {
        assertThat(send("hello").statusCode()).isEqualTo(500);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(server::verify)
                .withMessageContaining("POST /v1/chat?x=1 (5 bytes, connection 1)");
        try (StubServer other = StubServer.start()) {
            other.enqueue(StubAnswer.json("{}"));
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(other::verify)
                    .withMessage("answers: 1 not used (expected: all used), after 0 requests");
        }
    }

    @Test
    void streamsEvents() throws Exception {
        server.enqueue(StubAnswer.sse("one", "two\nlines", "[DONE]").event("named", "x"));
        HttpResponse<String> response = send("");
        assertThat(response.headers().firstValue("content-type")).contains("text/event-stream");
        assertThat(response.body())
                .isEqualTo("data: one\n\ndata: two\ndata: lines\n\ndata: [DONE]\n\nevent: named\ndata: x\n\n");
    }

    @Test
    void piecesAreChunks() throws Exception {
        server.enqueue(StubAnswer.lines("application/x-ndjson", "äb").inPieces(1));
        String answer = raw();
        assertThat(answer).contains("transfer-encoding: chunked");
        assertThat(answer).endsWith("\r\n\r\n1\r\nÃ\r\n1\r\n¤\r\n1\r\nb\r\n1\r\n\n\r\n0\r\n\r\n");
    }

    private String raw() throws IOException {
        try (Socket socket = new Socket(server.url("/").getHost(), server.port())) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\nhost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            StringBuilder answer = new StringBuilder();
            while (answer.indexOf("\r\n0\r\n\r\n") < 0) {
                answer.append((char) socket.getInputStream().read());
            }
            return answer.toString();
        }
    }

    @Test
    void pausesOnTheClockAndWaitsAtGates() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        server.enqueue(StubAnswer.streaming("text/plain")
                .chunk("a")
                .pause(Duration.ofHours(1))
                .chunk("b")
                .await(gate)
                .chunk("c"));
        InputStream body = open("");
        assertThat(body.read()).isEqualTo('a');
        time.awaitSleepers(1);
        time.advance(Duration.ofHours(1));
        assertThat(body.read()).isEqualTo('b');
        gate.countDown();
        assertThat(body.read()).isEqualTo('c');
        assertThat(body.read()).isEqualTo(-1);
    }

    @Test
    void delaysTheFirstByte() throws Exception {
        server.enqueue(StubAnswer.json("{}").delayed(Duration.ofMinutes(5)));
        var answer = client.sendAsync(post(""), BodyHandlers.ofString());
        time.awaitSleepers(1);
        assertThat(answer.isDone()).isFalse();
        time.advance(Duration.ofMinutes(5));
        assertThat(answer.get().body()).isEqualTo("{}");
    }

    @Test
    void breaksOff() throws Exception {
        server.enqueue(
                StubAnswer.sse("one").reset(),
                StubAnswer.sse("one").truncate(),
                StubAnswer.json("{\"half\":").truncate(),
                StubAnswer.hangUp());
        for (int i = 0; i < 4; i++) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> new String(open("").readAllBytes(), StandardCharsets.UTF_8));
        }
        assertThat(server.requests()).hasSizeGreaterThanOrEqualTo(4).noneMatch(StubRequest::isClientGone);
    }

    @Test
    void resetIsAReset() throws Exception {
        server.enqueue(StubAnswer.streaming("text/plain").reset());
        try (Socket socket = new Socket(server.url("/").getHost(), server.port())) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\nhost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThatExceptionOfType(SocketException.class)
                    .isThrownBy(() -> socket.getInputStream().readAllBytes());
        }
    }

    @Test
    void seesTheClientGo() throws Exception {
        server.enqueue(StubAnswer.sse("one").stall());
        InputStream body = open("");
        body.read();
        StubRequest request = server.takeRequest();
        assertThat(request.isClientGone()).isFalse();
        assertThat(server.openConnections()).isEqualTo(1);
        body.close();
        request.awaitClientGone();
        server.awaitOpenConnections(0);
        assertThat(request.isClientGone()).isTrue();
    }

    @Test
    void closesWithEverythingOpen() throws Exception {
        server.enqueue(StubAnswer.silence(), StubAnswer.sse("one").stall());
        var silent = client.sendAsync(post(""), BodyHandlers.ofString());
        server.takeRequest();
        InputStream body = open("");
        body.read();
        server.close();
        server.close();
        assertThatCode(silent::get).hasCauseInstanceOf(IOException.class);
        assertThatExceptionOfType(IOException.class).isThrownBy(body::readAllBytes);
        assertThat(server.openConnections()).isZero();
    }
}
