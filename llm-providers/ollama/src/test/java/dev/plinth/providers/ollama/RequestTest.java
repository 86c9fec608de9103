package dev.plinth.providers.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.Media;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ReasoningEffort;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolChoice;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.UnsupportedCapabilityException;
import dev.plinth.providers.wire.ChatCall;
import dev.plinth.providers.wire.Json;
import dev.plinth.providers.wire.ToolCallBuilder;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What each feature looks like on the wire. Every body passes Ollama's own document, where that is there. */
class RequestTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SCHEMA = "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\"}}}";
    private static final ToolSpec TOOL = new ToolSpec("weather", "The weather", "{\"type\":\"object\"}");
    private static final byte[] BYTES = "content".getBytes(StandardCharsets.UTF_8);

    private static JsonNode body(ChatRequest request, boolean streamed) throws IOException {
        ChatCall call = new ChatCall(request, request.model().orElse("m"), streamed, ErrorDetails.NONE);
        StringWriter text = new StringWriter();
        try (JsonGenerator json = Json.FACTORY.createGenerator(text)) {
            new ChatWriter(call).write(json);
        }
        boolean known = request.options().names().stream()
                .allMatch(name -> !name.equals("ollama.extra_body") && !name.equals("ollama.truncate"));
        if (known) {
            Specs.errors("/api/chat", text.toString())
                    .ifPresent(errors -> assertThat(errors).as("%s", text).isEmpty());
        }
        return JSON.readTree(text.toString());
    }

    private static JsonNode body(ChatRequest.Builder request) throws IOException {
        return body(request.build(), false);
    }

    private static ChatRequest.Builder hi() {
        return ChatRequest.builder().user("Hi");
    }

    private static void is(JsonNode actual, String expected) throws IOException {
        assertThat(actual).isEqualTo(JSON.readTree(expected));
    }

    private static void refused(Part part, String capability) {
        assertThatThrownBy(() -> body(ChatRequest.builder().message(Message.user(part))))
                .isInstanceOfSatisfying(
                        UnsupportedCapabilityException.class,
                        error -> assertThat(error.capability()).isEqualTo(capability));
    }

    @Test
    void leastRequestSaysWhetherToStream() throws IOException {
        String least = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"stream\":";
        is(body(hi()), least + "false}");
        is(body(hi().build(), true), least + "true}");
    }

    @Test
    void settingsStandInAnObjectOfTheirOwn() throws IOException {
        JsonNode body = body(hi().temperature(0.2)
                .topP(0.9)
                .maxOutputTokens(50)
                .seed(7)
                .stop("END", "STOP")
                .option(Ollama.TOP_K, 5)
                .option(Ollama.MIN_P, 0.05)
                .option(Ollama.NUM_CTX, 4096)
                .option(Ollama.REPEAT_PENALTY, 1.1)
                .option(Ollama.OPTIONS, "{\"num_gpu\":0,\"mirostat\":1}"));
        is(
                body.get("options"),
                "{\"temperature\":0.2,\"top_p\":0.9,\"num_predict\":50,\"seed\":7,\"stop\":[\"END\",\"STOP\"],"
                        + "\"top_k\":5,\"min_p\":0.05,\"repeat_penalty\":1.1,\"num_ctx\":4096,\"num_gpu\":0,\"mirostat\":1}");
    }

    @Test
    void thinkingHasDegrees() throws IOException {
        Map<ReasoningEffort, String> words = Map.of(
                ReasoningEffort.NONE, "false",
                ReasoningEffort.MINIMAL, "\"low\"",
                ReasoningEffort.LOW, "\"low\"",
                ReasoningEffort.MEDIUM, "\"medium\"",
                ReasoningEffort.HIGH, "\"high\"",
                ReasoningEffort.XHIGH, "\"high\"",
                ReasoningEffort.MAX, "\"max\"");
        for (ReasoningEffort effort : ReasoningEffort.values()) {
            is(body(hi().reasoningEffort(effort)).get("think"), words.get(effort));
        }
        is(body(hi().option(Ollama.THINK, true)).get("think"), "true");
        ChatRequest.Builder both = hi().option(Ollama.THINK, true).reasoningEffort(ReasoningEffort.LOW);
        assertThatThrownBy(() -> body(both))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("ollama.think: true");
    }

    @Test
    void formats() throws IOException {
        assertThat(body(hi()).has("format")).isFalse();
        is(body(hi().responseFormat(ResponseFormat.JSON)).get("format"), "\"json\"");
        is(
                body(hi().responseFormat(new ResponseFormat.Schema("s", SCHEMA, true)))
                        .get("format"),
                SCHEMA);
    }

    @Test
    void otherFields() throws IOException {
        JsonNode body =
                body(hi().logprobs(3).option(Ollama.TRUNCATE, false).option(Ollama.EXTRA_BODY, "{\"shift\":false}"));
        is(body.get("logprobs"), "true");
        is(body.get("top_logprobs"), "3");
        is(body.get("truncate"), "false");
        is(body.get("shift"), "false");
        assertThatThrownBy(() -> body(hi().option(Ollama.EXTRA_BODY, "{\"think\":true}")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> body(hi().option(Ollama.OPTIONS, "{\"top_k\":1}")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void spansAreWrittenAsTheServerReadsThem() throws IOException {
        Map<Duration, String> spans = Map.of(
                Duration.ofMinutes(5),
                "5m",
                Duration.ofSeconds(90),
                "90s",
                Duration.ofHours(24),
                "1440m",
                Duration.ZERO,
                "0s",
                Duration.ofSeconds(-1),
                "-1s",
                Duration.ofMillis(1500),
                "1500ms");
        for (Map.Entry<Duration, String> span : spans.entrySet()) {
            assertThat(body(hi().option(Ollama.KEEP_ALIVE, span.getKey()))
                            .get("keep_alive")
                            .asText())
                    .isEqualTo(span.getValue());
        }
    }

    @Test
    void toolsAreOfferedUnlessForbidden() throws IOException {
        ChatRequest.Builder request = hi().tool(TOOL);
        is(
                body(request).get("tools"),
                "[{\"type\":\"function\",\"function\":{\"name\":\"weather\",\"description\":\"The weather\","
                        + "\"parameters\":{\"type\":\"object\"}}}]");
        assertThat(body(request.toolChoice(ToolChoice.NONE)).has("tools")).isFalse();
    }

    @Test
    void conversationKeepsItsOrder() throws IOException {
        is(
                body(ChatRequest.builder()
                                .system("Be brief")
                                .system("Be kind")
                                .user("I am Bob")
                                .message(Message.assistant("Hi Bob"))
                                .message(Message.assistant(List.of()))
                                .system("Be quick")
                                .user("name?")
                                .user("quick!"))
                        .get("messages"),
                "[{\"role\":\"system\",\"content\":\"Be brief\"},{\"role\":\"system\",\"content\":\"Be kind\"},"
                        + "{\"role\":\"user\",\"content\":\"I am Bob\"},{\"role\":\"assistant\",\"content\":\"Hi Bob\"},"
                        + "{\"role\":\"assistant\",\"content\":\"\"},{\"role\":\"system\",\"content\":\"Be quick\"},"
                        + "{\"role\":\"user\",\"content\":\"name?\"},{\"role\":\"user\",\"content\":\"quick!\"}]");
    }

    @Test
    void imagesStandBesideTheText() throws IOException {
        Part image = new Part.Image(Media.of(BYTES, "image/png"), "low");
        Message message = Message.user(
                new Part.Text("what "),
                image,
                new Part.CachePoint(),
                new Part.Text("is it"),
                new Part.Image(Media.of(BYTES, "image/gif")));
        is(
                body(ChatRequest.builder().message(message)).at("/messages/0"),
                "{\"role\":\"user\",\"content\":\"what is it\",\"images\":[\"Y29udGVudA==\",\"Y29udGVudA==\"]}");
    }

    @Test
    void resultsFollowTheOrderOfTheirCalls() throws IOException {
        ToolCall one = new ToolCall("c1", "weather", "{\"city\":\"Oslo\"}");
        ToolCall two = new ToolCall(ToolCallBuilder.MADE_UP_ID + 1, "weather", "{\"city\":\"Rome\"}");
        is(
                body(hi().message(Message.assistant(List.of(new Part.Reasoning("hm"), one, two)))
                                .message(Message.tool(List.of(two.error("no such city"), one.result("sun")))))
                        .get("messages"),
                "[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"assistant\",\"content\":\"\",\"thinking\":\"hm\","
                        + "\"tool_calls\":[{\"id\":\"c1\",\"function\":{\"name\":\"weather\",\"arguments\":{\"city\":\"Oslo\"}}},"
                        + "{\"function\":{\"name\":\"weather\",\"arguments\":{\"city\":\"Rome\"}}}]},"
                        + "{\"role\":\"tool\",\"content\":\"sun\",\"tool_name\":\"weather\",\"tool_call_id\":\"c1\"},"
                        + "{\"role\":\"tool\",\"content\":\"no such city\",\"tool_name\":\"weather\"}]");
    }

    @Test
    void brokenArgumentsAreShownToTheModel() throws IOException {
        ToolCall broken = new ToolCall("c1", "weather", "{\"city\":");
        is(
                body(hi().message(Message.assistant(List.of(broken))))
                        .at("/messages/1/tool_calls/0/function/arguments"),
                "{\"INVALID_JSON\":\"{\\\"city\\\":\"}");
    }

    @Test
    void onlyThoughtsThatNobodySignedGoBack() throws IOException {
        Message message = Message.assistant(List.of(
                new Part.Reasoning("mine"), new Part.Reasoning("theirs", "sig", "anthropic"), new Part.Text("Yes")));
        is(
                body(ChatRequest.builder().message(message)).at("/messages/0"),
                "{\"role\":\"assistant\",\"content\":\"Yes\",\"thinking\":\"mine\"}");
    }

    @Test
    void whatTheProtocolCannotSayIsRefused() {
        URI address = URI.create("https://example.com/a");
        refused(new Part.Image(Media.of(address, "image/png")), "image-by-address");
        refused(new Part.Audio(Media.of(BYTES, "audio/wav")), "part-by-role");
        refused(new Part.File(Media.of(BYTES, "application/pdf"), null), "part-by-role");
        refused(new Part.Other("openai", "video", "{}"), "part-of-protocol");
        refused(new Part.Other("ollama", "video", "{}"), "part-of-protocol");
        refused(new Part.Reasoning("hm"), "part-by-role");
    }
}
