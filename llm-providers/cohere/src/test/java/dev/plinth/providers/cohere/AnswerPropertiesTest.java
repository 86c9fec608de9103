package dev.plinth.providers.cohere;

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

    record Said(String thinking, String text, String plan, List<String> cities, int input) {}

    @Property(tries = 200)
    void wholeAndInEventsTheSame(@ForAll("answers") Said said, @ForAll long seed) {
        Random random = new Random(seed);
        ChatResponse whole = Served.chat(whole(said).toString());
        assertThat(whole.text()).isEqualTo(said.text);
        assertThat(whole.reasoning()).isEqualTo(said.thinking + said.plan);
        assertThat(whole.toolCalls()).extracting(ToolCall::arguments).isEqualTo(arguments(said));
        assertThat(whole.usage()).isEqualTo(Usage.of(said.input, 7));
        StubAnswer events = StubAnswer.sse(events(said, random));
        assertThat(Served.stream(events.inPieces(1 + random.nextInt(40))).response())
                .isEqualTo(whole);
    }

    /** What the model said goes back as it came. */
    @Property(tries = 200)
    void whatWasReadIsWrittenAgain(@ForAll("answers") Said said) throws IOException {
        ChatResponse response = Served.chat(whole(said).toString());
        ChatRequest request =
                ChatRequest.builder().message(response.message()).user("on").build();
        StringWriter text = new StringWriter();
        try (JsonGenerator json = Json.FACTORY.createGenerator(text)) {
            new ChatWriter(new ChatCall(request, "m", false, ErrorDetails.NONE)).write(json);
        }
        JsonNode messages = JSON.readTree(text.toString()).get("messages");
        ObjectNode message = (ObjectNode) whole(said).get("message");
        if (message.size() == 1) {
            assertThat(messages).hasSize(1);
            return;
        }
        JsonNode content = message.path("content");
        if (content.size() == 1 && content.get(0).has("text")) {
            message.set("content", content.get(0).get("text"));
        }
        assertThat(messages.get(0)).isEqualTo(message);
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
        return Combinators.combine(text, text, text, text.list().ofMaxSize(3), tokens)
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
                "{\"message\":7}",
                "{\"finish_reason\":[]}",
                "{\"error\":{}}",
                "{\"tokens\":[],\"billed_units\":7}",
                "[null,{}]",
                "[{\"function\":7}]",
                "[{\"type\":[]},{\"type\":\"x\",\"text\":{}}]",
                "{\"function\":{\"name\":[],\"arguments\":[1]}}",
                "[{\"start\":1,\"sources\":[{\"id\":1}]}]",
                "{\"start\":-1,\"end\":1e9,\"sources\":{}}",
                "[{\"text\":[],\"logprobs\":[\"x\"]}]");
        Arbitrary<String> top = Combinators.combine(
                        Arbitraries.of(
                                "id",
                                "type",
                                "event_type",
                                "index",
                                "message",
                                "delta",
                                "logprobs",
                                "finish_reason",
                                "usage",
                                "meta",
                                "text",
                                "tool_calls",
                                "tool_call_delta",
                                "citations",
                                "response",
                                "generations",
                                "error"),
                        value)
                .as((name, json) -> "\"" + name + "\":" + json);
        Arbitrary<String> inner = Combinators.combine(
                        Arbitraries.of("content", "tool_plan", "tool_calls", "citations"),
                        value,
                        Arbitraries.of("\"message\":{%s}", "\"delta\":{\"message\":{%s}}"))
                .as((name, json, place) -> String.format(place, "\"" + name + "\":" + json));
        return Arbitraries.oneOf(top, inner).list().ofMaxSize(4).map(fields -> "{" + String.join(",", fields) + "}");
    }

    private static List<String> arguments(Said said) {
        return said.cities.stream()
                .map(city -> JSON.createObjectNode().put("city", city).toString())
                .toList();
    }

    private static ObjectNode usage(Said said) {
        ObjectNode usage = JSON.createObjectNode();
        usage.putObject("tokens").put("input_tokens", said.input).put("output_tokens", 7);
        return usage;
    }

    private static ObjectNode whole(Said said) {
        ObjectNode answer = JSON.createObjectNode().put("id", "i").put("finish_reason", "COMPLETE");
        answer.set("usage", usage(said));
        ObjectNode message = answer.putObject("message").put("role", "assistant");
        ArrayNode content = JSON.createArrayNode();
        addBlock("thinking", said.thinking, content);
        addBlock("text", said.text, content);
        if (!content.isEmpty()) {
            message.set("content", content);
        }
        if (!said.plan.isEmpty()) {
            message.put("tool_plan", said.plan);
        }
        if (!said.cities.isEmpty()) {
            ArrayNode calls = message.putArray("tool_calls");
            List<String> arguments = arguments(said);
            for (int i = 0; i < arguments.size(); i++) {
                calls.addObject()
                        .put("id", "f_" + i)
                        .put("type", "function")
                        .putObject("function")
                        .put("name", "f")
                        .put("arguments", arguments.get(i));
            }
        }
        return answer;
    }

    private static void addBlock(String kind, String text, ArrayNode content) {
        if (!text.isEmpty()) {
            content.addObject().put("type", kind).put(kind, text);
        }
    }

    private static String[] events(Said said, Random random) {
        List<String> events = new ArrayList<>(List.of(Events.START));
        addBlock(0, "thinking", said.thinking, random, events);
        addBlock(1, "text", said.text, random, events);
        for (String piece : pieces(said.plan, random)) {
            events.add(Events.plan(inString(piece)));
        }
        List<String> arguments = arguments(said);
        for (int i = 0; i < arguments.size(); i++) {
            events.add(Events.callStart(i, "f_" + i, "f"));
            for (String piece : pieces(arguments.get(i), random)) {
                events.add(Events.callDelta(i, inString(piece)));
            }
            events.add(Events.end("tool-call-end", i));
        }
        ObjectNode last = JSON.createObjectNode().put("type", "message-end");
        last.putObject("delta").put("finish_reason", "COMPLETE").set("usage", usage(said));
        events.add(last.toString());
        events.add(Events.DONE);
        return events.toArray(String[]::new);
    }

    private static void addBlock(int index, String kind, String text, Random random, List<String> events) {
        events.add(Events.blockStart(index, kind));
        for (String piece : pieces(text, random)) {
            events.add(Events.blockDelta(index, kind, inString(piece)));
        }
        events.add(Events.end("content-end", index));
    }

    /** As it stands inside a JSON string. */
    private static String inString(String text) {
        String quoted = JSON.getNodeFactory().textNode(text).toString();
        return quoted.substring(1, quoted.length() - 1);
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
