package dev.plinth.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.usage.Usage;
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

/** An answer reads the same whole and in chunks, wherever it is cut. */
class AnswerPropertiesTest {

    record Said(String text, String reasoning, List<String> arguments, int input, int output) {}

    @Property(tries = 300)
    void wholeAndInChunksTheSame(@ForAll("answers") Said said, @ForAll long seed) {
        ChatResponse whole = whole(said);
        assertThat(whole.text()).isEqualTo(said.text);
        assertThat(whole.reasoning()).isEqualTo(said.reasoning);
        assertThat(whole.toolCalls().stream().map(ToolCall::arguments)).isEqualTo(said.arguments);
        assertThat(whole.usage()).isEqualTo(Usage.of(said.input, said.output));
        assertThat(streamed(chunks(said, new Random(seed)))).isEqualTo(whole);
    }

    @Provide
    Arbitrary<Said> answers() {
        Arbitrary<String> text =
                Arbitraries.strings().ofMaxLength(30).filter(StandardCharsets.UTF_8.newEncoder()::canEncode);
        Arbitrary<String> arguments = text.map(city -> object("city", city));
        Arbitrary<Integer> tokens = Arbitraries.integers().between(0, 1_000_000);
        return Combinators.combine(text, text, arguments.list().ofMaxSize(3), tokens, tokens)
                .as(Said::new);
    }

    private static String object(String name, String value) {
        return TestJson.JSON.createObjectNode().put(name, value).toString();
    }

    private static ChatResponse whole(Said said) {
        ObjectNode message = TestJson.JSON.createObjectNode();
        message.put("role", "assistant").put("content", said.text).put("reasoning_content", said.reasoning);
        ArrayNode calls = message.putArray("tool_calls");
        for (int i = 0; i < said.arguments.size(); i++) {
            ObjectNode call = calls.addObject().put("id", "c" + i).put("type", "function");
            call.putObject("function").put("name", "f").put("arguments", said.arguments.get(i));
        }
        ObjectNode completion = envelope();
        ObjectNode choice = completion.putArray("choices").addObject();
        choice.put("index", 0).put("finish_reason", "stop").set("message", message);
        completion.set("usage", usage(said));
        return Served.chat(completion.toString());
    }

    private static List<String> chunks(Said said, Random random) {
        List<String> chunks = new ArrayList<>();
        for (String piece : pieces(said.reasoning, random)) {
            chunks.add(chunk(TestJson.JSON.createObjectNode().put("reasoning_content", piece), null));
        }
        for (String piece : pieces(said.text, random)) {
            chunks.add(chunk(TestJson.JSON.createObjectNode().put("content", piece), null));
        }
        for (int i = 0; i < said.arguments.size(); i++) {
            boolean first = true;
            for (String piece : pieces(said.arguments.get(i), random)) {
                ObjectNode delta = TestJson.JSON.createObjectNode();
                ObjectNode call = delta.putArray("tool_calls").addObject().put("index", i);
                ObjectNode function = call.putObject("function").put("arguments", piece);
                if (first) {
                    call.put("id", "c" + i).put("type", "function");
                    function.put("name", "f");
                }
                first = false;
                chunks.add(chunk(delta, null));
            }
        }
        chunks.add(chunk(TestJson.JSON.createObjectNode(), "stop"));
        ObjectNode last = envelope();
        last.putArray("choices");
        last.set("usage", usage(said));
        chunks.add(last.toString());
        chunks.add("[DONE]");
        return chunks;
    }

    private static String chunk(ObjectNode delta, String finishReason) {
        ObjectNode chunk = envelope();
        ObjectNode choice = chunk.putArray("choices").addObject();
        choice.put("index", 0).put("finish_reason", finishReason).set("delta", delta);
        return chunk.putNull("usage").toString();
    }

    private static ObjectNode envelope() {
        return TestJson.JSON.createObjectNode().put("id", "c-1").put("model", "m");
    }

    private static ObjectNode usage(Said said) {
        return TestJson.JSON.createObjectNode().put("prompt_tokens", said.input).put("completion_tokens", said.output);
    }

    private static List<String> pieces(String text, Random random) {
        List<String> pieces = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int end = Math.min(text.length(), start + 1 + random.nextInt(5));
            end += end < text.length() && Character.isLowSurrogate(text.charAt(end)) ? 1 : 0;
            pieces.add(text.substring(start, end));
            start = end;
        }
        return pieces;
    }

    /** Reads chunks as a stream does, and checks that the events say what the answer says. */
    private static ChatResponse streamed(List<String> chunks) {
        StringBuilder text = new StringBuilder();
        Map<Integer, String> arguments = new TreeMap<>();
        ChatStream stream = Served.stream(chunks.toArray(String[]::new));
        for (StreamEvent event : stream) {
            if (event instanceof StreamEvent.TextDelta delta) {
                text.append(delta.text());
            } else if (event instanceof StreamEvent.ToolCallDelta delta) {
                arguments.merge(delta.index(), delta.arguments(), String::concat);
            }
        }
        ChatResponse response = stream.response();
        assertThat(text).hasToString(response.text());
        assertThat(response.toolCalls().stream().map(ToolCall::arguments))
                .containsExactlyElementsOf(arguments.values());
        return response;
    }
}
