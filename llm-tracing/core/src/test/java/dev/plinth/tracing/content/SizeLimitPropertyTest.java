package dev.plinth.tracing.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Retrieval;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.tracing.conformance.MessageSchemas;
import io.opentelemetry.api.common.Value;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/** However much there is, what is recorded fits, follows the schemas, keeps ids whole, and begins and ends as it does. */
class SizeLimitPropertyTest {

    private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]*)\"");
    private static final List<MessageSchemas> VERSIONS =
            List.of(MessageSchemas.of("1.41"), MessageSchemas.of("genai-0.1"));
    private static final Map<String, String> SCHEMAS = Map.of(
            "gen_ai.system_instructions", "system-instructions",
            "gen_ai.input.messages", "input-messages",
            "gen_ai.output.messages", "output-messages",
            "gen_ai.tool.definitions", "tool-definitions",
            "gen_ai.retrieval.documents", "retrieval-documents");

    @Provide
    Arbitrary<String> text() {
        Arbitrary<String> shortOnes = Arbitraries.strings().ofMaxLength(40);
        Arbitrary<String> longOnes = Arbitraries.strings().ofMinLength(500).ofMaxLength(3_000);
        Arbitrary<String> wide =
                Arbitraries.strings().withChars("😀é\"\\\u0001 ").ofMaxLength(600);
        return Arbitraries.frequencyOf(Tuple.of(6, shortOnes), Tuple.of(2, longOnes), Tuple.of(1, wide));
    }

    @Provide
    Arbitrary<List<String>> texts() {
        return text().list().ofMinSize(1).ofMaxSize(60);
    }

    @Provide
    Arbitrary<String> json() {
        Arbitrary<String> numbers = Arbitraries.integers().between(0, 400).map(many -> "[" + "7,".repeat(many) + "7]");
        Arbitrary<String> objects =
                Arbitraries.strings().alpha().ofMaxLength(900).map(text -> "{\"id\": \"" + text + "\"}");
        return Arbitraries.oneOf(text(), numbers, objects);
    }

    /** The beginnings are alike, as those of addresses are. */
    @Provide
    Arbitrary<String> id() {
        return Arbitraries.integers().between(0, 99_999).map(number -> "https://docs.example/handbook/2026/" + number);
    }

    @Provide
    Arbitrary<List<Message>> messages() {
        Arbitrary<Message> said = text().map(Part.Text::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(5)
                .map(parts -> Message.user(parts.toArray(new Part[0])));
        Arbitrary<Message> asked = Combinators.combine(id(), json())
                .as((id, arguments) -> new ToolCall(id, "tool", arguments))
                .list()
                .ofMaxSize(40)
                .map(Message::assistant);
        Arbitrary<Message> answered = Combinators.combine(id(), json())
                .as((id, result) -> new ToolResult(id, "tool", result, false))
                .list()
                .ofMinSize(1)
                .ofMaxSize(40)
                .map(Message::tool);
        return Arbitraries.oneOf(said, asked, answered).list().ofMinSize(1).ofMaxSize(20);
    }

    @Property(tries = 200)
    void conversationsFit(
            @ForAll("messages") List<Message> messages, @ForAll @IntRange(min = 1024, max = 20_000) int most) {
        ChatRequest.Builder request = ChatRequest.builder();
        messages.forEach(request::message);
        CapturedContent content = full(most).chat(request.build(), answer(messages), "", "tool_call", false);
        List<String> ids = messages.stream()
                .flatMap(message -> message.parts().stream())
                .map(part -> part instanceof ToolCall call
                        ? call.id()
                        : part instanceof ToolResult result ? result.callId() : "")
                .toList();
        assertSound(content, most);
        assertThat(partIds(content.values().get("gen_ai.input.messages").asString()))
                .isSubsetOf(ids);
    }

    private static ChatResponse answer(List<Message> messages) {
        List<Part> parts = messages.stream()
                .flatMap(message -> message.toolCalls().stream())
                .collect(Collectors.toList());
        return ChatResponse.builder().message(Message.assistant(parts)).build();
    }

    /** Those of calls and results, whose kind stands before them; not what arguments call an id. */
    private static List<String> partIds(String json) {
        return Pattern.compile("\"type\":\"tool_call(?:_response)?\",\"id\":\"([^\"]*)\"")
                .matcher(json)
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    @Property(tries = 200)
    void theNewestMessageStays(
            @ForAll("texts") List<String> texts, @ForAll @IntRange(min = 1024, max = 20_000) int most) {
        ChatRequest.Builder request = ChatRequest.builder();
        texts.forEach(text -> request.message(Message.user(text)));
        CapturedContent content = full(most).chat(request.build(), ChatResponse.of("ok"), "", "stop", false);
        assertSound(content, most);
        String json = content.values().get("gen_ai.input.messages").asString();
        String last = texts.get(texts.size() - 1);
        if (last.length() <= 32) {
            String newest = full(most)
                    .chat(ChatRequest.builder().message(Message.user(last)).build(), null, "", "stop", false)
                    .values()
                    .get("gen_ai.input.messages")
                    .asString();
            assertThat(json).endsWith(newest.substring(1));
        }
    }

    @Property(tries = 50)
    void instructionsAndToolsFit(
            @ForAll("texts") List<String> texts, @ForAll @IntRange(min = 1024, max = 20_000) int most) {
        ChatRequest.Builder request = ChatRequest.builder().user("hi");
        for (int i = 0; i < texts.size(); i++) {
            request.system(texts.get(i)).tool(new ToolSpec("tool-" + i, texts.get(i), "{\"type\": \"object\"}"));
        }
        assertSound(full(most).chat(request.build(), null, "", null, false), most);
    }

    @Property(tries = 50)
    void documentsFit(@ForAll @IntRange(max = 600) int many, @ForAll @IntRange(min = 1024, max = 20_000) int most) {
        List<Match> found = java.util.stream.IntStream.range(0, many)
                .mapToObj(i -> "https://docs.example/handbook/2026/" + i)
                .map(id -> new Match(
                        new Chunk(id, "d", "docs", "text", new Chunk.Span(0, 4, 1, 1), List.of(), Metadata.NONE), 0.5))
                .toList();
        CapturedContent content = full(most).retrieval(RetrievalRequest.of("q", 600), new Retrieval("q", found), false);
        assertSound(content, most);
        List<String> ids = ID.matcher(
                        content.values().get("gen_ai.retrieval.documents").asString())
                .results()
                .map((MatchResult each) -> each.group(1))
                .toList();
        assertThat(ids).doesNotHaveDuplicates();
    }

    @Property(tries = 100)
    void argumentsFit(@ForAll("json") String json, @ForAll @IntRange(min = 1024, max = 5_000) int most) {
        for (String text : List.of(json, "{\"numbers\": [" + "7,".repeat(3_000) + "7]}")) {
            Value<?> arguments = full(most)
                    .tool(new ToolSpec("t", "", "{}"), new ToolCall("1", "t", text), null, CallContext.EMPTY, false)
                    .values()
                    .get("gen_ai.tool.call.arguments");
            assertThat(size(arguments)).isLessThanOrEqualTo(most);
            assertThat(VERSIONS.get(1).check("tool-call-arguments", arguments)).isEmpty();
        }
    }

    private static ContentCapture full(int most) {
        return ContentCapture.builder(CaptureMode.FULL).maxBytes(most).build();
    }

    /** Each attribute fits, and its text is JSON after the schemas of both versions. */
    private static void assertSound(CapturedContent content, int most) {
        assertThat(content.withheld()).isEmpty();
        content.values().forEach((attribute, value) -> {
            assertThat(size(value)).as(attribute).isLessThanOrEqualTo(most);
            String schema = SCHEMAS.get(attribute);
            if (schema != null) {
                VERSIONS.forEach(version ->
                        assertThat(version.check(schema, value.asString())).isEmpty());
            }
        });
    }

    private static int size(Value<?> value) {
        return value.asString().getBytes(StandardCharsets.UTF_8).length;
    }
}
