package dev.plinth.api.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** Which recording answers a request, and what a test gets to see when none does. */
class HttpRecordingMatchTest extends RecordingFixture {

    private void recordEach(String... bodies) throws InterruptedException {
        real.otherwise(
                request -> StubAnswer.json("{\"number\":" + real.requests().size() + "}"));
        try (HttpRecording recording = record()) {
            for (String body : bodies) {
                ask(recording, body);
            }
        }
    }

    private static AssertionError failure(HttpRecording recording) {
        try {
            recording.verify();
        } catch (AssertionError failure) {
            return failure;
        }
        throw new IllegalStateException("verify: passed (expected: a failure)");
    }

    @Test
    void meaningCountsNotSpelling() throws Exception {
        recordEach("{\"a\":1,\"b\":{\"c\":\"ö\",\"d\":[]}}");
        try (HttpRecording recording = replay()) {
            HttpRequest same = HttpRequest.newBuilder(at(recording, "/chat"))
                    .header("authorization", "Bearer another")
                    .header("x-trace", "another")
                    .POST(BodyPublishers.ofString("{ \"b\": {\"d\": [], \"c\": \"\\u00f6\"}, \"a\": 1.0 }"))
                    .build();
            assertThat(send(same).body()).isEqualTo("{\"number\":1}");
            recording.verify();
        }
    }

    @Test
    void orderOfParametersDoesNotCount() throws Exception {
        real.enqueue(StubAnswer.json("{}"));
        try (HttpRecording recording = record()) {
            send(HttpRequest.newBuilder(at(recording, "/files?a=x%20y&b=1&b=2&empty"))
                    .build());
        }
        try (HttpRecording recording = replay()) {
            assertThat(send(HttpRequest.newBuilder(at(recording, "/files?empty=&b=1&b=2&a=x+y"))
                                    .build())
                            .status())
                    .isEqualTo(200);
            send(HttpRequest.newBuilder(at(recording, "/files?a=x+y&b=2&b=1")).build());
            assertThat(failure(recording))
                    .hasMessageContaining("  query b: \"2\" (recorded: \"1\")\n  query b: \"1\" (recorded: \"2\")")
                    .hasMessageContaining("  query empty: nothing (recorded: \"\")");
        }
    }

    @Test
    void ignoredFieldsDoNotCount() throws Exception {
        recordEach("{\"user\":\"a\",\"messages\":[{\"id\":\"m1\",\"text\":\"Hi\"}]}");
        real.close();
        try (HttpRecording recording =
                open(recording().ignore("/user").ignore("/messages/*/id").ignore("/a~1b"))) {
            String other = "{\"messages\":[{\"id\":\"m2\",\"text\":\"Hi\"}],\"a/b\":1}";
            assertThat(ask(recording, other).body()).isEqualTo("{\"number\":1}");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> recording().ignore("user"));
    }

    @Test
    void sameRequestsAreAnsweredInTheirOrderAndNotMoreOften() throws Exception {
        recordEach("{\"a\":1}", "{\"b\":1}", "{\"a\":1}");
        try (HttpRecording recording = replay()) {
            assertThat(ask(recording, "{\"a\":1}").body()).isEqualTo("{\"number\":1}");
            assertThat(ask(recording, "{\"a\":1}").body()).isEqualTo("{\"number\":3}");
            assertThat(ask(recording, "{\"a\":1}").status()).isEqualTo(418);
            assertThat(failure(recording))
                    .hasMessageStartingWith("request: POST /v1/chat (expected: no more than 2 times, as recorded in ");
        }
    }

    @Test
    void lastMayBeRepeated() throws Exception {
        recordEach("{\"a\":1}", "{\"a\":1}");
        real.close();
        try (HttpRecording recording = open(recording().repeatLast())) {
            assertThat(ask(recording, "{\"a\":1}").body()).isEqualTo("{\"number\":1}");
            assertThat(ask(recording, "{\"a\":1}").body()).isEqualTo("{\"number\":2}");
            assertThat(ask(recording, "{\"a\":1}").body()).isEqualTo("{\"number\":2}");
            recording.verify();
        }
    }

    @Test
    void unmatchedRequestShowsTheNearestRecordingFieldByField() throws Exception {
        String filler = "All work and no play makes Jack a dull boy. ".repeat(20);
        recordEach(
                "{\"model\":\"m\",\"messages\":[{\"text\":\"Tell me a joke.\"}]}",
                "{\"model\":\"m\",\"temperature\":0,\"messages\":[{\"text\":\"" + filler
                        + "What is the capital of France?\"}]}",
                "{\"input\":\"x\"}");
        HttpRecording recording = replay();
        Seen refused = ask(
                recording,
                "{\"model\":\"m\",\"seed\":7,\"messages\":[{\"text\":\"" + filler
                        + "What is the capital of Peru?\"}]}");

        String difference = "the nearest is number 2 of 3)\n"
                + "  body /temperature: nothing (recorded: 0)\n"
                + "  body /messages/0/text: \"...l boy. What is the capital of Peru?\""
                + " (recorded: \"...l boy. What is the capital of France?\")\n"
                + "  body /seed: 7 (recorded: nothing)";
        assertThat(refused.status()).isEqualTo(418);
        Json.Obj error = ((Json.Obj) JsonReader.read(refused.body())).object("error");
        assertThat(error.text("type")).isEqualTo("no_recording");
        assertThat(error.text("message"))
                .isEqualTo("request: POST /v1/chat (expected: one recorded in " + file() + "; " + difference);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(recording::close)
                .withMessage(error.text("message")
                        + "\nTo record what is missing, run this once with PLINTH_RECORD=missing");
        assertThatCode(recording::close).doesNotThrowAnyException();
    }

