package dev.plinth.providers.gemini;

import static dev.plinth.providers.gemini.Answers.quoted;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.testkit.StubAnswer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** An answer reads the same whole and in chunks, goes back as it came, and junk is an error like any other. */
class AnswerPropertiesTest {

    @Property(tries = 200)
    void wholeAndInChunksTheSame(@ForAll("answers") List<String> parts, @ForAll long seed) {
        ChatResponse whole = Served.chat(Answers.last(parts.toArray(String[]::new)));
        ChatResponse streamed =
                read(Served.stream(chunks(parts, new Random(seed)).toArray(String[]::new)));
        assertThat(streamed.message()).isEqualTo(whole.message());
        assertThat(streamed.usage()).isEqualTo(whole.usage());
        assertThat(streamed.finishReason()).isEqualTo(whole.finishReason());
    }

    @Property(tries = 100)
    void anySplitOfTheBytesIsTheSame(@ForAll("answers") List<String> parts, @ForAll("sizes") int bytes) {
        String body = "data: " + Answers.last(parts.toArray(String[]::new)) + "\r\n\r\n";
        StubAnswer answer = StubAnswer.of(200, "text/event-stream", body.getBytes(StandardCharsets.UTF_8));
        assertThat(Served.stream(answer.inPieces(bytes)).response())
                .isEqualTo(Served.stream(answer).response());
    }

    @Property(tries = 200)
    void whatIsReadGoesBackAsItCame(@ForAll("answers") List<String> parts) {
        ChatResponse first = Served.chat(Answers.last(parts.toArray(String[]::new)));
        ChatResponse again = sentBack(first);
        assertThat(again.text()).isEqualTo(first.text());
        assertThat(again.toolCalls()).isEqualTo(first.toolCalls());
        assertThat(signed(again)).isEqualTo(signed(first));
        assertThat(sentBack(again).message()).isEqualTo(again.message());
    }

    /** An answer of the parts that are sent when this was one. */
    private static ChatResponse sentBack(ChatResponse response) {
        List<String> sent = new ArrayList<>();
        ChatRequest.Builder request = ChatRequest.builder()
                .model("gemini-2.5-m")
                .message(response.message())
                .user("Go on.");
        for (JsonNode content : Written.body(request).get("contents")) {
            if (content.get("role").asText().equals("model")) {
                content.get("parts").forEach(part -> sent.add(part.toString()));
            }
        }
        return Served.chat(Answers.last(sent.toArray(String[]::new)));
    }

    /** Each signature with the part it stands before. */
    private static List<List<Part>> signed(ChatResponse response) {
        List<List<Part>> signed = new ArrayList<>();
        List<Part> parts = response.message().parts();
        for (int i = 0; i < parts.size() - 1; i++) {
            if (parts.get(i) instanceof Part.Reasoning thought && thought.signature() != null) {
                signed.add(parts.subList(i, i + 2));
            }
        }
        return signed;
    }

    @Property(tries = 300)
    void junkIsAnErrorLikeAnyOther(@ForAll("junk") String body, @ForAll boolean streamed) {
        StubAnswer answer = StubAnswer.of(200, "application/json", body.getBytes(StandardCharsets.UTF_8));
        try {
            ChatResponse response = streamed ? Served.stream(answer).response() : Served.chat(answer);
            assertThat(response.message()).isNotNull();
        } catch (LlmException error) {
            assertThat(error.getMessage()).isNotBlank();
        }
    }

    @Provide
    Arbitrary<Integer> sizes() {
        return Arbitraries.integers().between(1, 40);
    }

    @Provide
    Arbitrary<List<String>> answers() {
        Arbitrary<String> said =
                Arbitraries.strings().ofMaxLength(12).filter(StandardCharsets.UTF_8.newEncoder()::canEncode);
        Arbitrary<String> sign =
                Arbitraries.of("", "", ",\"thoughtSignature\":\"c2ln\"", ",\"thoughtSignature\":\"b3Ro\"");
        return Arbitraries.oneOf(
                        Combinators.combine(said, sign)
                                .as((text, signed) -> "{\"text\":" + quoted(text) + signed + "}"),
                        said.map(text -> "{\"text\":" + quoted(text) + ",\"thought\":true}"),
                        Combinators.combine(said, sign)
                                .as((text, signed) -> "{\"functionCall\":{\"name\":\"f\",\"args\":{\"a\":"
                                        + quoted(text) + "}}" + signed + "}"),
                        said.map(text -> "{\"executableCode\":{\"code\":" + quoted(text) + "}}"),
                        Arbitraries.just("{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"AQID\"}}"))
                .list()
                .ofMaxSize(6);
    }

