package dev.plinth.providers.cohere;

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
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What each feature looks like on the wire. */
class RequestTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SCHEMA =
            "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\",\"minimum\":1}}}";
    private static final String ENFORCED =
            "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\",\"description\":\"minimum: 1\"}}}";
    private static final ToolSpec WEATHER = new ToolSpec("weather", "The weather", SCHEMA);
    private static final ToolSpec TIME = new ToolSpec("time", "The time", "{\"type\":\"object\"}");
    private static final byte[] BYTES = "content".getBytes(StandardCharsets.UTF_8);

    private static JsonNode body(ChatRequest request, boolean streamed) throws IOException {
        ChatCall call = new ChatCall(request, request.model().orElse("m"), streamed, ErrorDetails.NONE);
        StringWriter text = new StringWriter();
        try (JsonGenerator json = Json.FACTORY.createGenerator(text)) {
            new ChatWriter(call).write(json);
        }
        return JSON.readTree(text.toString());
    }

    private static JsonNode body(ChatRequest.Builder request) throws IOException {
        return body(request.build(), false);
    }

    private static ChatRequest.Builder hi() {
        return ChatRequest.builder().user("Hi");
    }

    private static JsonNode message(Message message) throws IOException {
        return body(ChatRequest.builder().message(message)).at("/messages/0");
    }

    private static void is(JsonNode actual, String expected) throws IOException {
        assertThat(actual).isEqualTo(JSON.readTree(expected));
    }

    private static void refused(ChatRequest.Builder request, String capability) {
        assertThatThrownBy(() -> body(request))
                .isInstanceOfSatisfying(
                        UnsupportedCapabilityException.class,
                        error -> assertThat(error.capability()).isEqualTo(capability));
    }

    private static void refused(Part part, String capability) {
        refused(ChatRequest.builder().message(Message.user(part)), capability);
    }

    @Test
    void leastRequestSaysWhetherToStream() throws IOException {
        String least = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"stream\":";
        is(body(hi()), least + "false}");
        is(body(hi().build(), true), least + "true}");
    }

    @Test
    void sampling() throws IOException {
        is(
                body(hi().temperature(0.2)
                        .topP(0.9)
                        .maxOutputTokens(50)
                        .stop("END", "STOP")
                        .seed(7)
                        .logprobs(0)
                        .option(Cohere.TOP_K, 5)
                        .option(Cohere.FREQUENCY_PENALTY, 0.1)
                        .option(Cohere.PRESENCE_PENALTY, 0.2)
                        .option(Cohere.SAFETY_MODE, "STRICT")
                        .option(Cohere.CITATION_MODE, "FAST")
                        .option(Cohere.EXTRA_BODY, "{\"priority\":3}")),
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"stream\":false,"
                        + "\"temperature\":0.2,\"p\":0.9,\"k\":5,\"max_tokens\":50,\"stop_sequences\":[\"END\",\"STOP\"],"
                        + "\"seed\":7,\"frequency_penalty\":0.1,\"presence_penalty\":0.2,\"logprobs\":true,"
                        + "\"citation_options\":{\"mode\":\"FAST\"},\"safety_mode\":\"STRICT\",\"priority\":3}");
        assertThat(body(hi().topP(1)).get("p").asDouble()).isEqualTo(0.99);
        refused(hi().logprobs(2), "logprob-alternatives");
        assertThatThrownBy(() -> body(hi().option(Cohere.EXTRA_BODY, "{\"k\":1}")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void thinking() throws IOException {
        assertThat(body(hi()).has("thinking")).isFalse();
        is(body(hi().reasoningEffort(ReasoningEffort.NONE)).get("thinking"), "{\"type\":\"disabled\"}");
        for (ReasoningEffort effort : List.of(ReasoningEffort.MINIMAL, ReasoningEffort.MEDIUM, ReasoningEffort.MAX)) {
            is(body(hi().reasoningEffort(effort)).get("thinking"), "{\"type\":\"enabled\"}");
        }
        is(
                body(hi().option(Cohere.THINKING_BUDGET, 100)).get("thinking"),
                "{\"type\":\"enabled\",\"token_budget\":100}");
        ChatRequest.Builder both = hi().option(Cohere.THINKING_BUDGET, 1).reasoningEffort(ReasoningEffort.NONE);
        assertThatThrownBy(() -> body(both))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("cohere.thinking_budget: 1");
    }

    @Test
    void formats() throws IOException {
        assertThat(body(hi()).has("response_format")).isFalse();
        is(body(hi().responseFormat(ResponseFormat.JSON)).get("response_format"), "{\"type\":\"json_object\"}");
        is(
                body(hi().responseFormat(new ResponseFormat.Schema("s", SCHEMA, true)))
                        .get("response_format"),
                "{\"type\":\"json_object\",\"json_schema\":" + ENFORCED + "}");
    }

    @Test
    void toolsAreOfferedAndDemanded() throws IOException {
        ChatRequest.Builder request = hi().tool(WEATHER).tool(TIME);
        is(
                body(request).get("tools"),
                "[{\"type\":\"function\",\"function\":{\"name\":\"weather\",\"description\":\"The weather\",\"parameters\":"
                        + SCHEMA
                        + "}},{\"type\":\"function\",\"function\":{\"name\":\"time\",\"description\":\"The time\","
                        + "\"parameters\":{\"type\":\"object\"}}}]");
        assertThat(body(request).has("tool_choice")).isFalse();
        is(body(request.toolChoice(ToolChoice.NONE)).get("tool_choice"), "\"NONE\"");
        is(body(request.toolChoice(ToolChoice.REQUIRED)).get("tool_choice"), "\"REQUIRED\"");
        JsonNode one = body(request.toolChoice(ToolChoice.tool("time")));
        is(one.get("tool_choice"), "\"REQUIRED\"");
        assertThat(one.get("tools")).hasSize(1);
        assertThat(one.at("/tools/0/function/name").asText()).isEqualTo("time");
    }

    @Test
    void strictToolsAreBroughtDownToWhatIsEnforced() throws IOException {
        JsonNode body = body(hi().tool(WEATHER).option(Cohere.STRICT_TOOLS, true));
        is(body.get("strict_tools"), "true");
        is(body.at("/tools/0/function/parameters"), ENFORCED);
    }

    @Test
    void conversationKeepsItsOrderAndWhatSaysNothingIsLeftOut() throws IOException {
        is(
                body(ChatRequest.builder()
                                .system("Be brief")
                                .system("Be kind")
                                .user("I am Bob")
                                .message(Message.assistant("Hi Bob"))
                                .message(Message.assistant(List.of()))
                                .message(
                                        Message.assistant(List.of(new Part.Reasoning("theirs"), new Part.CachePoint())))
                                .system("Be quick")
                                .user("name?")
                                .user("quick!"))
                        .get("messages"),
                "[{\"role\":\"system\",\"content\":\"Be brief\"},{\"role\":\"system\",\"content\":\"Be kind\"},"
                        + "{\"role\":\"user\",\"content\":\"I am Bob\"},{\"role\":\"assistant\",\"content\":\"Hi Bob\"},"
                        + "{\"role\":\"system\",\"content\":\"Be quick\"},{\"role\":\"user\",\"content\":\"name?\"},"
                        + "{\"role\":\"user\",\"content\":\"quick!\"}]");
    }

    @Test
    void imagesByBytesAndByAddress() throws IOException {
        is(
                message(Message.user(
                        new Part.Text("what"),
                        new Part.Image(Media.of(BYTES, "image/png"), "low"),
                        new Part.CachePoint(),
                        new Part.Image(Media.of(URI.create("https://example.com/a.png"), "image/png")),
                        new Part.Other("cohere", "chart", "{\"type\":\"chart\"}"))),
                "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"what\"},{\"type\":\"image_url\",\"image_url\":"
                        + "{\"url\":\"data:image/png;base64,Y29udGVudA==\",\"detail\":\"low\"}},{\"type\":\"image_url\","
                        + "\"image_url\":{\"url\":\"https://example.com/a.png\"}},{\"type\":\"chart\"}]}");
    }

    @Test
    void thoughtsAndPlansGoBackToWhereTheyCameFrom() throws IOException {
        is(
                message(Message.assistant(List.of(
                        new Part.Reasoning("hm", "thinking", "cohere"),
                        new Part.Text("Well"),
                        new Part.Reasoning("I will look.", "tool_plan", "cohere"),
                        new Part.Reasoning("theirs", "sig", "anthropic"),
                        new Part.Reasoning("nobody's"),
                        new ToolCall("w_0", "weather", "{\"city\":\"Oslo\"}")))),
                "{\"role\":\"assistant\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"hm\"},{\"type\":\"text\","
                        + "\"text\":\"Well\"}],\"tool_plan\":\"I will look.\",\"tool_calls\":[{\"id\":\"w_0\",\"type\":"
                        + "\"function\",\"function\":{\"name\":\"weather\",\"arguments\":\"{\\\"city\\\":\\\"Oslo\\\"}\"}}]}");
    }

    @Test
    void resultsAreTextsOrDocuments() throws IOException {
        ToolCall one = new ToolCall("w_0", "weather", "{}");
        ToolCall two = new ToolCall("t_1", "time", "{\"broken");
        is(
                body(hi().message(Message.assistant(List.of(one, two)))
                                .message(
                                        Message.tool(List.of(one.result("{\"t\":\"20\"}"), two.error("no such zone")))))
                        .get("messages"),
                "[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"w_0\",\"type\":"
                        + "\"function\",\"function\":{\"name\":\"weather\",\"arguments\":\"{}\"}},{\"id\":\"t_1\",\"type\":"
                        + "\"function\",\"function\":{\"name\":\"time\",\"arguments\":\"{\\\"broken\"}}]},"
                        + "{\"role\":\"tool\",\"tool_call_id\":\"w_0\",\"content\":[{\"type\":\"document\",\"document\":"
                        + "{\"data\":{\"t\":\"20\"}}}]},{\"role\":\"tool\",\"tool_call_id\":\"t_1\",\"content\":"
                        + "\"no such zone\"}]");
    }

    @Test
    void filesOfTextAreDocuments() throws IOException {
        Part file = new Part.File(Media.of("é".getBytes(StandardCharsets.UTF_8), "text/plain"), "a.txt");
        Part nameless = new Part.File(Media.of(BYTES, "text/markdown"), null);
        JsonNode body = body(ChatRequest.builder()
                .message(Message.user(new Part.Text("What is in it?"), file))
                .message(Message.user(nameless))
                .option(Cohere.DOCUMENTS, "[\"plain\",{\"id\":\"d\",\"data\":{\"text\":\"x\"}}]"));
        is(
                body.get("documents"),
                "[{\"data\":{\"title\":\"a.txt\",\"text\":\"é\"}},{\"data\":{\"text\":\"content\"}},\"plain\","
                        + "{\"id\":\"d\",\"data\":{\"text\":\"x\"}}]");
        is(body.get("messages"), "[{\"role\":\"user\",\"content\":\"What is in it?\"}]");
        for (String wrong : List.of("{}", "7", "[1", "[{\"a\":", "nonsense")) {
            assertThatThrownBy(() -> body(hi().option(Cohere.DOCUMENTS, wrong)))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("cohere.documents: ")
                    .hasMessageNotContaining("nonsense");
        }
    }

    @Test
    void whatTheProtocolCannotSayIsRefused() {
        URI address = URI.create("https://example.com/a");
        refused(new Part.File(Media.of(address, "text/plain"), "a"), "file-by-address");
        refused(new Part.File(Media.of(BYTES, "application/pdf"), "a"), "file-type");
        refused(new Part.File(Media.of(new byte[] {(byte) 0xE9}, "text/plain"), "a"), "file-encoding");
        refused(new Part.Audio(Media.of(BYTES, "audio/wav")), "part-by-role");
        refused(new Part.Other("openai", "video", "{}"), "part-of-protocol");
        refused(new Part.Reasoning("hm"), "part-by-role");
        Part image = new Part.Image(Media.of(BYTES, "image/png"));
        refused(ChatRequest.builder().message(Message.assistant(List.of(image))), "part-by-role");
    }
}
