package dev.plinth.providers.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.Message;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.usage.Usage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** An answer reads the same whole and as a stream, goes back as it came, and nothing a server says breaks the reader. */
class AnswerPropertiesTest {

    record Said(List<JsonNode> blocks, int input, int output) {}

    @Property(tries = 200)
    void wholeAndStreamedTheSame(@ForAll("answers") Said said, @ForAll long seed) {
        ChatResponse whole = Served.chat(message(said));
        assertThat(whole.usage()).isEqualTo(Usage.of(said.input, said.output));
        ChatResponse streamed = Served.stream(events(said, new Random(seed)).toArray(String[]::new));
        assertThat(streamed).isEqualTo(whole);
    }

    @Property(tries = 200)
    void goesBackAsItCame(@ForAll("answers") Said said) {
        ChatResponse response = Served.chat(message(said));
        ChatRequest.Builder next =
                ChatRequest.builder().user("x").message(response.message()).message(Message.user("y"));
        JsonNode messages = Bodies.of(next).get("messages");
        List<JsonNode> back = new ArrayList<>();
        if (messages.size() == 3) {
            JsonNode content = messages.at("/1/content");
            (content.isTextual() ? List.of(Events.tree(Events.textBlock(content.asText()))) : content)
                    .forEach(back::add);
        }
        List<JsonNode> sent = new ArrayList<>();
        for (JsonNode block : said.blocks) {
            boolean blank = block.path("type").asText().equals("text")
                    && block.get("text").asText().isBlank();
            ObjectNode uncited = ((ObjectNode) block).deepCopy().without("citations");
            if (!blank) {
                sent.add(uncited);
            }
        }
        assertThat(back).isEqualTo(sent);
    }

    @Property(tries = 300)
    void nothingAServerSaysBreaksTheReader(@ForAll("answers") Said said, @ForAll long seed) {
        Random random = new Random(seed);
        List<String> events = new ArrayList<>();
        events(said, random).forEach(event -> events.add(mutated(event, random)));
        saysSomethingOrFails(() -> Served.chat(mutated(message(said), random)));
        saysSomethingOrFails(() -> Served.stream(events.toArray(String[]::new)));
    }

    @Property(tries = 100)
    void noJunkBreaksTheReader(@ForAll String junk) {
        byte[] body = junk.getBytes(StandardCharsets.UTF_8);
        saysSomethingOrFails(() -> Served.chat(StubAnswer.of(200, "application/json", body)));
        saysSomethingOrFails(() -> Served.stream(StubAnswer.streaming("text/event-stream")
                .chunk("data: ")
                .chunk(body)
                .chunk("\n\n")));
    }

    private static void saysSomethingOrFails(Supplier<ChatResponse> call) {
        try {
            assertThat(call.get().message()).isNotNull();
        } catch (LlmException expected) {
            assertThat(expected.getMessage()).isNotBlank();
        }
    }

    /** The same JSON with one value or name in it replaced, or a piece cut off. */
    private static String mutated(String json, Random random) {
        String[] others = {"null", "7", "-1.5e99", "\"x\"", "[]", "{}", "[{\"type\":\"text\"}]", "true"};
        String other = others[random.nextInt(others.length)];
        return switch (random.nextInt(8)) {
            case 0 ->
                json.replaceFirst("\"(text|type|index|delta|usage|content|input)\":[^,{}\\[\\]]+", "\"$1\":" + other);
            case 1 ->
                json.replaceFirst("\"(content_block|delta|message|usage|content)\":", "\"x\":" + other + ",\"$1\":");
            case 2 -> json.replace("\"type\":", "\"kind\":");
            case 3 -> json.substring(0, random.nextInt(json.length() + 1));
            case 4 -> json.replaceFirst("\\d+", "99999999999999999999");
            default -> json;
        };
    }

