package dev.plinth.providers.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.batch.Batch;
import dev.plinth.api.batch.BatchRequest;
import dev.plinth.api.batch.BatchResult;
import dev.plinth.api.batch.BatchResults;
import dev.plinth.api.batch.ChatBatches;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ReasoningEffort;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.api.usage.Usage;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnthropicBatchesTest {
    private final AnthropicBatchProvider provider = new AnthropicBatchProvider();
    private final ChatBatches batches = provider.batches();
    private final StubServer elsewhere = StubServer.start();
    private final StubServer server = StubServer.start();
    private final Anthropic scripted = Anthropic.builder()
            .baseUrl(server.url("/").toString())
            .apiKey("sk-ant-x")
            .build();

    @AfterEach
    void close() {
        scripted.close();
        server.close();
        elsewhere.close();
        provider.close();
    }

    private static BatchRequest hi(String id) {
        return new BatchRequest(id, ChatRequest.of("Hi"));
    }

    @Test
    void requestsAreThoseOfSingleCalls() throws Exception {
        ChatRequest one = ChatRequest.builder()
                .model("claude-opus-5")
                .system("Be brief")
                .user("Hi")
                .maxOutputTokens(7)
                .option(Anthropic.BETAS, "b2, b1")
                .build();
        ChatRequest other = ChatRequest.builder()
                .user("Yo")
                .option(Anthropic.BETAS, "b3,b2")
                .build();
        Batch batch = batches.submit(List.of(new BatchRequest("q-1", one), new BatchRequest("q_2", other)));
        StubRequest sent = provider.server.takeRequest();
        assertThat(sent.method()).isEqualTo("POST");
        assertThat(sent.target()).isEqualTo("/v1/messages/batches");
        assertThat(sent.header("anthropic-version")).contains("2026-10-21");
        assertThat(sent.headers("anthropic-beta")).containsExactly("b1,b2,b3");
        assertThat(sent.header("content-type")).contains("application/json");
        assertThat(sent.header("accept")).contains("application/json");
        assertThat(sent.headers("x-api-key").size()
                        + sent.headers("authorization").size())
                .isEqualTo(1);
        JsonNode body = Events.tree(sent.text());
        assertThat(body.properties()).hasSize(1);
        JsonNode requests = body.get("requests");
        assertThat(requests).hasSize(2);
        Bodies.is(
                requests.get(0),
                "{'custom_id':'q-1','params':{'model':'claude-opus-5','max_tokens':7,'system':'Be brief',"
                        + "'messages':[{'role':'user','content':'Hi'}]}}");
        assertThat(requests.get(1).get("custom_id").asText()).isEqualTo("q_2");
        JsonNode params = requests.get(1).get("params");
        assertThat(params.get("model").asText()).isEqualTo("claude-haiku-4-5");
        assertThat(params.has("stream")).isFalse();
        server.enqueue(StubAnswer.json(Events.message("end_turn", Events.textBlock("x"))));
        scripted.chatModel("claude-haiku-4-5").chat(other);
        assertThat(params).isEqualTo(Events.tree(server.takeRequest().text()));
        assertThat(batch.state()).isEqualTo(Batch.State.RUNNING);
        assertThat(batch.total()).hasValue(2);
    }

    @Test
    void bodyIsTakenByTheVendorsSchema() throws Exception {
        Optional<VendorSchema> schema = schema();
        assumeTrue(schema.isPresent(), "anthropic/openapi.json: not there (expected: the shared specifications)");
        ToolCall call = new ToolCall("c1", "weather", "{\"city\":\"Oslo\"}");
        ChatRequest full = ChatRequest.builder()
                .system("Be brief")
                .user("Hi")
                .message(dev.plinth.api.chat.Message.assistant(
                        List.of(new Part.Reasoning("hm", "Eq", "anthropic"), call)))
                .message(dev.plinth.api.chat.Message.tool(List.of(call.result("sun"))))
                .tool(new ToolSpec("weather", "The weather", "{\"$schema\":\"x\",\"type\":\"object\"}"))
                .reasoningEffort(ReasoningEffort.LOW)
                .stop("END")
                .serviceTier("auto")
                .build();
        batches.submit(List.of(hi("a"), new BatchRequest("b", full)));
        JsonNode body = Events.tree(provider.server.takeRequest().text());
        assertThat(schema.get().errors(body)).isEmpty();
        assertThat(schema.get().errors(Events.tree("{\"requests\":[{\"custom_id\":\"a\"}]}")))
                .isNotEmpty();
        assertThat(body.toString()).doesNotContain("$schema");
    }

    private static Optional<VendorSchema> schema() throws IOException {
        return VendorSchema.of("/v1/messages/batches");
    }

    @Test
    void countsAndMoments() {
        Batch batch = batches.submit(List.of(hi("a"), hi("b"), hi("c")));
        assertThat(batch.rawState()).isEqualTo("in_progress");
        assertThat(batch.succeeded()).isZero();
        assertThat(batch.failed()).isZero();
        assertThat(batch.createdAt()).contains(Instant.parse("2026-01-01T00:00:00.123456Z"));
        assertThat(batch.endedAt()).isEmpty();
        assertThat(batch.expiresAt()).contains(Instant.parse("2026-01-02T00:00:00Z"));
        provider.answer(batch.id(), "a", "A");
        provider.refuse(batch.id(), "b");
        provider.end(batch.id());
        Batch ended = batches.get(batch.id());
        assertThat(ended.state()).isEqualTo(Batch.State.ENDED);
        assertThat(ended.total()).hasValue(3);
        assertThat(ended.succeeded()).isEqualTo(1);
        assertThat(ended.failed()).isEqualTo(2);
        assertThat(ended.endedAt()).contains(Instant.parse("2026-01-01T01:00:00Z"));
    }

    private static String batch(String url, int succeeded) {
        return "{\"id\":\"msgbatch_1\",\"type\":\"message_batch\",\"processing_status\":\"ended\",\"results_url\":\""
                + url
                + "\",\"request_counts\":{\"processing\":0,\"succeeded\":" + succeeded
                + ",\"errored\":0,\"canceled\":0,\"expired\":0}}";
    }

    /** The results that these lines become, all of them expected. */
    private Map<String, BatchResult> results(String... lines) {
        return results(lines.length, lines);
    }

    private Map<String, BatchResult> results(int total, String... lines) {
        server.enqueue(
                StubAnswer.json(batch(elsewhere.url("/results").toString(), total)),
                StubAnswer.lines("application/x-jsonl", lines));
        Map<String, BatchResult> results;
        try (BatchResults all = scripted.chatBatches("m").results("msgbatch_1")) {
            List<BatchResult> list = new ArrayList<>();
            all.forEach(list::add);
            results = list.stream().collect(Collectors.toMap(BatchResult::id, Function.identity()));
        }
        return results;
    }

    private static String line(String id, String result) {
        return "{\"custom_id\":\"" + id + "\",\"result\":" + result + "}";
    }

    private LlmException error(String result) {
        return results(line("a", result)).get("a").error().orElseThrow();
    }

    @Test
    void addressThatTheServerNamesIsNotCalled() throws Exception {
        results();
        assertThat(elsewhere.requests()).isEmpty();
        assertThat(server.takeRequest().target()).isEqualTo("/v1/messages/batches/msgbatch_1");
        StubRequest results = server.takeRequest();
        assertThat(results.target()).isEqualTo("/v1/messages/batches/msgbatch_1/results");
        assertThat(results.header("anthropic-version")).isPresent();
    }

    @Test
    void answersHaveAllThatThoseOfSingleCallsHave() {
        String message = Events.message(
                        "tool_use",
                        "{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"Eq\"}",
                        Events.textBlock("Let me see."),
                        Events.toolUse("toolu_1", "weather", "{\"city\":\"Oslo\"}"))
                .replace(
                        "{\"input_tokens\":9,\"output_tokens\":3}",
                        "{\"input_tokens\":9,\"cache_read_input_tokens\":4,\"cache_creation_input_tokens\":2,"
                                + "\"output_tokens\":3,\"service_tier\":\"batch\"}");
        String line = line("a", "{\"type\":\"succeeded\",\"message\":" + message + "}");
        ChatResponse response = results(line).get("a").response().orElseThrow();
        assertThat(response.message().parts())
                .containsExactly(
                        new Part.Reasoning("hm", "Eq", "anthropic"),
                        new Part.Text("Let me see."),
                        new ToolCall("toolu_1", "weather", "{\"city\":\"Oslo\"}"));
        assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(response.usage())
                .isEqualTo(Usage.builder()
                        .input(15)
                        .cachedInput(4)
                        .cacheWrite(2)
                        .output(3)
                        .build());
        assertThat(response.serviceTier()).contains("batch");
        assertThat(response.id()).contains("msg_1");
        assertThat(response.model()).contains("m-dated");
        assertThat(response.provider()).contains("anthropic");
        assertThat(response.raw()).contains(line);
    }

    @Test
    void whatWasNotComeToIsAnErrorOfItsOwn() {
        assertThat(error("{\"type\":\"expired\"}"))
                .isInstanceOf(TimedOutException.class)
                .hasMessageStartingWith("batch: expired");
        assertThat(error("{\"type\":\"canceled\"}"))
                .isInstanceOf(CancelledException.class)
                .hasMessageStartingWith("batch: cancelled");
    }

    @ParameterizedTest
    @CsvSource({
        "invalid_request_error, max_tokens: too many, invalid_request, false",
        "invalid_request_error, prompt is too long: 9 > 8, context_too_long, false",
        "overloaded_error, Overloaded, overloaded, true",
        "rate_limit_error, slow, rate_limited, true",
        "api_error, Internal server error, overloaded, true",
        "authentication_error, no, authentication, false",
        "billing_error, no, quota_exhausted, false",
        "new_error, what, overloaded, true"
    })
    void errorsAreThoseOfSingleCalls(String type, String message, String code, boolean retryable) {
        LlmException error = error("{\"type\":\"errored\",\"error\":{\"type\":\"error\",\"error\":{\"type\":\"" + type
                + "\",\"message\":\"" + message + "\"},\"request_id\":\"req_2\"}}");
        assertThat(error.code()).isEqualTo(code);
        assertThat(error.isRetryable()).isEqualTo(retryable);
        assertThat(error).hasMessageStartingWith("provider: " + message);
        assertThat(error.details().providerCode()).contains(type);
        assertThat(error.details().requestId()).contains("req_2");
        assertThat(error.details().httpStatus())
                .as("that of the file says nothing")
                .isEmpty();
        assertThat(error.details().provider()).contains("anthropic");
    }

    @Test
    void spendLimitIsNotTriedAgain() {
        LlmException error =
                error("{\"type\":\"errored\",\"error\":{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\","
                        + "\"message\":\"Limit\",\"details\":{\"error_code\":\"enforced_spend_limit_reached\"}}}}");
        assertThat(error.code()).isEqualTo("quota_exhausted");
        assertThat(error.isRetryable()).isFalse();
    }

    @Test
    void resultThatIsNotKnownIsAnErrorAndTheOthersAreRead() {
        Map<String, BatchResult> results = results(
                line("new", "{\"type\":\"postponed\",\"until\":{}}"),
                line("none", "null"),
                line("empty", "{}"),
                line("odd", "{\"type\":\"succeeded\",\"message\":null}"),
                line("untold", "{\"type\":\"errored\",\"error\":null}"),
                line(
                        "fine",
                        "{\"type\":\"succeeded\",\"message\":" + Events.message("end_turn", Events.textBlock("A"))
                                + "}"));
        assertThat(results).hasSize(6);
        for (String id : List.of("new", "none", "empty", "odd", "untold")) {
            assertThat(results.get(id).error()).as(id).isPresent();
            assertThat(results.get(id).error().orElseThrow()).hasMessageStartingWith("provider: no explanation");
        }
        assertThat(results.get("new").error().orElseThrow().details().providerCode())
                .contains("postponed");
        assertThat(results.get("fine").response().orElseThrow().text()).isEqualTo("A");
    }

    @Test
    void fieldsMayComeInAnyOrder() {
        String message = Events.message("end_turn", Events.textBlock("A"));
        Map<String, BatchResult> results = results(
                "{\"result\":{\"message\":" + message + ",\"type\":\"succeeded\",\"x\":[]},\"custom_id\":\"a\"}");
        assertThat(results.get("a").response().orElseThrow().text()).isEqualTo("A");
    }

    @Test
    void resultsThatAreMissingAreAnErrorAtTheEnd() {
        String line = line("a", "{\"type\":\"expired\"}");
        assertThatThrownBy(() -> results(2, line))
                .isInstanceOf(MalformedResponseException.class)
                .hasMessageStartingWith("results: 1 (expected: 2)");
        assertThatThrownBy(() -> results(1)).isInstanceOf(MalformedResponseException.class);
    }

    @Test
    void lineWithoutAnIdIsMalformed() {
        for (String line : List.of("{\"result\":{\"type\":\"expired\"}}", "{\"custom_id\":7}", "[]")) {
            assertThatThrownBy(() -> results(line))
                    .as(line)
                    .isInstanceOf(MalformedResponseException.class)
                    .hasMessageStartingWith("custom_id: none");
        }
    }
}
