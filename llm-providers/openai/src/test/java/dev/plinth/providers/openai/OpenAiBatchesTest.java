package dev.plinth.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.batch.Batch;
import dev.plinth.api.batch.BatchRequest;
import dev.plinth.api.batch.BatchResult;
import dev.plinth.api.batch.BatchResults;
import dev.plinth.api.batch.ChatBatches;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.error.InvalidRequestException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How batches are handed over, and what the server says of them; the contract has the rest. */
class OpenAiBatchesTest {
    private static final String FILE = "{\"id\":\"file-1\"}";
    private static final String BATCH = "{\"id\":\"batch_1\",\"status\":\"validating\"}";
    private static final List<BatchRequest> TWO =
            List.of(new BatchRequest("a", ChatRequest.of("one")), new BatchRequest("b", ChatRequest.of("zwölf")));

    private final StubServer server = StubServer.start();
    private final OpenAi openAi = OpenAi.builder()
            .baseUrl(server.url("/v1").toString())
            .apiKey("sk-very-secret")
            .build();
    private final ChatBatches batches = openAi.chatBatches("m");

    @AfterEach
    void close() {
        openAi.close();
        server.close();
    }

    private List<String> calls() {
        return server.requests().stream()
                .map(request -> request.method() + " " + request.target())
                .toList();
    }

    private Batch get(String fields) {
        server.enqueue(StubAnswer.json("{\"id\":\"batch_1\"," + fields + "}"));
        return batches.get("batch_1");
    }

    // handing over

    @Test
    void requestsAreUploadedAsLines() throws Exception {
        server.enqueue(StubAnswer.json(FILE), StubAnswer.json(BATCH));
        assertThat(batches.submit(TWO).id()).isEqualTo("batch_1");
        var upload = server.takeRequest();
        assertThat(upload.method() + " " + upload.target()).isEqualTo("POST /v1/files");
        assertThat(upload.header("content-type")).contains("multipart/form-data; boundary=plinth-batch");
        assertThat(upload.header("authorization")).contains("Bearer sk-very-secret");
        assertThat(upload.text())
                .isEqualTo("--plinth-batch\r\n"
                        + "Content-Disposition: form-data; name=\"purpose\"\r\n\r\n"
                        + "batch\r\n"
                        + "--plinth-batch\r\n"
                        + "Content-Disposition: form-data; name=\"file\"; filename=\"batch.jsonl\"\r\n"
                        + "Content-Type: application/jsonl\r\n\r\n"
                        + "{\"custom_id\":\"a\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":"
                        + "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"one\"}]}}\n"
                        + "{\"custom_id\":\"b\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":"
                        + "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"zwölf\"}]}}\n"
                        + "\r\n--plinth-batch--\r\n");
        var made = server.takeRequest();
        assertThat(made.method() + " " + made.target()).isEqualTo("POST /v1/batches");
        assertThat(made.text())
                .isEqualTo("{\"input_file_id\":\"file-1\",\"endpoint\":\"/v1/chat/completions\","
                        + "\"completion_window\":\"24h\"}");
    }

