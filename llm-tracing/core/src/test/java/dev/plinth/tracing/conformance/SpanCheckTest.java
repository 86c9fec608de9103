package dev.plinth.tracing.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.plinth.tracing.PlinthAttributes;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpanCheckTest {

    private static final Registry OLD = Registry.load("1.41");
    private static final Registry NEW = Registry.load("genai-0.1");

    private static final Attributes CHAT = Attributes.builder()
            .put("gen_ai.operation.name", "chat")
            .put("gen_ai.provider.name", "openai")
            .put("gen_ai.request.model", "m")
            .put("gen_ai.request.temperature", 0.5)
            .put("gen_ai.request.max_tokens", 64)
            .put("gen_ai.request.stream", true)
            .put("gen_ai.response.time_to_first_chunk", 0.25)
            .put(AttributeKey.stringArrayKey("gen_ai.response.finish_reasons"), List.of("tool_call"))
            .put("gen_ai.usage.input_tokens", 10)
            .put("gen_ai.conversation.id", "s-1")
            .put("gen_ai.output.type", "json")
            .put("server.address", "llm.example")
            .put("server.port", 443)
            .put(PlinthAttributes.CACHED, false)
            .build();

    @ParameterizedTest
    @ValueSource(strings = {"1.41", "genai-0.1"})
    void goodSpansHaveNoProblem(String version) {
        Registry registry = Registry.load(version);
        assertThat(registry.check(chat(registry, none -> {}))).isEmpty();
        assertThat(registry.check(span(
                        registry,
                        "embeddings m",
                        SpanKind.CLIENT,
                        CHAT.toBuilder()
                                .removeIf(key -> !List.of("gen_ai.provider.name", "gen_ai.request.model")
                                        .contains(key.getKey()))
                                .put("gen_ai.operation.name", "embeddings")
                                .build())))
                .isEmpty();
        assertThat(registry.check(span(
                        registry,
                        "execute_tool weather",
                        SpanKind.INTERNAL,
                        Attributes.builder()
                                .put("gen_ai.operation.name", "execute_tool")
                                .put("gen_ai.tool.name", "weather")
                                .put("gen_ai.tool.type", "function")
                                .build())))
                .isEmpty();
        assertThat(registry.check(span(
                        registry,
                        "ask",
                        SpanKind.INTERNAL,
                        Attributes.of(
                                PlinthAttributes.INTERACTION_ID, "i-1", stringKey("gen_ai.conversation.id"), "s"))))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("badInBoth")
    void eachFaultIsOneProblem(Consumer<AttributesBuilder> fault, String problem) {
        assertThat(OLD.check(chat(OLD, fault))).containsExactly(problem);
        assertThat(NEW.check(chat(NEW, fault))).containsExactly(problem);
    }

    static Stream<Arguments> badInBoth() {
        return Stream.of(
                bad(
                        set -> set.remove(stringKey("gen_ai.provider.name")),
                        "gen_ai.provider.name: missing (expected: required)"),
                bad(
                        set -> set.remove(AttributeKey.longKey("server.port")),
                        "server.port: missing (expected: with server.address)"),
                bad(
                        set -> set.remove(AttributeKey.booleanKey("gen_ai.request.stream")),
                        "gen_ai.request.stream: missing (expected: with gen_ai.response.time_to_first_chunk)"),
                bad(
                        set -> set.put("gen_ai.request.stream", false),
                        "gen_ai.request.stream: false (expected: only true)"),
                bad(
                        set -> set.put("gen_ai.request.choice.count", 1),
                        "gen_ai.request.choice.count: 1 (expected: never 1)"),
                bad(
                        set -> set.remove(AttributeKey.longKey("gen_ai.request.max_tokens"))
                                .put("gen_ai.request.max_tokens", "64"),
                        "gen_ai.request.max_tokens: STRING (expected: int)"),
                bad(
                        set -> set.remove(AttributeKey.doubleKey("gen_ai.request.temperature"))
                                .put("gen_ai.request.temperature", 1),
                        "gen_ai.request.temperature: LONG (expected: double)"),
                bad(
                        set -> set.put("gen_ai.output.type", "yaml"),
                        "gen_ai.output.type: yaml (expected: one of [text, json, image, speech])"),
                bad(
                        set -> set.put("gen_ai.provider.name", "OpenAI"),
                        "gen_ai.provider.name: OpenAI (expected: openai)"),
                bad(
                        set -> set.put("gen_ai.provider.name", "bedrock"),
                        "gen_ai.provider.name: bedrock (expected: aws.bedrock)"),
                bad(
                        set -> set.put(
                                AttributeKey.stringArrayKey("gen_ai.response.finish_reasons"),
                                List.of("stop", "tool_calls")),
                        "gen_ai.response.finish_reasons: tool_calls (expected: tool_call)"),
                bad(
                        set -> set.put("gen_ai.usage.prompt_tokens", 3),
                        "gen_ai.usage.prompt_tokens: an earlier name (expected: gen_ai.usage.input_tokens)"),
                bad(
                        set -> set.put("gen_ai.usage.total_tokens", 3),
                        "gen_ai.usage.total_tokens: not in the conventions"),
                bad(set -> set.put("http.route", "/"), "http.route: not in the conventions"),
                bad(set -> set.put("gen_ai.tool.name", "weather"), "gen_ai.tool.name: not an attribute of chat"),
                bad(set -> set.put("plinth.made.up", "x"), "plinth.made.up: not in PlinthAttributes"),
                bad(
                        set -> set.remove(PlinthAttributes.CACHED).put("plinth.cached", "no"),
                        "plinth.cached: STRING (expected: BOOLEAN)"),
                bad(set -> set.put("error.type", "timeout"), "status: UNSET (expected: ERROR, with error.type)"),
                bad(
                        set -> set.put("gen_ai.input.messages", "[{\"role\": \"user\"}]"),
                        "gen_ai.input.messages: at '/0': required property 'parts' not found"));
    }

    @ParameterizedTest
    @MethodSource("differences")
    void whatOneVersionTakesTheOtherRefuses(Consumer<AttributesBuilder> set, String inOld, String inNew) {
        assertThat(OLD.check(chat(OLD, set))).isEqualTo(inOld.isEmpty() ? List.of() : List.of(inOld));
        assertThat(NEW.check(chat(NEW, set))).isEqualTo(inNew.isEmpty() ? List.of() : List.of(inNew));
    }

    static Stream<Arguments> differences() {
        String created = "gen_ai.usage.cache_creation.input_tokens";
        String written = "gen_ai.usage.cache_write.input_tokens";
        return Stream.of(
                arguments(
                        put(set -> set.put(created, 3)), "", created + ": an earlier name (expected: " + written + ")"),
                arguments(put(set -> set.put(written, 3)), written + ": not in the conventions", ""),
                arguments(
                        put(set -> set.put("gen_ai.request.top_k", 40)),
                        "gen_ai.request.top_k: LONG (expected: double)",
                        ""),
                arguments(
                        put(set -> set.put("gen_ai.request.top_k", 40.0)),
                        "",
                        "gen_ai.request.top_k: DOUBLE (expected: int)"),
                arguments(
                        put(set -> set.put("gen_ai.prompt.name", "greeting")),
                        "gen_ai.prompt.name: not an attribute of chat",
                        ""),
                arguments(
                        put(set -> set.put("gen_ai.prompt.variable.user", "Ann")),
                        "gen_ai.prompt.variable.user: not in the conventions",
                        ""),
                arguments(
                        put(set -> set.put("gen_ai.request.reasoning.level", "low")),
                        "gen_ai.request.reasoning.level: not in the conventions",
                        ""),
                arguments(
                        put(set -> set.put("gen_ai.conversation.compacted", false)),
                        "gen_ai.conversation.compacted: not in the conventions",
                        "gen_ai.conversation.compacted: false (expected: only true)"));
    }

    @Test
    void theNewVersionWantsANameWithTheVersionOfAPrompt() {
        assertThat(NEW.check(chat(NEW, set -> set.put("gen_ai.prompt.version", "3"))))
                .containsExactly("gen_ai.prompt.name: missing (expected: with gen_ai.prompt.version)");
        assertThat(NEW.check(
                        chat(NEW, set -> set.put("gen_ai.prompt.version", "3").put("gen_ai.prompt.name", "p"))))
                .isEmpty();
    }

    @Test
    void nameKindStatusAndSchemaAreChecked() {
        assertThat(NEW.check(span(NEW, "chat", SpanKind.CLIENT, CHAT)))
                .containsExactly("name: chat (expected: chat m)");
        assertThat(NEW.check(span(NEW, "chat m", SpanKind.SERVER, CHAT)))
                .containsExactly("kind: SERVER (expected: CLIENT or INTERNAL)");
        assertThat(NEW.check(Emitted.span(NEW.schemaUrl(), "chat m", SpanKind.CLIENT, StatusCode.ERROR, CHAT)))
                .containsExactly("error.type: missing (expected: with the status ERROR)");
        assertThat(NEW.check(span(OLD, "chat m", SpanKind.CLIENT, CHAT)))
                .containsExactly("schema URL: https://opentelemetry.io/schemas/1.41.0"
                        + " (expected: https://opentelemetry.io/schemas/gen-ai/0.1.0)");
    }

    @Test
    void aNameLeavesOutWhatIsNotKnown() {
        Attributes retrieval = Attributes.of(stringKey("gen_ai.operation.name"), "retrieval");
        assertThat(NEW.check(span(NEW, "retrieval", SpanKind.CLIENT, retrieval)))
                .isEmpty();
        Attributes of = retrieval.toBuilder().put("gen_ai.data_source.id", "$1").build();
        assertThat(NEW.check(span(NEW, "retrieval $1", SpanKind.CLIENT, of))).isEmpty();
    }

    @Test
    void anOperationOfOnesOwnMayHaveAnyAttributeOfTheConventions() {
        Attributes rerank = Attributes.builder()
                .put("gen_ai.operation.name", "rerank")
                .put("gen_ai.request.model", "m")
                .put("server.address", "llm.example")
                .put("server.port", 443)
                .build();
        assertThat(NEW.check(span(NEW, "rerank m", SpanKind.CLIENT, rerank))).isEmpty();
        assertThat(NEW.check(span(NEW, "rank m", SpanKind.CLIENT, rerank)))
                .containsExactly("name: rank m (expected: rerank ...)");
        Attributes odd = rerank.toBuilder().put("gen_ai.rerank.top_n", 3).build();
        assertThat(NEW.check(span(NEW, "rerank m", SpanKind.CLIENT, odd)))
                .containsExactly("gen_ai.rerank.top_n: not in the conventions");
        Attributes misspelled =
                rerank.toBuilder().put("gen_ai.operation.name", "embedding").build();
        assertThat(NEW.check(span(NEW, "embedding m", SpanKind.CLIENT, misspelled)))
                .containsExactly("gen_ai.operation.name: embedding (expected: embeddings)");
    }

    @Test
    void aSpanWithoutAnOperationMaySayOnlyWhatAnySpanMay() {
        Attributes attributes = Attributes.of(stringKey("gen_ai.request.model"), "m");
        assertThat(NEW.check(span(NEW, "try 1", SpanKind.INTERNAL, attributes)))
                .containsExactly("gen_ai.request.model: not an attribute of a span without gen_ai.operation.name");
    }

    @Test
    void theTypeOfASpanIsToldByItsKindWhereAnOperationHasTwo() {
        Attributes agent = Attributes.of(stringKey("gen_ai.operation.name"), "invoke_agent");
        assertThat(NEW.check(span(NEW, "invoke_agent", SpanKind.INTERNAL, agent)))
                .isEmpty();
        assertThat(NEW.check(span(NEW, "invoke_agent", SpanKind.CLIENT, agent)))
                .containsExactly("gen_ai.provider.name: missing (expected: required)");
    }

    @Test
    void whatSamplersLookAtMustBeThereAtTheStart() {
        SpanData span = chat(NEW, none -> {});
        assertThat(NEW.checkStart(CHAT, span)).isEmpty();
        Attributes late = CHAT.toBuilder()
                .remove(stringKey("gen_ai.request.model"))
                .remove(stringKey("gen_ai.output.type"))
                .build();
        assertThat(NEW.checkStart(late, span))
                .containsExactly("gen_ai.request.model: set after the start (expected: before, for samplers)");
    }

    private static SpanData chat(Registry registry, Consumer<AttributesBuilder> change) {
        AttributesBuilder attributes = CHAT.toBuilder();
        change.accept(attributes);
        return span(registry, "chat m", SpanKind.CLIENT, attributes.build());
    }

    private static SpanData span(Registry registry, String name, SpanKind kind, Attributes attributes) {
        return Emitted.span(registry.schemaUrl(), name, kind, StatusCode.UNSET, attributes);
    }

    private static Arguments bad(Consumer<AttributesBuilder> fault, String problem) {
        return arguments(fault, problem);
    }

    private static Consumer<AttributesBuilder> put(Consumer<AttributesBuilder> change) {
        return change;
    }

    private static AttributeKey<String> stringKey(String key) {
        return AttributeKey.stringKey(key);
    }
}
