package dev.plinth.api.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** Recorded once, replayed when the real server is gone: the client sees the same. */
class HttpRecordingTest extends RecordingFixture {

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(utf8(text));
        }
        return bytes.toByteArray();
    }

    private static Map<String, StubAnswer> answers() throws IOException {
        byte[] binary = new byte[3000];
        for (int i = 0; i < binary.length; i++) {
            binary[i] = (byte) (i * 31);
        }
        Map<String, StubAnswer> answers = new LinkedHashMap<>();
        answers.put("json", StubAnswer.json("{\"ok\":true, \"n\":1.0}").header("x-request-id", "r-1"));
        answers.put("compact json", StubAnswer.json("{\"ok\":true,\"text\":\"ö\"}"));
        answers.put(
                "sse",
                StubAnswer.sse("{\"text\":\"Grüße\"}", "{\"text\":\"\uD83D\uDE00\"}", "[DONE]")
                        .inPieces(3));
        answers.put("ndjson", StubAnswer.lines("application/x-ndjson", "{\"a\":1}", "{\"a\":2}"));
        answers.put("binary", StubAnswer.of(200, "application/octet-stream", binary));
        answers.put(
                "binary stream",
                StubAnswer.streaming("application/vnd.amazon.eventstream")
                        .chunk(binary)
                        .inPieces(700));
        answers.put(
                "too many",
                StubAnswer.json(429, "{\"error\":{}}")
                        .header("retry-after", "7")
                        .header("x-ratelimit-remaining-tokens", "0"));
        answers.put("empty", StubAnswer.of(200, "text/plain", new byte[0]));
        answers.put("no content", StubAnswer.of(204, "text/plain", new byte[0]));
        answers.put("cut", StubAnswer.sse("one", "two").truncate());
        answers.put("cut json", StubAnswer.json("{\"half\":").truncate());
        answers.put("hang up", StubAnswer.hangUp());
        return answers;
    }

    @Test
    void replaysWhatTheClientSaw() throws Exception {
        answers().forEach((name, answer) -> real.when(request -> request.text().equals(asking(name)), answer));
        Map<String, Seen> direct = new LinkedHashMap<>();
        Map<String, Seen> recorded = new LinkedHashMap<>();
        Map<String, Seen> replayed = new LinkedHashMap<>();
        for (String name : answers().keySet()) {
            direct.put(name, send(post(real.url("/v1/chat"), asking(name))));
        }
        try (HttpRecording recording = record()) {
            for (String name : answers().keySet()) {
                recorded.put(name, ask(recording, asking(name)));
            }
        }
        try (HttpRecording recording = replay()) {
            for (String name : answers().keySet()) {
                replayed.put(name, ask(recording, asking(name)));
            }
        }
        for (String name : answers().keySet()) {
            assertThat(recorded.get(name)).as(name + ", recorded").isEqualTo(direct.get(name));
            assertThat(replayed.get(name)).as(name + ", replayed").isEqualTo(direct.get(name));
        }
        assertThat(direct.get("too many").headers()).containsEntry("retry-after", "7");
        assertThat(direct.get("cut").brokenOff()).isTrue();
    }

    private static String asking(String name) {
        return "{\"ask\":\"" + name + "\"}";
    }

    @Test
    void zippedAnswersBecomeText() throws Exception {
        String json = "{\"text\":\"Grüße\"}";
        real.enqueue(StubAnswer.of(200, "application/json", gzip(json)).header("content-encoding", "gzip"));
        real.enqueue(StubAnswer.streaming("text/event-stream")
                .header("content-encoding", "gzip")
                .chunk(gzip("data: one\n\n")));
        try (HttpRecording recording = record()) {
            assertThat(ask(recording, "{}").body().getBytes(StandardCharsets.ISO_8859_1))
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo(json);
            ask(recording, "{}");
        }
        assertThat(real.requests())
                .allSatisfy(request -> assertThat(request.headerNames()).doesNotContain("accept-encoding"));
        assertThat(recorded())
                .contains("\"json\": {\"text\": \"Grüße\"}", "data: one")
                .doesNotContain("base64", "gzip");
        try (HttpRecording recording = replay()) {
            assertThat(ask(recording, "{}").headers()).doesNotContainKey("content-encoding");
            assertThat(ask(recording, "{}").body()).isEqualTo("data: one\n\n");
        }
    }

    @Test
    void piecesAreCutAsTheyWere() throws Exception {
        real.enqueue(StubAnswer.streaming("text/plain")
                .chunk("ab")
                .chunk("ö")
                .chunk("c")
                .inPieces(1));
        String live;
        try (HttpRecording recording = record()) {
            live = raw(recording.url());
        }
        try (HttpRecording recording = replay()) {
            assertThat(raw(recording.url()))
                    .isEqualTo(live)
                    .endsWith("\r\n\r\n1\r\na\r\n1\r\nb\r\n1\r\nÃ\r\n1\r\n¶\r\n1\r\nc\r\n0\r\n\r\n");
        }
    }

    /** One answer, letter by letter. */
    private static String raw(URI url) throws IOException {
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\nhost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            StringBuilder answer = new StringBuilder();
            while (answer.indexOf("\r\n0\r\n\r\n") < 0) {
                answer.append((char) socket.getInputStream().read());
            }
            return answer.toString();
        }
    }

    @Test
    void waitsAreRecordedAndRepeatedWhereAskedFor() throws Exception {
        real.enqueue(StubAnswer.streaming("text/plain")
                .chunk("a")
                .pause(Duration.ofMillis(1500))
                .chunk("b")
                .delayed(Duration.ofMillis(400)));
        try (HttpRecording recording = open(recording().time(time).record())) {
            var answer = client.sendAsync(post(recording.url(), "{}"), BodyHandlers.ofInputStream());
            time.awaitSleepers(1);
            time.advanceToNextSleeper();
            InputStream body = answer.get().body();
            assertThat(body.read()).isEqualTo('a');
            time.awaitSleepers(1);
            time.advanceToNextSleeper();
            assertThat(body.readAllBytes()).containsExactly('b');
        }
        TestTime clock = TestTime.autoAdvancing();
        try (HttpRecording recording = open(recording().time(clock).recordedTiming())) {
            assertThat(send(post(recording.url(), "{}")).body()).isEqualTo("ab");
        }
        assertThat(clock.sleeps()).containsExactly(Duration.ofMillis(400), Duration.ofMillis(1500));
        try (HttpRecording recording = open(recording().time(clock))) {
            assertThat(send(post(recording.url(), "{}")).body()).isEqualTo("ab");
        }
        assertThat(clock.sleeps()).hasSize(2);
    }

    @Test
    void clientThatLeavesMakesAnHonestRecording() throws Exception {
        real.enqueue(StubAnswer.sse("one").stall());
        try (HttpRecording recording = record()) {
            InputStream body = client.send(post(recording.url(), "{}"), BodyHandlers.ofInputStream())
                    .body();
            assertThat(body.readNBytes(11)).asString().isEqualTo("data: one\n\n");
            body.close();
            real.takeRequest().awaitClientGone();
        }
        assertThat(recorded()).contains("\"end\": \"cancelled\"");
        try (HttpRecording recording = replay()) {
            Seen seen = send(post(recording.url(), "{}"));
            assertThat(seen.body()).isEqualTo("data: one\n\n");
            assertThat(seen.brokenOff()).isTrue();
            recording.verify();
        }
    }

    @Test
    void resetIsReplayedAfterWhatCameBeforeIt() throws Exception {
        CountDownLatch read = new CountDownLatch(1); // a reset may overtake what the client has not read
        real.enqueue(StubAnswer.sse("one").await(read).reset());
        try (HttpRecording recording = record()) {
            InputStream body = client.send(post(recording.url(), "{}"), BodyHandlers.ofInputStream())
                    .body();
            assertThat(body.readNBytes(11)).asString().isEqualTo("data: one\n\n");
            read.countDown();
            assertThatExceptionOfType(IOException.class).isThrownBy(body::readAllBytes);
        }
        assertThat(recorded()).contains("\"end\": \"broken\"", "Connection reset");
        try (HttpRecording recording = replay()) {
            assertThat(send(post(recording.url(), "{}")))
                    .isEqualTo(new Seen(200, Map.of("content-type", "text/event-stream"), "data: one\n\n", true));
        }
    }

    @Test
    void closingCancelsWhatIsNotOver() throws Exception {
        real.enqueue(StubAnswer.sse("one").stall(), StubAnswer.silence());
        Future<Seen> silent;
        try (HttpRecording recording = record()) {
            InputStream body = client.send(post(recording.url(), "{}"), BodyHandlers.ofInputStream())
                    .body();
            body.readNBytes(11);
            real.takeRequest();
            ExecutorService threads = Executors.newSingleThreadExecutor();
            silent = threads.submit(() -> send(post(recording.url(), "{\"second\":1}")));
            threads.shutdown();
            real.takeRequest();
        }
        assertThat(silent.get().status()).isZero();
        real.awaitOpenConnections(0);
        assertThat(Exchange.readAll(file()))
                .extracting(
                        exchange -> exchange.response().status(),
                        exchange -> exchange.response().end())
                .containsExactly(tuple(200, RecordedResponse.End.CANCELLED), tuple(0, RecordedResponse.End.CANCELLED));
    }

    @Test
    void serverThatIsNotThereIsRecordedAsThat() throws Exception {
        real.close();
        try (HttpRecording recording = record()) {
            assertThat(ask(recording, "{}").status()).isZero();
        }
        assertThat(recorded()).contains("\"end\": \"unreachable\"", "ConnectException");
        try (HttpRecording recording = replay()) {
            assertThat(ask(recording, "{}").status()).isZero();
        }
    }

    @Test
    void callIsPassedOnWhole() throws Exception {
        real.enqueue(StubAnswer.json("{}").header("x-own", "kept").header("x-other", "not"));
        try (HttpRecording recording = open(recording().keepHeader("X-Own").record())) {
            HttpRequest put = HttpRequest.newBuilder(at(recording, "/files/a%20b?limit=2&after=x%2By"))
                    .method("PUT", HttpRequest.BodyPublishers.ofString("Grüße"))
                    .header("authorization", "Bearer k")
                    .header("accept", "a/b")
                    .header("accept", "c/d")
                    .header("accept-encoding", "gzip, br")
                    .build();
            assertThat(send(put).headers()).containsEntry("x-own", "kept").doesNotContainKey("x-other");
        }
        StubRequest passedOn = real.takeRequest();
        assertThat(passedOn.method()).isEqualTo("PUT");
        assertThat(passedOn.target()).isEqualTo("/v1/files/a%20b?limit=2&after=x%2By");
        assertThat(passedOn.text()).isEqualTo("Grüße");
        assertThat(passedOn.headers("accept")).containsExactly("a/b", "c/d");
        assertThat(passedOn.header("authorization")).contains("Bearer k");
        assertThat(passedOn.header("host")).contains("127.0.0.1:" + real.port());
        assertThat(passedOn.headerNames()).doesNotContain("accept-encoding");
    }

    @Test
    void redirectsAreTheClientsAndStayHere() throws Exception {
        real.enqueue(StubAnswer.of(307, "text/plain", new byte[0])
                .header("location", real.url("/v2/chat").toString()));
        try (HttpRecording recording = record()) {
            assertThat(ask(recording, "{}").headers()).containsEntry("location", "/v2/chat");
        }
    }

    @Test
    void callsAtTheSameTimeGetTheirOwnAnswers() throws Exception {
        real.otherwise(request -> StubAnswer.sse(request.text()));
        try (HttpRecording recording = record()) {
            askAllAtOnce(recording);
        }
        try (HttpRecording recording = replay()) {
            askAllAtOnce(recording);
            recording.verify();
        }
    }

    private void askAllAtOnce(HttpRecording recording) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<Seen>> seen = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                String question = "{\"n\":" + i + "}";
                seen.add(threads.submit(() -> ask(recording, question)));
            }
            for (int i = 0; i < 40; i++) {
                assertThat(seen.get(i).get().body()).isEqualTo("data: {\"n\":" + i + "}\n\n");
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
