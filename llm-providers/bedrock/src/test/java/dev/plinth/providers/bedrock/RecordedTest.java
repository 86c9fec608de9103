package dev.plinth.providers.bedrock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.opentest4j.TestAbortedException;

/**
 * Held against what the official JavaScript SDK sent and read: the same requests, and of the same answers the same text,
 * thoughts, calls, finish and usage, or the same category of error. Streams are served whole and byte by byte.
 */
class RecordedTest {
    private static final Map<String, String> ERRORS = Map.ofEntries(
            Map.entry("ValidationException", "invalid_request"),
            Map.entry("AccessDeniedException", "authentication"),
            Map.entry("ResourceNotFoundException", "model_not_found"),
            Map.entry("ModelTimeoutException", "overloaded"),
            Map.entry("ModelErrorException", "overloaded"),
            Map.entry("ThrottlingException", "rate_limited"),
            Map.entry("ModelNotReadyException", "rate_limited"),
            Map.entry("InternalServerException", "overloaded"),
            Map.entry("ServiceUnavailableException", "overloaded"),
            Map.entry("ModelStreamErrorException", "overloaded"),
            Map.entry("Error", "malformed_response"));

    @TestFactory
    Stream<DynamicTest> recordings() throws IOException {
        Optional<JsonNode> cases = Recordings.cases();
        if (cases.isEmpty()) {
            return Stream.of(DynamicTest.dynamicTest(Recordings.FILE, () -> {
                throw new TestAbortedException(Recordings.FILE + ": not there (expected: the shared recordings)");
            }));
        }
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode each : cases.get()) {
            String name = each.get("name").asText();
            tests.add(DynamicTest.dynamicTest(name, () -> check(each, 0)));
            if (path(each).endsWith("-stream")) {
                tests.add(DynamicTest.dynamicTest(name + " byte by byte", () -> check(each, 1)));
            }
        }
        return tests.stream();
    }

    @Test
    void everyDifferenceIsOfARecordedCase() throws IOException {
        Optional<JsonNode> cases = Recordings.cases();
        assumeTrue(cases.isPresent(), Recordings.FILE + ": not there (expected: the shared recordings)");
        List<String> names = cases.get().findValuesAsText("name");
        assertThat(Differences.all()).allSatisfy(each -> assertThat(names).contains(each.name()));
    }

    private static String path(JsonNode recorded) {
        return recorded.at("/requests/0/path").asText();
    }

    private static void check(JsonNode recorded, int pieces) throws Exception {
        try (StubServer server = StubServer.start();
                Bedrock bedrock = client(server, recorded)) {
            for (JsonNode answer : recorded.get("served")) {
                server.enqueue(answer(answer, pieces));
            }
            Outcome outcome = call(bedrock, recorded);
            sameRequest(recorded, server.takeRequest());
            server.verify();
            compare(recorded, outcome);
        }
    }

    private static Bedrock client(StubServer server, JsonNode recorded) {
        Bedrock.Builder builder =
                Bedrock.builder().region("us-east-1").baseUrl(server.url("/").toString());
        for (JsonNode header : recorded.at("/requests/0/headers")) {
            String value = header.get(1).asText();
            if (value.startsWith("Bearer ")) {
                return builder.apiKey(value.substring("Bearer ".length())).build();
            }
        }
        return builder.credentials(AwsCredentials.of("AKIDEXAMPLE", "secret", "session-token"))
                .build();
    }

    private record Outcome(ChatResponse chat, EmbeddingResponse embedding, LlmException error) {}

    private static Outcome call(Bedrock bedrock, JsonNode recorded) {
        JsonNode body = recorded.at("/requests/0/body");
        String model = path(recorded).split("/")[2].replace("%3A", ":").replace("%2F", "/");
        ChatResponse[] chat = new ChatResponse[1];
        EmbeddingResponse[] embedding = new EmbeddingResponse[1];
        LlmException error = catchThrowableOfType(LlmException.class, () -> {
            if (path(recorded).endsWith("/invoke")) {
                embedding[0] = bedrock.embeddingModel(model)
                        .embed(EmbeddingRequest.query(body.get("inputText").asText()));
                return;
            }
            ChatModel chatModel = bedrock.chatModel(model);
            ChatRequest said = RecordedRequest.chat(body);
            chat[0] =
                    path(recorded).endsWith("-stream") ? chatModel.stream(said).response() : chatModel.chat(said);
        });
        return new Outcome(chat[0], embedding[0], error);
    }

    private static StubAnswer answer(JsonNode served, int pieces) {
        JsonNode body = served.get("body");
        boolean bytes = served.has("encoding");
        byte[] content = bytes
                ? Base64.getDecoder().decode(body.asText())
                : body.toString().getBytes(StandardCharsets.UTF_8);
        String type = served.get("type").asText();
        StubAnswer answer = bytes
                ? StubAnswer.streaming(type).chunk(content)
                : StubAnswer.of(served.get("status").asInt(), type, content);
        for (Map.Entry<String, JsonNode> header : served.path("headers").properties()) {
            answer = answer.header(header.getKey(), header.getValue().asText());
        }
        return pieces > 0 ? answer.inPieces(pieces) : answer;
    }

    private static void sameRequest(JsonNode recorded, StubRequest sent) throws IOException {
        JsonNode expected = recorded.at("/requests/0");
        assertThat(sent.method()).isEqualTo(expected.get("method").asText());
        assertThat(sent.target())
                .isEqualTo(expected.get("path").asText() + expected.get("query").asText());
        assertThat(sent.header("content-type")).contains("application/json");
        for (JsonNode header : expected.get("headers")) {
            String value = header.get(1).asText();
            if (value.startsWith("Bearer ")) {
                assertThat(sent.header("authorization")).contains(value);
            } else if (header.get(0).asText().equals("x-amz-security-token")) {
                assertThat(sent.header("x-amz-security-token")).contains(value);
                assertThat(sent.header("authorization").orElse(""))
                        .startsWith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
                        .contains("/us-east-1/bedrock/aws4_request, SignedHeaders=content-type;host;"
                                + "x-amz-content-sha256;x-amz-date;x-amz-security-token, Signature=");
            }
        }
        String name = recorded.get("name").asText();
        JsonNode actual = Recordings.JSON.readTree(sent.text());
        List<String> places = SameJson.differences(expected.get("body"), actual);
        assertThat(places)
                .as("differences from %s in %s", expected.get("body"), actual)
                .containsExactlyInAnyOrderElementsOf(Differences.inRequest(name));
    }

    private static void compare(JsonNode recorded, Outcome outcome) {
        JsonNode client = recorded.get("client");
        if (client.has("error")) {
            sameError(client.get("error"), outcome.error());
            return;
        }
        assertThat(outcome.error()).isNull();
        JsonNode ok = client.get("ok");
        if (ok.has("embedding")) {
            assertThat(outcome.embedding().vectors().get(0)).containsExactly(0.1f, 0.2f);
            assertThat(outcome.embedding().usage().input())
                    .hasValue(ok.get("inputTextTokenCount").asLong());
        } else if (ok.isArray()) {
            sameStream(ok, outcome.chat());
        } else {
            samePlain(ok, outcome.chat());
        }
    }

    private static void sameError(JsonNode expected, LlmException error) {
        assertThat(error).isNotNull();
        String type = expected.get("class").asText();
        assertThat(error.code()).isEqualTo(ERRORS.get(type));
        assertThat(error.details().requestId().orElse("")).startsWith("aws-");
        if (type.equals("Error")) {
            assertThat(error).hasMessageStartingWith("event: wrong checksum");
        } else {
            assertThat(error.getMessage()).contains(expected.get("message").asText());
            assertThat(error.details().providerCode().orElse("")).isEqualToIgnoringCase(type);
        }
        if (expected.has("status")) {
            assertThat(error.details().httpStatus())
                    .hasValue(expected.get("status").asInt());
        } else if (!type.equals("Error")) {
            assertThat(error.partialText()).isEqualTo("Hé");
        }
    }

    private static void samePlain(JsonNode ok, ChatResponse response) {
        StringBuilder text = new StringBuilder();
        StringBuilder thoughts = new StringBuilder();
        List<ToolCall> calls = new ArrayList<>();
        for (JsonNode block : ok.at("/output/message/content")) {
            text.append(block.path("text").asText());
            thoughts.append(block.at("/reasoningContent/reasoningText/text").asText());
            JsonNode call = block.path("toolUse");
            if (!call.isMissingNode()) {
                calls.add(new ToolCall(
                        call.get("toolUseId").asText(),
                        call.get("name").asText(),
                        call.get("input").toString()));
            }
        }
        assertThat(response.text()).isEqualTo(text.toString());
        assertThat(response.reasoning()).isEqualTo(thoughts.toString());
        assertThat(response.toolCalls()).isEqualTo(calls);
        assertThat(response.rawFinishReason()).contains(ok.get("stopReason").asText());
        assertThat(response.requestId()).contains(ok.at("/$metadata/requestId").asText());
        signature(ok.at("/output/message/content/0/reasoningContent/reasoningText/signature"), response);
        sameUsage(ok.get("usage"), response);
    }

    private static void sameStream(JsonNode events, ChatResponse response) {
        StringBuilder text = new StringBuilder();
        StringBuilder thoughts = new StringBuilder();
        StringBuilder arguments = new StringBuilder();
        for (JsonNode event : events) {
            text.append(event.at("/contentBlockDelta/delta/text").asText());
            thoughts.append(
                    event.at("/contentBlockDelta/delta/reasoningContent/text").asText());
            arguments.append(event.at("/contentBlockDelta/delta/toolUse/input").asText());
            signature(event.at("/contentBlockDelta/delta/reasoningContent/signature"), response);
            if (event.has("contentBlockStart")) {
                JsonNode tool = event.at("/contentBlockStart/start/toolUse");
                assertThat(response.toolCalls().get(0).id())
                        .isEqualTo(tool.get("toolUseId").asText());
                assertThat(response.toolCalls().get(0).name())
                        .isEqualTo(tool.get("name").asText());
            }
            if (event.has("messageStop")) {
                assertThat(response.rawFinishReason())
                        .contains(event.at("/messageStop/stopReason").asText());
            }
            if (event.has("metadata")) {
                sameUsage(event.at("/metadata/usage"), response);
            }
        }
        assertThat(response.text()).isEqualTo(text.toString());
        assertThat(response.reasoning()).isEqualTo(thoughts.toString());
        assertThat(response.toolCalls().stream().map(ToolCall::arguments).reduce("", String::concat))
                .isEqualTo(arguments.toString());
    }

    private static void signature(JsonNode expected, ChatResponse response) {
        if (!expected.isMissingNode()) {
            assertThat(response.message().parts())
                    .contains(new Part.Reasoning("hm", expected.asText(), Bedrock.PROTOCOL));
        }
    }

    private static void sameUsage(JsonNode usage, ChatResponse response) {
        long read = usage.get("cacheReadInputTokens").asLong();
        long write = usage.get("cacheWriteInputTokens").asLong();
        assertThat(response.usage().input()).hasValue(usage.get("inputTokens").asLong() + read + write);
        assertThat(response.usage().output()).hasValue(usage.get("outputTokens").asLong());
        assertThat(response.usage().cachedInput()).hasValue(read);
        assertThat(response.usage().cacheWrite()).hasValue(write);
    }
}
