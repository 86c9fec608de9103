package dev.plinth.providers.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.usage.Usage;
import dev.plinth.providers.wire.ChatCall;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class AnswerPropertiesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    record Said(String text, String thinking, List<String> cities, int input, int output) {}

    @Property(tries = 200)
    void wholeAndInLinesTheSame(@ForAll("answers") Said said, @ForAll long seed) {
        Random random = new Random(seed);
        ChatResponse whole = Served.chat(whole(said).toString());
        assertThat(whole.text()).isEqualTo(said.text);
        assertThat(whole.reasoning()).isEqualTo(said.thinking);
        assertThat(whole.toolCalls()).extracting(ToolCall::arguments).isEqualTo(arguments(said));
        assertThat(whole.usage()).isEqualTo(Usage.of(said.input, said.output));
        StubAnswer lines = StubAnswer.lines("application/x-ndjson", lines(said, random));
        assertThat(Served.stream(lines.inPieces(1 + random.nextInt(40))).response())
                .isEqualTo(whole);
    }

    /** What the model said goes back as it came. */
    @Property(tries = 200)
    void whatWasReadIsWrittenAgain(@ForAll("answers") Said said) throws IOException {
        ChatResponse response = Served.chat(whole(said).toString());
        ChatRequest request = ChatRequest.builder().message(response.message()).build();
        StringWriter text = new StringWriter();
        try (JsonGenerator json = Json.FACTORY.createGenerator(text)) {
            new ChatWriter(new ChatCall(request, "m", false, ErrorDetails.NONE)).write(json);
        }
        JsonNode again = JSON.readTree(text.toString()).at("/messages/0");
        ObjectNode message = (ObjectNode) whole(said).get("message");
        if (said.thinking.isEmpty()) {
            message.remove("thinking");
        }
        if (said.cities.isEmpty()) {
            message.remove("tool_calls");
        }
        assertThat(again).isEqualTo(message);
    }

    @Property(tries = 300)
    void whateverIsServedNothingButOurErrorsIsThrown(@ForAll("bodies") String body, @ForAll boolean plain) {
        try {
            if (plain) {
                Served.chat(body);
            } else {
                Served.stream(body).response();
            }
        } catch (LlmException expected) {
            assertThat(expected.code()).isIn("malformed_response", "overloaded");
        }
    }

    @Provide
    Arbitrary<Said> answers() {
        Arbitrary<String> text =
                Arbitraries.strings().ofMaxLength(30).filter(StandardCharsets.UTF_8.newEncoder()::canEncode);
        Arbitrary<Integer> tokens = Arbitraries.integers().between(0, 1_000_000);
        return Combinators.combine(text, text, text.list().ofMaxSize(3), tokens, tokens)
                .as(Said::new);
    }

    /** Answers with a value of another type, or a piece missing, somewhere. */
    @Provide
    Arbitrary<String> bodies() {
        Arbitrary<String> value = Arbitraries.of(
                "null",
                "7",
                "-1",
                "1e400",
                "99999999999999999999",
                "true",
                "\"x\"",
                "\"\"",
                "[]",
                "[[]]",
                "{}",
                "{\"a\":[{}]}",
                "[null,{}]",
                "[{\"function\":7}]",
                "[{\"function\":{\"name\":[],\"arguments\":[1]}}]");
        Arbitrary<String> field = Arbitraries.of(
                "model",
                "message",
                "response",
                "thinking",
                "done",
                "done_reason",
                "eval_count",
                "prompt_eval_count",
                "logprobs",
                "error",
                "code",
                "status");
        Arbitrary<String> top = Combinators.combine(field, value).as((name, json) -> "\"" + name + "\":" + json);
        Arbitrary<String> inner = Combinators.combine(
                        Arbitraries.of("role", "content", "thinking", "tool_calls", "images"), value)
                .as((name, json) -> "\"message\":{\"" + name + "\":" + json + "}");
        return Arbitraries.oneOf(top, inner).list().ofMaxSize(4).map(fields -> "{" + String.join(",", fields) + "}");
    }

    private static List<String> arguments(Said said) {
        return said.cities.stream()
                .map(city -> JSON.createObjectNode().put("city", city).toString())
                .toList();
    }

    private static ObjectNode line(boolean done) {
        return JSON.createObjectNode().put("model", "m").put("done", done);
    }

    private static ObjectNode finished(Said said) {
        return line(true)
                .put("done_reason", "stop")
                .put("prompt_eval_count", said.input)
                .put("eval_count", said.output);
    }

    private static ObjectNode whole(Said said) {
        ObjectNode answer = finished(said);
        ObjectNode message = answer.putObject("message");
        message.put("role", "assistant").put("content", said.text).put("thinking", said.thinking);
        addCalls(said.cities, message);
        return answer;
    }

    private static void addCalls(List<String> cities, ObjectNode message) {
        ArrayNode calls = message.putArray("tool_calls");
        for (String city : cities) {
            ObjectNode function = calls.addObject().putObject("function").put("name", "f");
            function.putObject("arguments").put("city", city);
        }
    }

    private static String[] lines(Said said, Random random) {
        List<String> lines = new ArrayList<>();
        for (String piece : pieces(said.thinking, random)) {
            ObjectNode line = line(false);
            line.putObject("message").put("content", "").put("thinking", piece);
            lines.add(line.toString());
        }
        for (String piece : pieces(said.text, random)) {
            ObjectNode line = line(false);
            line.putObject("message").put("role", "assistant").put("content", piece);
            lines.add(line.toString());
        }
        for (String city : said.cities) {
            ObjectNode line = line(false);
            addCalls(List.of(city), line.putObject("message").put("content", ""));
            lines.add(line.toString());
        }
        lines.add(finished(said).toString());
        return lines.toArray(String[]::new);
    }

    /** Cut between characters, as a server cuts. */
    private static List<String> pieces(String text, Random random) {
        List<String> pieces = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int end = Math.min(text.length(), start + 1 + random.nextInt(6));
            if (end < text.length() && Character.isLowSurrogate(text.charAt(end))) {
                end++;
            }
            pieces.add(text.substring(start, end));
            start = end;
        }
        return pieces;
    }
}