    @Test
    void batchOfResponses() {
        try (OpenAiBatchProvider provider = new OpenAiBatchProvider();
                OpenAi client = provider.client()) {
            ChatBatches responses = client.responsesBatches("m");
            String id = responses.submit(TWO).id();
            assertThat(provider.files.get("file-1"))
                    .startsWith("{\"custom_id\":\"a\",\"method\":\"POST\",\"url\":\"/v1/responses\",\"body\":"
                            + "{\"model\":\"m\",\"input\":\"one\"}}\n");
            assertThat(provider.prompt(id, "b")).isEqualTo("zwölf");
            provider.answer(id, "b", "12");
            provider.refuse(id, "a");
            provider.end(id);
            try (BatchResults results = responses.results(id)) {
                List<BatchResult> all = new ArrayList<>();
                results.forEach(all::add);
                assertThat(all).extracting(BatchResult::id).containsExactly("b", "a");
                assertThat(all.get(0).response().orElseThrow().text()).isEqualTo("12");
                assertThat(all.get(0).response().orElseThrow().usage().output()).isEqualTo(OptionalLong.of(5));
                assertThat(all.get(1).error()).containsInstanceOf(InvalidRequestException.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void azureHasPathsOfItsOwn(boolean deployments) {
        String resource = server.url("/").toString();
        String line =
                "{\"custom_id\":\"a\",\"response\":{\"status_code\":200,\"body\":" + Chunks.completion("Hi") + "}}";
        String ended = "{\"id\":\"batch_1\",\"status\":\"completed\",\"input_file_id\":\"file-1\","
                + "\"output_file_id\":\"file-2\",\"error_file_id\":\"\"}";
        server.enqueue(
                StubAnswer.json(FILE),
                StubAnswer.json(BATCH),
                StubAnswer.json(ended),
                StubAnswer.text(200, line),
                StubAnswer.json("{\"data\":[]}"),
                StubAnswer.json(BATCH),
                StubAnswer.json(ended),
                StubAnswer.json("{}"),
                StubAnswer.json("{}"));
        OpenAi.Builder builder = deployments ? OpenAi.azureDeployments(resource, "2024-10-21") : OpenAi.azure(resource);
        try (OpenAi azure = builder.apiKey("k").build()) {
            ChatBatches batches = azure.chatBatches("my-deployment");
            batches.submit(TWO);
            try (BatchResults results = batches.results("batch_1")) {
                assertThat(results).hasSize(1);
            }
            assertThat(batches.recent(3)).isEmpty();
            batches.cancel("batch_1");
            batches.delete("batch_1");
        }
        String base = deployments ? "/openai" : "/openai/v1";
        String query = deployments ? "?api-version=2024-10-21" : "";
        assertThat(calls())
                .containsExactly(
                        "POST " + base + "/files" + query,
                        "POST " + base + "/batches" + query,
                        "GET " + base + "/batches/batch_1" + query,
                        "GET " + base + "/files/file-2/content" + query,
                        "GET " + base + "/batches" + (deployments ? query + "&" : "?") + "limit=3",
                        "POST " + base + "/batches/batch_1/cancel" + query,
                        "GET " + base + "/batches/batch_1" + query,
                        "DELETE " + base + "/files/file-2" + query,
                        "DELETE " + base + "/files/file-1" + query);
        assertThat(server.requests())
                .allSatisfy(request -> assertThat(request.header("api-key")).contains("k"));
        assertThat(server.requests().get(0).text()).contains("\"url\":\"/chat/completions\"");
        assertThat(server.requests().get(1).text()).contains("\"endpoint\":\"/chat/completions\"");
    }

    @Test
    void tooManyRequestsAreRefusedBeforeAnythingIsSent() {
        BatchRequest one = new BatchRequest("a", ChatRequest.of("one"));
        assertThatThrownBy(() -> batches.submit(Collections.nCopies(50_001, one)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("requests: 50001 (expected: at most 50000)");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void fileOfABatchThatWasRefusedIsDeleted() {
        server.enqueue(StubAnswer.json(FILE), StubAnswer.json(400, "{\"error\":{\"message\":\"no\"}}"));
        server.enqueue(StubAnswer.json("{}"));
        assertThatThrownBy(() -> batches.submit(TWO)).isInstanceOf(InvalidRequestException.class);
        assertThat(calls()).containsExactly("POST /v1/files", "POST /v1/batches", "DELETE /v1/files/file-1");
    }

    @Test
    void fileThatCannotBeDeletedDoesNotHideWhy() {
        server.enqueue(StubAnswer.json(FILE), StubAnswer.json(400, "{\"error\":{\"message\":\"no\"}}"));
        server.enqueue(StubAnswer.json(500, "{}"));
        InvalidRequestException error = catchThrowableOfType(InvalidRequestException.class, () -> batches.submit(TWO));
        assertThat(error).hasMessageStartingWith("provider: no");
        assertThat(error.getSuppressed()).hasSize(1);
    }

    /** The batch may have been made all the same. */
    @Test
    void fileStaysWhereTheBatchMayNeedIt() {
        for (StubAnswer answer :
                List.of(StubAnswer.json(503, "{}"), StubAnswer.hangUp(), StubAnswer.json("{\"id\":"))) {
            server.enqueue(StubAnswer.json(FILE), answer);
            assertThatThrownBy(() -> batches.submit(TWO)).isInstanceOf(LlmException.class);
        }
        assertThat(calls()).doesNotContain("DELETE /v1/files/file-1").contains("POST /v1/batches");
    }

    @Test
    void uploadThatFailsMakesNoBatch() {
        for (StubAnswer answer : List.of(StubAnswer.json(400, "{}"), StubAnswer.json("{}"), StubAnswer.json("[]"))) {
            server.enqueue(answer);
            assertThatThrownBy(() -> batches.submit(TWO)).isInstanceOf(LlmException.class);
        }
        assertThat(calls()).containsOnly("POST /v1/files");
    }

    // what the server says of a batch

    @Test
    void failedBatchSaysWhy() {
        String errors = "\"errors\":{\"object\":\"list\",\"data\":[null,{\"code\":\"invalid_json_line\",\"line\":7,"
                + "\"message\":\"not JSON\",\"param\":null},{\"message\":\"second\"}]}";
        Batch failed = get("\"status\":\"failed\",\"failed_at\":1767225600," + errors);
        assertThat(failed.state()).isEqualTo(Batch.State.FAILED);
        assertThat(failed.failure()).contains("line 7: not JSON");
        assertThat(failed.endedAt()).contains(Instant.parse("2026-01-01T00:00:00Z"));
        server.enqueue(StubAnswer.json("{\"id\":\"batch_1\",\"status\":\"failed\"," + errors + "}"));
        assertThatThrownBy(() -> batches.results("batch_1"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("batch: failed: line 7: not JSON (expected: ended)");
        assertThat(get("\"status\":\"failed\",\"errors\":{\"data\":[{\"code\":\"empty_file\",\"line\":null}]}")
                        .failure())
                .contains("empty_file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"validating", "in_progress", "finalizing", "something_new", ""})
    void whatIsNotKnownToEndRuns(String status) {
        Batch batch =
                get("\"status\":\"" + status + "\",\"request_counts\":{\"total\":0,\"completed\":0,\"failed\":0}");
        assertThat(batch.isOver()).isFalse();
        assertThat(batch.rawState()).isEqualTo(status);
        assertThat(batch.total()).isEmpty();
    }

    @Test
    void answerThatIsNoBatchIsMalformed() {
        for (String body : List.of("{}", "[]", "{\"id\":\"batch_1\"}", "{\"status\":\"failed\"}", "{\"id\":", "")) {
            server.enqueue(StubAnswer.json(body));
            assertThatThrownBy(() -> batches.get("batch_1")).as(body).isInstanceOf(MalformedResponseException.class);
        }
    }

    @Test
    void idsMayHaveAnyCharacters() {
        server.enqueue(StubAnswer.json(
                "{\"id\":\"a/b c\",\"status\":\"completed\",\"output_file_id\":\"x/ y?\",\"error_file_id\":null}"));
        server.enqueue(StubAnswer.text(200, ""));
        try (BatchResults results = batches.results("a/b c")) {
            assertThat(results).isEmpty();
        }
        server.enqueue(StubAnswer.json(BATCH));
        batches.cancel("../batches");
        assertThat(calls())
                .containsExactly(
                        "GET /v1/batches/a%2Fb%20c",
                        "GET /v1/files/x%2F%20y%3F/content", "POST /v1/batches/..%2Fbatches/cancel");
    }

    @Test
    void keyIsInNoError() {
        server.otherwise(request -> StubAnswer.json(401, "{\"error\":{\"message\":\"Bad key sk-very-secret\"}}"));
        for (Runnable call : List.<Runnable>of(
                () -> batches.submit(TWO),
                () -> batches.get("b"),
                () -> batches.recent(1),
                () -> batches.cancel("b"),
                () -> batches.results("b"),
                () -> batches.delete("b"))) {
            assertThatThrownBy(call::run)
                    .isInstanceOf(LlmException.class)
                    .satisfies(error -> assertThat(error.toString())
                            .contains("Bad key ***")
                            .doesNotContain("very-secret", "zwölf"));
        }
    }
}
