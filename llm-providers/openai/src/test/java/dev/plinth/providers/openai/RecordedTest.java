package dev.plinth.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.api.usage.Usage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.opentest4j.TestAbortedException;

/**
 * Held against what the official JavaScript SDK sent and read: the same requests, and of the same answers the same text,
 * calls, finish and usage, or the same category of error. Streams are served whole and byte by byte.
 */
class RecordedTest {
    private static final Set<String> NOT_OURS = Set.of("models-list", "moderations");
    private static final Map<String, Set<String>> ERRORS = Map.of(
            "BadRequestError", Set.of("invalid_request", "context_too_long", "content_filtered"),
            "AuthenticationError", Set.of("authentication"),
            "NotFoundError", Set.of("model_not_found"),
            "RateLimitError", Set.of("rate_limited", "quota_exhausted"),
            "InternalServerError", Set.of("overloaded"),
            "APIError", Set.of("overloaded"),
            "SyntaxError", Set.of("malformed_response"),
            "TypeError", Set.of("transport"));

    @TestFactory
    Stream<DynamicTest> recordings() throws IOException {
        Optional<JsonNode> cases = Recordings.cases("openai-chat.json");
        if (cases.isEmpty()) {
            return Stream.of(DynamicTest.dynamicTest("openai-chat.json", () -> {
                throw new TestAbortedException("openai-chat.json: not there (expected: the shared recordings)");
            }));
        }
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode each : cases.get()) {
            String name = each.get("name").asText();
            if (!NOT_OURS.contains(name)) {
                tests.add(DynamicTest.dynamicTest(name, () -> check(each, 0)));
                if (each.at("/requests/0/body/stream").asBoolean()) {
                    tests.add(DynamicTest.dynamicTest(name + " byte by byte", () -> check(each, 1)));
                }
            }
        }
        return tests.stream();
    }

    @Test
    void everyDifferenceIsOfARecordedCase() throws IOException {
        Optional<JsonNode> cases = Recordings.cases("openai-chat.json");
        assumeTrue(cases.isPresent(), "openai-chat.json: not there (expected: the shared recordings)");
        List<String> names = cases.get().findValuesAsText("name");
        assertThat(Differences.all()).allSatisfy(each -> assertThat(names).contains(each.name()));
    }

    private static void check(JsonNode recorded, int pieces) throws Exception {
        try (StubServer server = StubServer.start();
                OpenAi openAi = client(server, recorded)) {
            for (JsonNode answer : recorded.get("served")) {
                server.enqueue(answer(answer, pieces));
            }
            Outcome outcome = call(openAi, recorded.at("/requests/0"));
            sameRequest(recorded, server.takeRequest());
            // Retries are a layer's: every answer before the last one is an error for us.
            for (int i = 1; i < recorded.get("served").size(); i++) {
                assertThat(outcome.error()).as("answer %d", i).isNotNull();
                assertThat(outcome.error().isRetryable()).as("retryable").isTrue();
                outcome = call(openAi, recorded.at("/requests/0"));
            }
            server.verify();
            compare(recorded, outcome);
        }
    }

    private static OpenAi client(StubServer server, JsonNode recorded) {
        OpenAi.Builder builder =
                OpenAi.builder().baseUrl(server.url("/v1").toString()).apiKey("sk-test");
        if (recorded.at("/requests/0/body").has("max_tokens")) {
            builder.maxTokensField();
        }
        return builder.build();
    }

    private record Outcome(ChatResponse chat, EmbeddingResponse embedding, LlmException error) {}

    private static Outcome call(OpenAi openAi, JsonNode request) {
        JsonNode body = request.get("body");
        ChatResponse[] chat = new ChatResponse[1];
        EmbeddingResponse[] embedding = new EmbeddingResponse[1];
        LlmException error = catchThrowableOfType(LlmException.class, () -> {
            if (request.get("path").asText().endsWith("/embeddings")) {
                embedding[0] = openAi.embeddingModel("other").embed(RecordedRequest.embedding(body));
                return;
            }
            ChatModel model = openAi.chatModel("other");
            ChatRequest said = RecordedRequest.chat(body);
            chat[0] = body.path("stream").asBoolean() ? model.stream(said).response() : model.chat(said);
        });
        return new Outcome(chat[0], embedding[0], error);
    }

    private static StubAnswer answer(JsonNode served, int pieces) {
        if (!served.has("body")) {
            return StubAnswer.hangUp();
        }
        JsonNode body = served.get("body");
        String text = body.isTextual() ? body.asText() : body.toString();
        String type = served.get("type").asText();
        StubAnswer answer = type.startsWith("text/event-stream")
                ? StubAnswer.streaming(type).chunk(text)
                : StubAnswer.of(served.get("status").asInt(), type, text.getBytes(StandardCharsets.UTF_8));
        for (Map.Entry<String, JsonNode> header : served.path("headers").properties()) {
            answer = answer.header(header.getKey(), header.getValue().asText());
        }
        answer = pieces > 0 ? answer.inPieces(pieces) : answer;
        return served.path("cut").asBoolean() ? answer.reset() : answer;
    }

    private static void sameRequest(JsonNode recorded, StubRequest sent) throws IOException {
        JsonNode expected = recorded.at("/requests/0");
        assertThat(sent.method()).isEqualTo(expected.get("method").asText());
        assertThat(sent.target())
                .isEqualTo(expected.get("path").asText() + expected.get("query").asText());
        for (JsonNode header : expected.get("headers")) {
            String name = header.get(0).asText();
            if (name.equalsIgnoreCase("authorization") || name.equalsIgnoreCase("content-type")) {
                assertThat(sent.header(name)).contains(header.get(1).asText());
            }
        }
        String name = recorded.get("name").asText();
        List<String> places = SameJson.differences(expected.get("body"), Recordings.JSON.readTree(sent.text()));
        assertThat(places)
                .as("differences from %s in %s", expected.get("body"), sent.text())
                .containsExactlyInAnyOrderElementsOf(Differences.inRequest(name));
    }

    private static void compare(JsonNode recorded, Outcome outcome) {
        String name = recorded.get("name").asText();
        JsonNode client = recorded.get("client");
        if (Differences.inAnswer(name)) {
            different(name, outcome);
        } else if (client.has("error")) {
            sameError(client.get("error"), outcome.error());
        } else if (recorded.at("/requests/0/path").asText().endsWith("/embeddings")) {
            sameVectors(client.get("ok"), recorded.at("/served/0/body/data"), outcome.embedding());
        } else {
            assertThat(outcome.error()).isNull();
            same(client.get("ok"), outcome.chat());
        }
    }

    private static void different(String name, Outcome outcome) {
        if (name.equals("edge-empty-data")) {
            assertThat(outcome.chat().text()).isEqualTo("AB");
        } else {
            assertThat(outcome.error()).isInstanceOf(MalformedResponseException.class);
            assertThat(outcome.error().partialText()).isEqualTo("not a stream");
        }
    }

    private static void sameError(JsonNode expected, LlmException error) {
        assertThat(error).isNotNull();
        assertThat(ERRORS.get(expected.get("class").asText())).contains(error.code());
        if (expected.has("status")) {
            assertThat(error.details().httpStatus())
                    .hasValue(expected.get("status").asInt());
        }
        assertThat(error.details().requestId().orElse(""))
                .isEqualTo(expected.path("requestID").asText());
        boolean said = expected.has("status") || expected.get("class").asText().equals("APIError");
        if (said && !expected.get("message").asText().contains("<html>")) {
            String message = expected.get("message").asText().replaceFirst("^\\d{3} ", "");
            assertThat(error.getMessage()).contains(message.replace("sk-test", "***"));
        }
    }

    private static void sameVectors(JsonNode expected, JsonNode served, EmbeddingResponse response) {
        assertThat(response.usage().input())
                .hasValue(expected.at("/usage/prompt_tokens").asLong());
        if (expected.has("v")) {
            assertThat(response.vectors().get(0)).containsExactly(0.25f, -0.5f, 1f);
        }
        for (JsonNode entry : served) {
            JsonNode numbers = entry.get("embedding");
            float[] vector = response.vectors().get(entry.get("index").asInt());
            for (int i = 0; i < numbers.size(); i++) {
                assertThat(vector[i]).isEqualTo((float) numbers.get(i).asDouble());
            }
        }
    }

    /** Of a plain call the SDK's own object was kept, of a stream a summary. */
    private static void same(JsonNode ok, ChatResponse response) {
        JsonNode message = ok.at("/choices/0/message");
        boolean plain = !message.isMissingNode();
        String text =
                plain ? message.path("content").asText("") : ok.get("text").asText();
        String refusal = (plain ? message : ok).path("refusal").asText("");
        assertThat(response.text())
                .isEqualTo((text.equals("null") ? "" : text) + (refusal.equals("null") ? "" : refusal));
        if (!plain) {
            assertThat(response.reasoning()).isEqualTo(ok.path("reasoning").asText());
        }
        assertThat(response.rawFinishReason().orElse("null"))
                .isEqualTo((plain ? ok.at("/choices/0/finish_reason") : ok.get("finish")).asText());
        sameUsage(ok.get("usage"), response);
        sameCalls(plain ? message.path("tool_calls") : ok.get("tools"), response.toolCalls(), plain);
        boolean refused = !refusal.isEmpty() && !refusal.equals("null");
        assertThat(response.finishReason() == FinishReason.REFUSAL).isEqualTo(refused);
        if (!response.toolCalls().isEmpty()) {
            assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
        }
    }

    private static void sameUsage(JsonNode usage, ChatResponse response) {
        if (usage == null || usage.isNull()) {
            assertThat(response.usage()).isEqualTo(Usage.UNKNOWN);
            return;
        }
        assertThat(response.usage().input()).hasValue(usage.get("prompt_tokens").asLong());
        assertThat(response.usage().output())
                .hasValue(usage.get("completion_tokens").asLong());
        JsonNode cached = usage.at("/prompt_tokens_details/cached_tokens");
        if (!cached.isMissingNode()) {
            assertThat(response.usage().cachedInput()).hasValue(cached.asLong());
        }
        JsonNode reasoning = usage.at("/completion_tokens_details/reasoning_tokens");
        if (!reasoning.isMissingNode()) {
            assertThat(response.usage().reasoning()).hasValue(reasoning.asLong());
        }
    }

    private static void sameCalls(JsonNode expected, List<ToolCall> calls, boolean plain) {
        assertThat(calls).hasSize(expected.size());
        int position = 0;
        for (JsonNode each : expected) {
            JsonNode function = plain ? each.get("function") : each;
            ToolCall call = calls.get(position++);
            String id = each.path("id").asText();
            assertThat(call.id()).isNotBlank();
            if (!id.isEmpty()) {
                assertThat(call.id()).isEqualTo(id);
            }
            assertThat(call.name()).isEqualTo(function.get("name").asText());
            assertThat(call.arguments()).isEqualTo(function.get("arguments").asText());
        }
    }
}
