package dev.plinth.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.Media;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolChoice;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.error.UnsupportedCapabilityException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestTest {
    private static final ToolSpec TOOL = new ToolSpec("weather", "The weather", "{\"type\":\"object\"}");
    private static final byte[] BYTES = "content".getBytes(StandardCharsets.UTF_8);
    private static final String BASE64 = "Y29udGVudA==";

    private static final String LOOSE =
            "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"type\":\"object\","
                    + "\"properties\":{\"city\":{\"type\":\"string\",\"minLength\":2},\"days\":{\"type\":\"integer\"}},"
                    + "\"required\":[\"city\"]}";
    private static final String PLAIN = "{\"type\":\"object\","
            + "\"properties\":{\"city\":{\"type\":\"string\",\"minLength\":2},\"days\":{\"type\":\"integer\"}},"
            + "\"required\":[\"city\"]}";
    private static final String STRICT = "{\"type\":\"object\","
            + "\"properties\":{\"city\":{\"type\":\"string\",\"description\":\"minLength: 2\"},"
            + "\"days\":{\"type\":[\"integer\",\"null\"]}},"
            + "\"required\":[\"city\",\"days\"],\"additionalProperties\":false}";

    private static JsonNode body(ChatRequest.Builder request) throws IOException {
        return Bodies.chat(request);
    }

    private static JsonNode part(Part part) throws IOException {
        return body(ChatRequest.builder().message(Message.user(part))).at("/messages/0/content/0");
    }

    private static void is(JsonNode actual, String expected) throws IOException {
        assertThat(SameJson.differences(TestJson.JSON.readTree(expected), actual))
                .as("%s", actual)
                .isEmpty();
    }

    private static void refused(ChatRequest.Builder request, String capability) {
        assertThatThrownBy(() -> body(request))
                .isInstanceOfSatisfying(
                        UnsupportedCapabilityException.class,
                        error -> assertThat(error.capability()).isEqualTo(capability));
    }

    @Test
    void leastRequest() throws IOException {
        is(
                body(ChatRequest.builder().user("Hi")),
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
    }

    @Test
    void streamsAskForTheirUsage() throws IOException {
        JsonNode body = Bodies.chat(ChatRequest.builder().user("Hi"), Dialect.OPEN_AI, true);
        is(body.get("stream_options"), "{\"include_usage\":true}");
        assertThat(body.get("stream").asBoolean()).isTrue();
    }

    @Test
    void picturesSoundAndFiles() throws IOException {
        is(
                part(new Part.Image(Media.of(BYTES, "image/png"), "low")),
                "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64," + BASE64
                        + "\",\"detail\":\"low\"}}");
        is(
                part(new Part.Image(Media.of(URI.create("https://example.com/a.png"), "image/png"))),
                "{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://example.com/a.png\"}}");
        is(
                part(new Part.Audio(Media.of(BYTES, "audio/mpeg"))),
                "{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"" + BASE64 + "\",\"format\":\"mp3\"}}");
        is(
                part(new Part.File(Media.of(BYTES, "application/pdf"), "a.pdf")),
                "{\"type\":\"file\",\"file\":{\"filename\":\"a.pdf\",\"file_data\":\"data:application/pdf;base64,"
                        + BASE64 + "\"}}");
        is(part(new Part.Other("openai", "video", "{\"type\":\"video\",\"v\":[1]}")), "{\"type\":\"video\",\"v\":[1]}");
    }

    @Test
    void whatTheProtocolCannotSayIsRefused() {
        URI address = URI.create("https://example.com/a");
        Media sound = Media.of(address, "audio/wav");
        refused(ChatRequest.builder().message(Message.user(new Part.Audio(sound))), "audio-by-address");
        refused(
                ChatRequest.builder().message(Message.user(new Part.Audio(Media.of(BYTES, "audio/ogg")))),
                "audio-format");
        Media file = Media.of(address, "application/pdf");
        refused(ChatRequest.builder().message(Message.user(new Part.File(file, null))), "file-by-address");
        Part picture = new Part.Image(Media.of(BYTES, "image/png"));
        refused(ChatRequest.builder().message(Message.assistant(List.of(picture))), "part-by-role");
        refused(ChatRequest.builder().message(Message.user(new Part.Reasoning("hm"))), "part-by-role");
    }

    @Test
    void reasoningIsNotSentBack() throws IOException {
        Message message = Message.assistant(List.of(new Part.Reasoning("hm", "signed", "test"), new Part.Text("Yes")));
        is(
                body(ChatRequest.builder().message(message)).at("/messages/0"),
                "{\"role\":\"assistant\",\"content\":\"Yes\"}");
    }

    @Test
    void resultsBecomeMessagesOfTheirOwn() throws IOException {
        ToolCall one = new ToolCall("c1", "weather", "{}");
        ToolCall two = new ToolCall("c2", "weather", "{}");
        JsonNode messages = body(ChatRequest.builder()
                        .message(Message.assistant(List.of(one, two)))
                        .message(Message.tool(List.of(one.result("sun"), two.error("no such city")))))
                .get("messages");
        is(
                messages,
                "[{\"role\":\"assistant\",\"content\":null,\"tool_calls\":["
                        + "{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"weather\",\"arguments\":\"{}\"}},"
                        + "{\"id\":\"c2\",\"type\":\"function\",\"function\":{\"name\":\"weather\",\"arguments\":\"{}\"}}]},"
                        + "{\"role\":\"tool\",\"tool_call_id\":\"c1\",\"content\":\"sun\"},"
                        + "{\"role\":\"tool\",\"tool_call_id\":\"c2\",\"content\":\"no such city\"}]");
    }

    @Test
    void choices() throws IOException {
        ChatRequest.Builder request = ChatRequest.builder().user("Hi").tool(TOOL);
        assertThat(body(request).has("tool_choice")).isFalse();
        assertThat(body(request.toolChoice(ToolChoice.NONE)).get("tool_choice").asText())
                .isEqualTo("none");
        assertThat(body(request.toolChoice(ToolChoice.REQUIRED))
                        .get("tool_choice")
                        .asText())
                .isEqualTo("required");
        is(
                body(request.toolChoice(ToolChoice.tool("weather"))).get("tool_choice"),
                "{\"type\":\"function\",\"function\":{\"name\":\"weather\"}}");
    }

    @Test
    void toolsAreEnforcedWhereAskedFor() throws IOException {
        ChatRequest.Builder request = ChatRequest.builder().user("Hi").tool(new ToolSpec("weather", "W", LOOSE));
        String start =
                "[{\"type\":\"function\",\"function\":{\"name\":\"weather\",\"description\":\"W\",\"parameters\":";
        is(body(request).get("tools"), start + PLAIN + "}}]");
        is(body(request.option(OpenAi.STRICT_TOOLS, false)).get("tools"), start + PLAIN + ",\"strict\":false}}]");
        is(body(request.option(OpenAi.STRICT_TOOLS, true)).get("tools"), start + STRICT + ",\"strict\":true}}]");
    }

    @Test
    void formats() throws IOException {
        ChatRequest.Builder request = ChatRequest.builder().user("Hi");
        assertThat(body(request).has("response_format")).isFalse();
        is(body(request.responseFormat(ResponseFormat.JSON)).get("response_format"), "{\"type\":\"json_object\"}");
        String start = "{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"report\",";
        is(
                body(request.responseFormat(new ResponseFormat.Schema("report", LOOSE, true)))
                        .get("response_format"),
                start + "\"strict\":true,\"schema\":" + STRICT + "}}");
        is(
                body(request.responseFormat(new ResponseFormat.Schema("report", LOOSE, false)))
                        .get("response_format"),
                start + "\"schema\":" + PLAIN + "}}");
    }

    /** Only the one at the top says what the schema is written in. */
    @Test
    void propertyMayBeCalledLikeTheSchema() throws IOException {
        String schema = "{\"type\":\"object\",\"properties\":{\"$schema\":{\"const\":1.0}}}";
        ChatRequest.Builder request = ChatRequest.builder().user("Hi").tool(new ToolSpec("f", "F", schema));
        is(body(request).at("/tools/0/function/parameters"), schema);
    }

    @Test
    void extraFieldsAreAddedButNeverTwice() throws IOException {
        ChatRequest.Builder request = ChatRequest.builder().user("Hi");
        JsonNode body =
                body(request.option(OpenAi.EXTRA_BODY, "{\"top_k\":20,\"chat_template_kwargs\":{\"thinking\":false}}"));
        assertThat(body.get("top_k").asInt()).isEqualTo(20);
        is(body.get("chat_template_kwargs"), "{\"thinking\":false}");
        for (String wrong :
                List.of("[1]", "{\"model\":\"x\"}", "{\"temperature\":1}", "{\"a\":", "{\"a\":1", "nonsense")) {
            assertThatThrownBy(() -> body(request.option(OpenAi.EXTRA_BODY, wrong)))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("openai.extra_body: ")
                    .hasMessageNotContaining("nonsense");
        }
    }
}
