package dev.plinth.providers.bedrock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.error.LlmException;
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

/** An answer reads the same whole and in events, wherever it is cut; and junk is an error. */
class AnswerPropertiesTest {

    private static final List<String> NAMES = List.of(
            "output",
            "message",
            "content",
            "text",
            "toolUse",
            "toolUseId",
            "name",
            "type",
            "input",
            "toolResult",
            "reasoningContent",
            "reasoningText",
            "signature",
            "redactedContent",
            "citationsContent",
            "citations",
            "citation",
            "location",
            "sourceContent",
            "documentIndex",
            "usage",
            "inputTokens",
            "stopReason",
            "trace",
            "delta",
            "start",
            "contentBlockIndex",
            "serviceTier",
            "promptRouter",
            "image",
            "__type");
    private static final List<String> SCALARS = List.of(
            "null",
            "true",
            "1",
            "-1.5",
            "1e400",
            "99999999999999999999",
            "\"\"",
            "\"x\"",
            "\"AAAA\"",
            "\"server_tool_use\"",
            "[]",
            "{}",
            "[null,1]");

    record Said(String thought, List<String> texts, List<String> arguments, int input, int cached, int output) {}

    @Property(tries = 300)
    void wholeAndInEventsTheSame(@ForAll("answers") Said said, @ForAll long seed) {
        ChatResponse whole = Served.chat(whole(said));
        assertThat(whole.text()).isEqualTo(String.join("", said.texts));
        assertThat(whole.reasoning()).isEqualTo(said.thought);
        assertThat(whole.message().parts()).contains(new Part.Reasoning(said.thought, "sig+nature", Bedrock.PROTOCOL));
        assertThat(whole.toolCalls().stream().map(ToolCall::arguments)).isEqualTo(said.arguments);
        assertThat(whole.usage())
                .isEqualTo(Usage.builder()
                        .input(said.input + said.cached)
                        .cachedInput(said.cached)
                        .cacheWrite(0)
                        .output(said.output)
                        .build());
        assertThat(streamed(events(said, new Random(seed)))).isEqualTo(whole);
    }

    @Provide
    Arbitrary<Said> answers() {
        Arbitrary<String> text = Arbitraries.strings()
                .ofMinLength(1)
                .ofMaxLength(30)
                .filter(some -> StandardCharsets.UTF_8.newEncoder().canEncode(some));
        Arbitrary<String> arguments = text.map(city -> "{\"city\":" + Answers.quoted(city) + "}");
        Arbitrary<Integer> tokens = Arbitraries.integers().between(0, 1_000_000);
        return Combinators.combine(
                        text, text.list().ofMaxSize(3), arguments.list().ofMaxSize(3), tokens, tokens, tokens)
                .as(Said::new);
    }

    private static String whole(Said said) {
        ArrayNode content = Recordings.JSON.createArrayNode();
        content.addObject()
                .putObject("reasoningContent")
                .putObject("reasoningText")
                .put("text", said.thought)
                .put("signature", "sig+nature");
        said.texts.forEach(text -> content.addObject().put("text", text));
        for (int i = 0; i < said.arguments.size(); i++) {
            ObjectNode call = content.addObject().putObject("toolUse").put("toolUseId", "t" + i);
            call.put("name", "f").putRawValue("input", new RawValue(said.arguments.get(i)));
        }
        return Answers.of(content.toString(), "end_turn", usage(said));
    }

    private static String usage(Said said) {
        return "{\"inputTokens\":" + said.input + ",\"outputTokens\":" + said.output + ",\"cacheReadInputTokens\":"
                + said.cached + ",\"cacheReadInputTokenCount\":" + said.cached + ",\"cacheWriteInputTokens\":0}";
    }

    private static List<byte[]> events(Said said, Random random) {
        List<byte[]> events = new ArrayList<>();
        events.add(Frames.start());
        for (String piece : pieces(said.thought, random)) {
            events.add(Frames.delta(0, "{\"reasoningContent\":{\"text\":" + Answers.quoted(piece) + "}}"));
        }
        for (String piece : pieces("sig+nature", random)) {
            events.add(Frames.delta(0, "{\"reasoningContent\":{\"signature\":" + Answers.quoted(piece) + "}}"));
        }
        events.add(Frames.stop(0));
        int block = 1;
        for (String text : said.texts) {
            for (String piece : pieces(text, random)) {
                events.add(Frames.text(block, piece));
            }
            events.add(Frames.stop(block++));
        }
        for (int i = 0; i < said.arguments.size(); i++) {
            events.add(Frames.toolStart(block, "\"toolUseId\":\"t" + i + "\",\"name\":\"f\""));
            for (String piece : pieces(said.arguments.get(i), random)) {
                events.add(Frames.toolInput(block, piece));
            }
            events.add(Frames.stop(block++));
        }
        events.add(Frames.finish("end_turn"));
        events.add(Frames.metadata(usage(said)));
        return events;
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

    /** Reads events as a stream does, and checks that what is heard says what the answer says. */
    private static ChatResponse streamed(List<byte[]> events) {
        StringBuilder text = new StringBuilder();
        StringBuilder thought = new StringBuilder();
        Map<Integer, String> arguments = new TreeMap<>();
        ChatStream stream = Served.stream(events.toArray(byte[][]::new));
        for (StreamEvent event : stream) {
            if (event instanceof StreamEvent.TextDelta delta) {
                text.append(delta.text());
            } else if (event instanceof StreamEvent.ReasoningDelta delta) {
                thought.append(delta.text());
            } else if (event instanceof StreamEvent.ToolCallDelta delta) {
                arguments.merge(delta.index(), delta.arguments(), String::concat);
            }
        }
        ChatResponse response = stream.response();
        assertThat(text).hasToString(response.text());
        assertThat(thought).hasToString(response.reasoning());
        assertThat(response.toolCalls().stream().map(ToolCall::arguments))
                .containsExactlyElementsOf(arguments.values());
        return response;
    }

    /** Fields of the protocol, each with a value of any type. */
    @Property(tries = 500)
    void junkIsAnAnswerOrAnError(@ForAll long seed) {
        Random random = new Random(seed);
        String content = junk(4, random);
        String event = junk(4, random);
        List<Runnable> reads = List.of(
                () -> Served.chat(content),
                () -> Served.chat("{\"output\":{\"message\":{\"content\":[" + content + "," + event + "]}}}"),
                () -> Served.stream(
                                Frames.start(),
                                Frames.event("contentBlockDelta", event),
                                Frames.delta(1, content),
                                Frames.event("metadata", content),
                                Frames.finish("end_turn"))
                        .response());
        for (Runnable read : reads) {
            Throwable error = catchThrowable(read::run);
            if (error != null) {
                assertThat(error).isInstanceOf(LlmException.class);
            }
        }
    }

    private static String junk(int depth, Random random) {
        if (depth == 0 || random.nextInt(5) == 0) {
            return SCALARS.get(random.nextInt(SCALARS.size()));
        }
        List<String> values = new ArrayList<>();
        boolean array = random.nextInt(4) == 0;
        for (int i = random.nextInt(3); i >= 0; i--) {
            String name = NAMES.get(random.nextInt(NAMES.size()));
            values.add((array ? "" : "\"" + name + "\":") + junk(depth - 1, random));
        }
        return (array ? "[" : "{") + String.join(",", values) + (array ? "]" : "}");
    }
}