    @Test
    void whatVerifyHasSaidCloseDoesNotSayAgain() throws Exception {
        recordEach("{}");
        HttpRecording recording = replay();
        ask(recording, "{\"a\":1}");
        ask(recording, "{\"a\":1}");
        assertThat(failure(recording)).hasMessageContainingAll("body /a: 1 (recorded: nothing)");
        assertThat(failure(recording).getMessage().split("request:")).hasSize(2); // the same one once
        assertThatCode(recording::close).doesNotThrowAnyException();
    }

    @Test
    void nearestIsOfTheSameAddressFirst() throws Exception {
        real.otherwise(request -> StubAnswer.json("{}"));
        try (HttpRecording recording = record()) {
            send(post(at(recording, "/embed"), "{\"input\":\"x\"}"));
            send(post(at(recording, "/chat"), "{\"wholly\":\"different\"}"));
        }
        try (HttpRecording recording = replay()) {
            ask(recording, "{\"input\":\"x\"}");
            assertThat(failure(recording)).hasMessageContaining("number 2 of 2");
            send(HttpRequest.newBuilder(at(recording, "/models")).build());
            assertThat(failure(recording))
                    .hasMessageContaining("method: \"GET\" (recorded: \"POST\")")
                    .hasMessageContaining("path: \"/v1/models\" (recorded: \"/v1/embed\")");
        }
    }

    @Test
    void longListsOfDifferencesAreCut() throws Exception {
        recordEach("[" + "1,".repeat(49) + "1]");
        try (HttpRecording recording = replay()) {
            ask(recording, "[" + "2,".repeat(49) + "2]");
            assertThat(failure(recording)).hasMessageContaining("/19: 2 (recorded: 1)\n  and 30 more\n");
        }
    }

    @Test
    void textIsComparedLineByLine() throws Exception {
        recordEach("one\ntwo\nthree");
        try (HttpRecording recording = replay()) {
            ask(recording, "one\n2\nthree");
            assertThat(failure(recording)).hasMessageContaining("body, line 2: \"2\\n\" (recorded: \"two\\n\")");
            assertThat(ask(recording, "one\ntwo\nthree").status()).isEqualTo(200);
        }
    }

    @Test
    void boundaryOfPartsIsMadeUpAnewEachTime() throws Exception {
        real.enqueue(StubAnswer.json("{}"));
        try (HttpRecording recording = record()) {
            assertThat(send(upload(recording, "b-1f2e")).status()).isEqualTo(200);
        }
        assertThat(real.takeRequest().text()).contains("--b-1f2e--");
        try (HttpRecording recording = replay()) {
            assertThat(send(upload(recording, "b-77aa")).status()).isEqualTo(200);
        }
    }

    private static HttpRequest upload(HttpRecording recording, String boundary) {
        String parts = "--B\r\ncontent-disposition: form-data; name=\"file\"\r\n\r\n{\"a\":1}\n\r\n--B--\r\n";
        return HttpRequest.newBuilder(at(recording, "/files"))
                .header("content-type", "multipart/form-data; boundary=\"" + boundary + "\"")
                .POST(BodyPublishers.ofString(parts.replace("--B", "--" + boundary)))
                .build();
    }

    @Test
    void unusedRecordingsAreReported() throws Exception {
        recordEach("{\"a\":1}", "{\"b\":1}");
        try (HttpRecording recording = replay()) {
            ask(recording, "{\"b\":1}");
            assertThat(failure(recording))
                    .hasMessage("recordings: not used in " + file() + ": 1: POST /v1/chat (expected: all used)");
        }
    }

    @Test
    void peopleMayEditTheFile() throws Exception {
        recordEach("{\"a\":1}", "two\nlines");
        String edited = recorded()
                .replaceAll("\\s*\n\\s*", "\r\n\t")
                .replace("\"text\": [\"two\\n\", \"lines\"]", "\"text\": \"two\\nlines\"")
                .replace("{\"a\": 1}", "{\"a\": 1.00}")
                .replace("{\"number\": 1}", "{\"number\": 7}");
        Files.writeString(file(), edited);
        try (HttpRecording recording = replay()) {
            assertThat(ask(recording, "{\"a\":1}").body()).isEqualTo("{\"number\":7}");
            assertThat(ask(recording, "two\nlines").status()).isEqualTo(200);
        }
    }
}
