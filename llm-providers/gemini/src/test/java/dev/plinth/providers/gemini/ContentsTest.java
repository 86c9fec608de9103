package dev.plinth.providers.gemini;

import static dev.plinth.providers.gemini.Answers.json;
import static dev.plinth.providers.gemini.Written.body;
import static dev.plinth.providers.gemini.Written.contents;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.Media;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.Role;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.error.UnsupportedCapabilityException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ContentsTest {
    private static final byte[] BYTES = "content".getBytes(StandardCharsets.UTF_8);
    private static final ToolCall CALL = new ToolCall("c1", "weather", "{\"city\":\"Oslo\"}");

    private static Message assistant(Part... parts) {
        return Message.assistant(List.of(parts));
    }

    private static Part.Reasoning signed(String text, String signature) {
        return new Part.Reasoning(text, signature, Gemini.PROTOCOL);
    }

    private static void refused(String capability, Message... said) {
        assertThatThrownBy(() -> contents(said))
                .isInstanceOfSatisfying(
                        UnsupportedCapabilityException.class,
                        error -> assertThat(error.capability()).isEqualTo(capability));
    }

    private static JsonNode part(Part part) {
        return contents(Message.user(part)).at("/0/parts/0");
    }

    @Test
    void allOfTheSystemIsOneInstruction() {
        JsonNode body =
                body(ChatRequest.builder().system("Be brief.").user("Hi").system("Be kind."));
        assertThat(body.get("systemInstruction"))
                .isEqualTo(json("{\"parts\":[{\"text\":\"Be brief.\"},{\"text\":\"Be kind.\"}]}"));
        assertThat(body.get("contents")).hasSize(1);
        assertThat(body(ChatRequest.builder().system("").user("Hi")).has("systemInstruction"))
                .isFalse();
    }

    @Test
    void whoSaysNothingIsNotAsked() {
        refused("no-contents", Message.system("Be brief."));
        refused("no-contents", Message.user(""), assistant());
    }

    @Test
    void sidesTakeTurns() {
        assertThat(contents(
                        Message.user("a"),
                        Message.user("b"),
                        assistant(),
                        Message.assistant("c"),
                        Message.assistant("d"),
                        Message.tool(List.of(CALL.result("{}"))),
                        Message.user("e")))
                .isEqualTo(json("[{\"role\":\"user\",\"parts\":[{\"text\":\"a\"},{\"text\":\"b\"}]},"
                        + "{\"role\":\"model\",\"parts\":[{\"text\":\"c\"},{\"text\":\"d\"}]},"
                        + "{\"role\":\"user\",\"parts\":[{\"functionResponse\":{\"id\":\"c1\",\"name\":\"weather\","
                        + "\"response\":{}}},{\"text\":\"e\"}]}]"));
    }

    @Test
    void picturesSoundAndFiles() {
        assertThat(part(new Part.Image(Media.of(BYTES, "image/png"), "low")))
                .isEqualTo(json("{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"Y29udGVudA==\"},"
                        + "\"mediaResolution\":{\"level\":\"MEDIA_RESOLUTION_LOW\"}}"));
        assertThat(part(new Part.Image(Media.of(URI.create("gs://b/a.png"), "image/png"), "MEDIA_RESOLUTION_HIGH")))
                .isEqualTo(json("{\"fileData\":{\"mimeType\":\"image/png\",\"fileUri\":\"gs://b/a.png\"},"
                        + "\"mediaResolution\":{\"level\":\"MEDIA_RESOLUTION_HIGH\"}}"));
        assertThat(part(new Part.Audio(Media.of(BYTES, "audio/mpeg"))))
                .isEqualTo(json("{\"inlineData\":{\"mimeType\":\"audio/mpeg\",\"data\":\"Y29udGVudA==\"}}"));
        assertThat(part(new Part.File(Media.of(URI.create("https://example.com/a.pdf"), "application/pdf"), "a.pdf")))
                .isEqualTo(json("{\"fileData\":{\"mimeType\":\"application/pdf\","
                        + "\"fileUri\":\"https://example.com/a.pdf\"}}"));
        String video = "{\"fileData\":{\"fileUri\":\"https://youtu.be/x\"},\"videoMetadata\":{\"fps\":1}}";
        assertThat(part(new Part.Other("gemini", "fileData", video))).isEqualTo(json(video));
        assertThat(contents(Message.user(new Part.Text("a"), new Part.CachePoint()))
                        .at("/0/parts"))
                .hasSize(1);
    }

    @Test
    void partsInTheWrongPlaceAreRefused() {
        Part picture = new Part.Image(Media.of(BYTES, "image/png"));
        refused("part-by-role", new Message(Role.SYSTEM, List.of(picture)), Message.user("Hi"));
        refused("part-by-role", Message.user(new Part.Reasoning("hm")));
        refused("part-by-role", Message.user(CALL));
        refused("part-of-protocol", Message.user(new Part.Other("openai", "video", "{}")));
    }

    @Test
    void signatureGoesBackOnThePartItStoodBefore() {
        assertThat(contents(assistant(
                                new Part.Reasoning("not signed"),
                                signed("", "s1"),
                                CALL,
                                new ToolCall("c2", "weather", "{}"),
                                signed("", "s2"),
                                new Part.Text("a"),
                                signed("", "s3"),
                                new Part.Image(Media.of(BYTES, "image/png"))))
                        .at("/0/parts"))
                .isEqualTo(json("[{\"functionCall\":{\"id\":\"c1\",\"name\":\"weather\",\"args\":{\"city\":\"Oslo\"}},"
                        + "\"thoughtSignature\":\"s1\"},"
                        + "{\"functionCall\":{\"id\":\"c2\",\"name\":\"weather\",\"args\":{}}},"
                        + "{\"text\":\"a\",\"thoughtSignature\":\"s2\"},"
                        + "{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"Y29udGVudA==\"},"
                        + "\"thoughtSignature\":\"s3\"}]"));
    }

    @Test
    void signatureWithoutAPartGoesBackOnAnEmptyText() {
        JsonNode expected = json("[{\"text\":\"a\"},{\"text\":\"\",\"thoughtSignature\":\"s\"}]");
        assertThat(contents(assistant(new Part.Text("a"), signed("", "s"))).at("/0/parts"))
                .isEqualTo(expected);
        assertThat(contents(assistant(new Part.Text("a"), signed("", "s"), new Part.Text("")))
                        .at("/0/parts"))
                .isEqualTo(expected);
        assertThat(contents(assistant(signed("", "s1"), signed("", "s2"), new Part.Text("a")))
                        .at("/0/parts"))
                .isEqualTo(json("[{\"text\":\"\",\"thoughtSignature\":\"s1\"},"
                        + "{\"text\":\"a\",\"thoughtSignature\":\"s2\"}]"));
    }

    @Test
    void thoughtsGoBackWhereGeminiSignedThem() {
        assertThat(contents(assistant(
                                signed("hm", "s"), new Part.Reasoning("mine", "x", "anthropic"), new Part.Text("Yes")))
                        .at("/0/parts"))
                .isEqualTo(json("[{\"text\":\"hm\",\"thought\":true,\"thoughtSignature\":\"s\"},{\"text\":\"Yes\"}]"));
    }

    @Test
    void callsOfOtherModelsAreMarkedForModelsThatAsk() {
        ToolCall second = new ToolCall("c2", "weather", "{}");
        ChatRequest.Builder request = ChatRequest.builder().message(assistant(CALL, second));
        JsonNode newer = body(request.model("gemini-3-flash")).at("/contents/0/parts");
        assertThat(newer.at("/0/thoughtSignature").asText()).isEqualTo("skip_thought_signature_validator");
        assertThat(newer.at("/1").has("thoughtSignature")).isFalse();
        JsonNode older = body(request.model("gemini-2.5-flash")).at("/contents/0/parts");
        assertThat(older.at("/0").has("thoughtSignature")).isFalse();
    }

    @Test
    void idsThatWereMadeUpAreNotSent() {
        ToolCall call = new ToolCall("call_unnamed_0", "weather", "");
        JsonNode sent = contents(assistant(call), Message.tool(List.of(call.result("sun"))));
        assertThat(sent.at("/0/parts/0/functionCall")).isEqualTo(json("{\"name\":\"weather\",\"args\":{}}"));
        assertThat(sent.at("/1/parts/0/functionResponse"))
                .isEqualTo(json("{\"name\":\"weather\",\"response\":{\"output\":\"sun\"}}"));
    }

    @Test
    void whatIsNoObjectBecomesOne() {
        JsonNode parts = contents(
                        assistant(new ToolCall("c", "weather", "{\"city\":")),
                        Message.tool(List.of(
                                new ToolResult("c", "f", "{\"output\":{\"t\":20}}", false),
                                new ToolResult("c", "f", "[1]", false),
                                new ToolResult("c", "f", "", false),
                                new ToolResult("c", "f", "{} {}", false),
                                new ToolResult("c", "f", "{\"no\":1}", true))))
                .at("/1/parts");
        assertThat(parts.at("/0/functionResponse/response")).isEqualTo(json("{\"output\":{\"t\":20}}"));
        assertThat(parts.at("/1/functionResponse/response")).isEqualTo(json("{\"output\":\"[1]\"}"));
        assertThat(parts.at("/2/functionResponse/response")).isEqualTo(json("{\"output\":\"\"}"));
        assertThat(parts.at("/3/functionResponse/response")).isEqualTo(json("{\"output\":\"{} {}\"}"));
        assertThat(parts.at("/4/functionResponse/response")).isEqualTo(json("{\"error\":\"{\\\"no\\\":1}\"}"));
        assertThat(contents(assistant(new ToolCall("c", "weather", "{\"city\":")))
                        .at("/0/parts/0/functionCall/args"))
                .isEqualTo(json("{\"arguments\":\"{\\\"city\\\":\"}"));
    }

    @Test
    void numbersStayExact() {
        String exact = "{\"n\":12345678901234567890,\"d\":0.12345678901234567890}";
        ChatRequest request = ChatRequest.builder()
                .message(assistant(new ToolCall("c", "f", exact)))
                .build();
        assertThat(body(request).at("/contents/0/parts/0/functionCall/args/n").bigIntegerValue())
                .hasToString("12345678901234567890");
    }

    @Property(tries = 300)
    void sidesAlternateAndSayAll(@ForAll("messages") List<Message> messages) {
        JsonNode contents = contents(messages.toArray(Message[]::new));
        StringBuilder said = new StringBuilder();
        String before = "";
        for (JsonNode content : contents) {
            assertThat(content.get("role").asText()).isNotEqualTo(before).isIn("user", "model");
            before = content.get("role").asText();
            assertThat(content.get("parts")).isNotEmpty();
            content.get("parts").forEach(part -> said.append(part.path("text").asText()));
        }
        StringBuilder expected = new StringBuilder();
        messages.forEach(message -> expected.append(message.text()));
        assertThat(said).hasToString(expected.toString());
    }

    @Provide
    Arbitrary<List<Message>> messages() {
        Arbitrary<Message> message = Arbitraries.of(
                Message.user("u1"),
                Message.user("u2"),
                Message.user(new Part.Text(""), new Part.Text("u3")),
                assistant(),
                Message.assistant("a1"),
                assistant(new Part.Text("a2"), signed("", "s"), CALL),
                assistant(new Part.Reasoning("hm", "x", "other")),
                Message.tool(List.of(CALL.result("sun"))));
        return message.list().ofMaxSize(8).map(list -> {
            List<Message> all = new java.util.ArrayList<>(list);
            all.add(Message.user("u"));
            return all;
        });
    }
}