    /** Bodies that look like answers, with values where they do not belong. */
    @Provide
    Arbitrary<String> junk() {
        Arbitrary<String> leaf = Arbitraries.of(
                "null",
                "7",
                "-1",
                "1e400",
                "9223372036854775807",
                "12345678901234567890",
                "true",
                "\"\"",
                "\"STOP\"",
                "\"x\"",
                "[]",
                "{}",
                "[null]",
                "{\"text\":\"a\"}");
        Arbitrary<String> name = Arbitraries.of(
                "candidates",
                "content",
                "parts",
                "text",
                "thought",
                "thoughtSignature",
                "functionCall",
                "name",
                "args",
                "partialArgs",
                "jsonPath",
                "stringValue",
                "numberValue",
                "willContinue",
                "inlineData",
                "mimeType",
                "data",
                "fileData",
                "fileUri",
                "finishReason",
                "promptFeedback",
                "blockReason",
                "usageMetadata",
                "promptTokenCount",
                "thoughtsTokenCount",
                "totalTokenCount",
                "candidatesTokenCount",
                "error",
                "code",
                "message",
                "groundingMetadata",
                "groundingChunks",
                "web",
                "uri",
                "groundingSupports",
                "segment",
                "startIndex",
                "groundingChunkIndices",
                "logprobsResult",
                "chosenCandidates",
                "topCandidates",
                "logProbability",
                "citationMetadata",
                "citations",
                "modelVersion",
                "responseId",
                "hologram");
        Arbitrary<String> value = Arbitraries.lazyOf(
                () -> leaf,
                () -> object(name, leaf),
                () -> object(name, object(name, leaf)),
                () -> object(name, leaf).list().ofMaxSize(3).map(list -> "[" + String.join(",", list) + "]"));
        Arbitrary<String> candidate = object(name, value).map(fields -> "{\"candidates\":[" + fields + "]}");
        Arbitrary<String> part = object(name, value)
                .map(fields ->
                        "{\"candidates\":[{\"content\":{\"parts\":[" + fields + "]},\"finishReason\":\"STOP\"}]}");
        return Arbitraries.oneOf(object(name, value), candidate, part, value);
    }

    private static Arbitrary<String> object(Arbitrary<String> name, Arbitrary<String> value) {
        return Combinators.combine(name, value)
                .as((field, content) -> "\"" + field + "\":" + content)
                .list()
                .ofMaxSize(4)
                .map(fields -> "{" + String.join(",", fields) + "}");
    }

    private static List<String> chunks(List<String> parts, Random random) {
        List<String> chunks = new ArrayList<>();
        List<String> together = new ArrayList<>();
        for (String part : parts) {
            together.add(part);
            if (random.nextBoolean()) {
                chunks.add(Answers.chunk(together.toArray(String[]::new)));
                together.clear();
            }
        }
        chunks.add(Answers.last(together.toArray(String[]::new)));
        return chunks;
    }

    /** Reads a stream, and checks that the events say what the answer says. */
    private static ChatResponse read(ChatStream stream) {
        StringBuilder text = new StringBuilder();
        StringBuilder thoughts = new StringBuilder();
        Map<Integer, String> arguments = new TreeMap<>();
        for (StreamEvent event : stream) {
            if (event instanceof StreamEvent.TextDelta delta) {
                text.append(delta.text());
            } else if (event instanceof StreamEvent.ReasoningDelta delta) {
                thoughts.append(delta.text());
            } else if (event instanceof StreamEvent.ToolCallDelta delta) {
                arguments.merge(delta.index(), delta.arguments(), String::concat);
            }
        }
        ChatResponse response = stream.response();
        assertThat(text).hasToString(response.text());
        assertThat(thoughts).hasToString(response.reasoning());
        assertThat(response.toolCalls().stream().map(ToolCall::arguments))
                .containsExactlyElementsOf(arguments.values());
        return response;
    }
}
