package dev.plinth.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.batch.BatchResult;
import dev.plinth.api.batch.BatchResults;
import dev.plinth.api.batch.ChatBatches;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.ContextTooLongException;
import dev.plinth.api.error.InvalidRequestException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.error.TransportException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the files of results say; the contract has the rest. */
class OpenAiBatchResultsTest {
    private final StubServer server = StubServer.start();
    private final OpenAi openAi = OpenAi.builder()
            .baseUrl(server.url("/v1").toString())
            .apiKey("sk-very-secret")
            .build();
    private final ChatBatches batches = openAi.chatBatches("m");
    private final List<BatchResult> read = new ArrayList<>();

    @AfterEach
    void close() {
        openAi.close();
        server.close();
    }

    private static String batch(String status, int total, String files) {
        return "{\"id\":\"batch_1\",\"status\":\"" + status
                + "\",\"input_file_id\":\"in\",\"request_counts\":{\"total\":" + total + "}," + files + "}";
    }

    private static String answered(String id) {
        return line(id, 200, Chunks.completion("to " + id));
    }

    private static String line(String id, int status, String body) {
        return "{\"id\":\"batch_req_1\",\"custom_id\":\"" + id + "\",\"response\":{\"status_code\":" + status
                + ",\"request_id\":\"req_1\",\"body\":" + body + "},\"error\":null}\n";
    }

    private static String failed(String id, String code) {
        return "{\"custom_id\":\"" + id + "\",\"response\":null,\"error\":{\"code\":\"" + code
                + "\",\"message\":\"m\"}}\n";
    }

    /** Reads the results of a batch whose only file is this one. */
    private List<BatchResult> results(int total, StubAnswer file) {
        server.enqueue(
                StubAnswer.json(batch("completed", total, "\"output_file_id\":\"out\",\"error_file_id\":null")), file);
        return results();
    }

    private List<BatchResult> results() {
        read.clear();
        try (BatchResults results = batches.results("batch_1")) {
            results.forEach(read::add);
        }
        return read;
    }

    private <E extends LlmException> E fails(Class<E> type, int total, StubAnswer file) {
        E error = catchThrowableOfType(type, () -> results(total, file));
        assertThat(error).as("error").isNotNull();
        return error;
    }

    private static StubAnswer file(String... lines) {
        return StubAnswer.of(
                200, "application/octet-stream", String.join("", lines).getBytes(StandardCharsets.UTF_8));
    }

    private List<String> files() {
        return server.requests().stream()
                .map(request -> request.path().replaceFirst("/v1/files/(.*)/content", "$1"))
                .skip(1)
                .toList();
    }

    // which files

    @Test
    void answersOnly() {
        assertThat(results(2, file(answered("a"), answered("b")))).hasSize(2);
        assertThat(files()).containsExactly("out");
        assertThat(read.get(0).response().orElseThrow().text()).isEqualTo("to a");
        assertThat(read.get(0).response().orElseThrow().requestId()).contains("req_1");
        assertThat(read.get(0).response().orElseThrow().raw())
                .contains(answered("a").strip());
    }

    @Test
    void errorsOnly() {
        for (String none : List.of("null", "\"\"")) {
            server.enqueue(
                    StubAnswer.json(batch("completed", 1, "\"output_file_id\":" + none + ",\"error_file_id\":\"err\"")),
                    file(line("a", 400, "{\"error\":{\"message\":\"no\"}}")));
            assertThat(results()).hasSize(1);
            assertThat(read.get(0).error()).containsInstanceOf(InvalidRequestException.class);
        }
        assertThat(files()).contains("err").doesNotContain("", "null");
    }

    @Test
    void whatACancelledBatchDoesNotNameStandsInItsRequests() {
        String requests =
                "{\"custom_id\":\"a\",\"body\":{}}\n{\"custom_id\":\"b\"}\n{\"custom_id\":\"c\",\"body\":1}\n";
        server.enqueue(
                StubAnswer.json(batch("cancelled", 3, "\"output_file_id\":\"out\",\"error_file_id\":\"err\"")),
                file(answered("b")),
                file(failed("c", "batch_cancelled")),
                file(requests));
        assertThat(results()).extracting(BatchResult::id).containsExactly("b", "c", "a");
        assertThat(files()).containsExactly("out", "err", "in");
        for (BatchResult result : read.subList(1, 3)) {
            assertThat(result.error()).containsInstanceOf(CancelledException.class);
        }
    }

    @Test
    void whatAnExpiredBatchDoesNotNameHasExpired() {
        server.enqueue(
                StubAnswer.json(batch("expired", 2, "\"output_file_id\":\"out\"")),
                file(answered("b")),
                file("{\"custom_id\":\"a\"}\n{\"custom_id\":\"b\"}\n"));
        assertThat(results()).hasSize(2);
        assertThat(read.get(1).error()).containsInstanceOf(TimedOutException.class);
    }

