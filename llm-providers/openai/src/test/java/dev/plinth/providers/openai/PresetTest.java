package dev.plinth.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ReasoningEffort;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolChoice;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.error.UnsupportedCapabilityException;
import dev.plinth.api.model.Capability;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.providers.CredentialsProvider;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PresetTest {
    private static final ToolSpec TOOL = new ToolSpec("weather", "The weather", "{\"type\":\"object\"}");
    private static final ToolCall CALL = new ToolCall("call_of_another_vendor_1", "weather", "{}");

    private final StubServer server = StubServer.start().otherwise(request -> StubAnswer.json(Chunks.completion("Hi")));

    @AfterEach
    void close() {
        server.close();
    }

    private JsonNode body(Preset preset, ChatRequest request) throws Exception {
        try (OpenAi openAi =
                OpenAi.builder(preset).baseUrl(server.url("/v1").toString()).build()) {
            openAi.chatModel("m").chat(request);
        }
        return TestJson.JSON.readTree(server.takeRequest().body());
    }

    @ParameterizedTest
    @EnumSource(Preset.class)
    void everyServerAnswersAndRefusesWhatItCannot(Preset preset) throws Exception {
        assertThat(preset.provider()).isNotBlank();
        assertThat(preset.baseUrl().isAbsolute()).isTrue();
        JsonNode body = body(
                preset,
                ChatRequest.builder()
                        .system("Be brief")
                        .user("Hi")
                        .maxOutputTokens(5)
                        .build());
        boolean renamed = List.of(Preset.OPENAI, Preset.GROQ, Preset.XAI).contains(preset);
        assertThat(body.has("max_completion_tokens")).isEqualTo(renamed);
        assertThat(body.has("max_tokens")).isEqualTo(!renamed);
        assertThat(body.at("/messages/0/role").asText()).isEqualTo("system"); // few know developer
        if (!preset.capabilities().contains(Capability.SERVICE_TIER)) {
            ChatRequest tiered =
                    ChatRequest.builder().user("Hi").serviceTier("flex").build();
            assertThatThrownBy(() -> body(preset, tiered)).isInstanceOf(UnsupportedCapabilityException.class);
        }
    }

    @Test
    void mistralHasWordsOfItsOwn() throws Exception {
        JsonNode body = body(
                Preset.MISTRAL,
                ChatRequest.builder()
                        .user("Hi")
                        .message(Message.assistant(List.of(CALL, new ToolCall("abcdefGH9", "weather", "{}"))))
                        .message(Message.tool(List.of(CALL.result("20"))))
                        .tool(TOOL)
                        .toolChoice(ToolChoice.REQUIRED)
                        .seed(7)
                        .build());
        assertThat(body.get("random_seed").asInt()).isEqualTo(7);
        assertThat(body.get("tool_choice").asText()).isEqualTo("any");
        String id = body.at("/messages/1/tool_calls/0/id").asText();
        assertThat(id).matches("[a-zA-Z0-9]{9}");
        assertThat(body.at("/messages/2/tool_call_id").asText()).isEqualTo(id);
        assertThat(body.at("/messages/1/tool_calls/1/id").asText()).isEqualTo("abcdefGH9");
    }

    @Test
    void reasoningGoesBackToServersThatWantIt() throws Exception {
        ChatRequest request = ChatRequest.builder()
                .user("Hi")
                .message(Message.assistant(List.of(new Part.Reasoning("hm"), new Part.Text("Yes"))))
                .user("Why?")
                .build();
        assertThat(body(Preset.DEEPSEEK, request)
                        .at("/messages/1/reasoning_content")
                        .asText())
                .isEqualTo("hm");
        assertThat(body(Preset.OPENROUTER, request).at("/messages/1/reasoning").asText())
                .isEqualTo("hm");
        assertThat(body(Preset.OPENAI, request).at("/messages/1").toString()).doesNotContain("hm");
    }

    @Test
    void openRouterGetsItsDetailsBackUnchanged() throws Exception {
        String details = "[{\"type\":\"reasoning.encrypted\",\"data\":\"x1\",\"index\":0}]";
        ChatResponse plain = Served.chat(Chunks.completion(
                "{\"role\":\"assistant\",\"content\":\"Yes\",\"reasoning\":\"hm\",\"reasoning_details\":" + details
                        + "}",
                "stop"));
        assertThat(plain.message().parts())
                .containsExactly(new Part.Reasoning("hm", details, "openrouter"), new Part.Text("Yes"));
        ChatRequest next = ChatRequest.builder()
                .user("Hi")
                .message(plain.message())
                .user("Why?")
                .reasoningEffort(ReasoningEffort.HIGH)
                .build();
        JsonNode body = body(Preset.OPENROUTER, next);
        assertThat(body.at("/messages/1/reasoning_details")).isEqualTo(TestJson.JSON.readTree(details));
        assertThat(body.at("/reasoning/effort").asText()).isEqualTo("high");
    }

    @Test
    void geminisProofStandsBesideItsCall() throws Exception {
        ChatResponse plain = Served.chat(Chunks.completion(
                "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"c1\",\"type\":\"function\","
                        + "\"function\":{\"name\":\"weather\",\"arguments\":\"{}\"},\"extra_content\":{\"google\":"
                        + "{\"thought_signature\":\"s1\"}}}]}",
                "tool_calls"));
        assertThat(plain.message().parts())
                .containsExactly(new Part.Reasoning("", "s1", "gemini"), new ToolCall("c1", "weather", "{}"));
        ChatRequest next = ChatRequest.builder()
                .user("Hi")
                .message(plain.message())
                .message(Message.tool(List.of(plain.toolCalls().get(0).result("20"))))
                .build();
        for (Preset preset : Preset.values()) {
            JsonNode call = body(preset, next).at("/messages/1/tool_calls/0");
            String proof = preset == Preset.GEMINI ? "s1" : "";
            assertThat(call.at("/extra_content/google/thought_signature").asText())
                    .as("%s", preset)
                    .isEqualTo(proof);
            assertThat(call.has("extra_content")).isEqualTo(!proof.isEmpty());
        }
    }

    @ParameterizedTest
    @EnumSource(Preset.class)
    void usageOfStreamsIsAskedForWhereThatIsTaken(Preset preset) throws Exception {
        String url = server.url("/v1").toString();
        StubAnswer stream = StubAnswer.sse(Chunks.text("Hi"), Chunks.finish("stop"), Chunks.DONE);
        server.enqueue(stream, stream);
        try (OpenAi openAi = OpenAi.builder(preset).baseUrl(url).build();
                OpenAi without = OpenAi.builder(preset)
                        .baseUrl(url)
                        .withoutStreamOptions()
                        .build()) {
            openAi.chatModel("m").stream(ChatRequest.of("Hi")).response();
            without.chatModel("m").stream(ChatRequest.of("Hi")).response();
        }
        assertThat(server.takeRequest().text().contains("\"stream_options\":{\"include_usage\":true}"))
                .isEqualTo(preset != Preset.MISTRAL);
        assertThat(server.takeRequest().text()).contains("\"stream\":true").doesNotContain("stream_options");
    }

    @ParameterizedTest
    @EnumSource(
            value = Preset.class,
            names = {"OPENAI", "MISTRAL"})
    void lengthOfEmbeddingsIsNamedAsTheServerNamesIt(Preset preset) throws Exception {
        server.enqueue(StubAnswer.json("{\"data\":[{\"index\":0,\"embedding\":[1,2]}]}"));
        try (OpenAi openAi =
                OpenAi.builder(preset).baseUrl(server.url("/v1").toString()).build()) {
            openAi.embeddingModel("m", 2).embedQuery("Hi");
        }
        String field = preset == Preset.MISTRAL ? "output_dimension" : "dimensions";
        assertThat(server.takeRequest().text())
                .isEqualTo("{\"model\":\"m\",\"input\":[\"Hi\"],\"encoding_format\":\"base64\",\"" + field + "\":2}");
    }

    @Test
    void azureHasPathsAndHeadersOfItsOwn() throws Exception {
        String resource = server.url("/").toString();
        try (OpenAi deployments = OpenAi.azureDeployments(resource, "2024-10-21")
                        .apiKey("k1")
                        .build();
                OpenAi current = OpenAi.azure(resource)
                        .bearerToken(CredentialsProvider.of("t1"))
                        .build()) {
            deployments.chatModel("my model").chat(ChatRequest.of("Hi"));
            current.chatModel("my model").chat(ChatRequest.of("Hi"));
        }
        var first = server.takeRequest();
        assertThat(first.target()).isEqualTo("/openai/deployments/my%20model/chat/completions?api-version=2024-10-21");
        assertThat(first.header("api-key")).contains("k1");
        var second = server.takeRequest();
        assertThat(second.target()).isEqualTo("/openai/v1/chat/completions");
        assertThat(second.header("authorization")).contains("Bearer t1");
        assertThat(second.headerNames()).doesNotContain("api-key");
        assertThatThrownBy(() -> OpenAi.azureDeployments(resource, "2024&x=1"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