    @Provide
    Arbitrary<Said> answers() {
        Arbitrary<String> text =
                Arbitraries.strings().ofMaxLength(20).filter(StandardCharsets.UTF_8.newEncoder()::canEncode);
        Arbitrary<String> word = Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(8);
        Arbitrary<JsonNode> plain = text.map(AnswerPropertiesTest::textBlock);
        Arbitrary<JsonNode> cited = Combinators.combine(text, word).as(AnswerPropertiesTest::citedBlock);
        Arbitrary<JsonNode> thought = Combinators.combine(text, word).as(AnswerPropertiesTest::thinkingBlock);
        Arbitrary<JsonNode> redacted = word.map(AnswerPropertiesTest::redactedBlock);
        Arbitrary<JsonNode> call = Combinators.combine(word, word, text).as(AnswerPropertiesTest::callBlock);
        Arbitrary<JsonNode> search = Combinators.combine(word, text).as(AnswerPropertiesTest::searchBlock);
        Arbitrary<Integer> tokens = Arbitraries.integers().between(0, 1_000_000);
        return Combinators.combine(
                        Arbitraries.oneOf(plain, cited, thought, redacted, call, search)
                                .list()
                                .ofMaxSize(6),
                        tokens,
                        tokens)
                .as(Said::new);
    }

    private static ObjectNode block(String type) {
        return Events.JSON.createObjectNode().put("type", type);
    }

    private static JsonNode textBlock(String text) {
        return block("text").put("text", text);
    }

    private static JsonNode citedBlock(String text, String title) {
        ObjectNode block = block("text").put("text", text);
        block.putArray("citations")
                .addObject()
                .put("title", title)
                .put("url", "u")
                .put("cited_text", text);
        return block;
    }

    private static JsonNode thinkingBlock(String text, String signature) {
        return block("thinking").put("thinking", text).put("signature", signature);
    }

    private static JsonNode redactedBlock(String data) {
        return block("redacted_thinking").put("data", data);
    }

    private static JsonNode callBlock(String id, String name, String city) {
        ObjectNode block = block("tool_use").put("id", id).put("name", name);
        block.putObject("input").put("city", city);
        return block;
    }

    private static JsonNode searchBlock(String id, String query) {
        ObjectNode block = block("server_tool_use").put("id", id).put("name", "web_search");
        block.putObject("input").put("query", query);
        return block;
    }

    private static String message(Said said) {
        String[] blocks = said.blocks.stream().map(JsonNode::toString).toArray(String[]::new);
        return Events.message("end_turn", blocks)
                .replace(
                        "\"input_tokens\":9,\"output_tokens\":3",
                        "\"input_tokens\":" + said.input + ",\"output_tokens\":" + said.output);
    }

    private static List<String> events(Said said, Random random) {
        List<String> events = new ArrayList<>();
        events.add(Events.start("{\"input_tokens\":" + said.input + ",\"output_tokens\":1}"));
        int index = 0;
        for (JsonNode block : said.blocks) {
            add((ObjectNode) block.deepCopy(), index++, random, events);
        }
        events.add(Events.finish("end_turn", "{\"output_tokens\":" + said.output + "}"));
        events.add(Events.STOP);
        return events;
    }

    private static void add(ObjectNode block, int index, Random random, List<String> events) {
        List<String> deltas = new ArrayList<>();
        if (block.has("citations")) {
            deltas.add(Events.delta(
                    index, "{\"type\":\"citations_delta\",\"citation\":" + block.at("/citations/0") + "}"));
            block.putArray("citations");
        }
        for (String field : List.of("text", "thinking", "signature")) {
            if (block.has(field)) {
                for (String piece : pieces(block.get(field).asText(), random)) {
                    String delta = "{\"type\":\"" + field + "_delta\",\"" + field + "\":" + Events.quoted(piece) + "}";
                    deltas.add(Events.delta(index, delta));
                }
                block.put(field, "");
            }
        }
        if (block.has("input")) {
            pieces(block.get("input").toString(), random).forEach(piece -> deltas.add(Events.input(index, piece)));
            block.putObject("input");
        }
        events.add(Events.block(index, block.toString()));
        events.addAll(deltas);
        events.add(Events.blockStop(index));
    }

    private static List<String> pieces(String text, Random random) {
        List<String> pieces = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int end = Math.min(text.length(), start + 1 + random.nextInt(6));
            end += end < text.length() && Character.isLowSurrogate(text.charAt(end)) ? 1 : 0;
            pieces.add(text.substring(start, end));
            start = end;
        }
        return pieces;
    }
}