    @Test
    void whatACompletedBatchDoesNotNameIsNotLost() {
        server.enqueue(
                StubAnswer.json(batch("completed", 2, "\"output_file_id\":\"out\"")),
                file(answered("b")),
                file("{\"custom_id\":\"a\"}\n{\"custom_id\":\"b\"}\n"));
        assertThat(results()).hasSize(2);
        assertThat(read.get(1).error()).containsInstanceOf(MalformedResponseException.class);
    }

    @Test
    void moreMissingThanAnyFileExplainsIsAnError() {
        server.enqueue(
                StubAnswer.json(batch("completed", 2, "\"output_file_id\":\"out\"")),
                file(answered("a")),
                file("{\"custom_id\":\"a\"}\n"));
        MalformedResponseException error = catchThrowableOfType(MalformedResponseException.class, this::results);
        assertThat(error).hasMessageStartingWith("results: 1 (expected: 2)");
        assertThat(read).hasSize(1);
        server.enqueue(
                StubAnswer.json(
                        batch("completed", 2, "\"output_file_id\":\"out\"").replace("\"in\"", "null")),
                file(answered("a")));
        assertThat(catchThrowableOfType(MalformedResponseException.class, this::results))
                .hasMessageStartingWith("results: 1 (expected: 2)");
    }

    // what is wrong with a file

    @Test
    void brokenLine() {
        String broken = "{\"custom_id\":\"b\",\"secret-words\n";
        LlmException error = fails(MalformedResponseException.class, 2, file(answered("a"), broken));
        assertThat(error).hasMessageStartingWith("line: 2 (expected: one result in JSON)");
        assertThat(read).hasSize(1);
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            assertThat(cause.toString()).doesNotContain("secret-words", "very-secret");
        }
    }

    @Test
    void lineWithoutAnId() {
        for (String line : List.of("{\"response\":null}", "7", "{\"custom_id\":null}")) {
            assertThat(fails(MalformedResponseException.class, 1, file(line, "\n")))
                    .hasMessageStartingWith("custom_id: none (expected: the id of a request)");
        }
    }

    @Test
    void transferThatIsCut() {
        String two = answered("a") + answered("b");
        for (StubAnswer cut : List.of(
                file(two.substring(0, two.length() - 9)).truncate(),
                StubAnswer.streaming("application/octet-stream")
                        .chunk(answered("a"))
                        .truncate(),
                StubAnswer.streaming("application/octet-stream")
                        .chunk(answered("a"))
                        .reset())) {
            fails(LlmException.class, 2, cut);
            assertThat(read).hasSize(1);
        }
        fails(TransportException.class, 2, StubAnswer.streaming("text/plain").reset());
    }

    @Test
    void fileThatIsGone() {
        LlmException error = fails(LlmException.class, 1, StubAnswer.json(404, "{\"error\":{\"message\":\"gone\"}}"));
        assertThat(error).hasMessageStartingWith("provider: gone");
        assertThat(read).isEmpty();
    }

    @Test
    void emptyLinesAndNoLineEndAreNoFault() {
        String one = answered("a");
        assertThat(results(2, file("\n", one, "\r\n\n", answered("b").strip()))).hasSize(2);
    }

    // what a line says

    @Test
    void errorsInsideLines() {
        String tooLong = "{\"error\":{\"code\":\"context_length_exceeded\",\"message\":\"long\"}}";
        results(
                6,
                file(
                        line("a", 200, "{\"error\":{\"type\":\"invalid_request_error\",\"message\":\"no\"}}"),
                        line("b", 429, "{}"),
                        line("c", 400, tooLong),
                        failed("d", "server_error"),
                        line("e", 200, "null"),
                        answered("f")
                                .replace("\"error\":null", "\"error\":{\"code\":\"server_error\",\"message\":\"m\"}")));
        assertThat(read.get(0).error()).containsInstanceOf(InvalidRequestException.class);
        assertThat(read.get(1).error()).containsInstanceOf(RateLimitedException.class);
        assertThat(read.get(2).error()).containsInstanceOf(ContextTooLongException.class);
        assertThat(read.get(3).error()).containsInstanceOf(OverloadedException.class);
        assertThat(read.get(4).error()).isPresent();
        OverloadedException late = (OverloadedException) read.get(5).error().orElseThrow();
        assertThat(late.partialText()).isEqualTo("to f");
        LlmException error = read.get(2).error().orElseThrow();
        assertThat(error.details().requestId()).contains("req_1");
        assertThat(error.details().httpStatus()).hasValue(400);
        assertThat(error.details().providerCode()).contains("context_length_exceeded");
    }
}
