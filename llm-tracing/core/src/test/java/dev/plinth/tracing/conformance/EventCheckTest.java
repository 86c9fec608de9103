package dev.plinth.tracing.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventCheckTest {

    private static final String DETAILS = "gen_ai.client.inference.operation.details";
    private static final String RESULT = "gen_ai.evaluation.result";
    private static final String EXCEPTION = "gen_ai.client.operation.exception";
    private static final AttributeKey<Value<?>> INPUT = AttributeKey.valueKey("gen_ai.input.messages");

    private static final Attributes JUDGED = Attributes.builder()
            .put("gen_ai.evaluation.name", "relevance")
            .put("gen_ai.evaluation.score.value", 0.75)
            .put("gen_ai.evaluation.score.label", "pass")
            .put("gen_ai.response.id", "r-1")
            .put("plinth.score.annotator", "model")
            .build();

    @ParameterizedTest
    @ValueSource(strings = {"1.41", "genai-0.1"})
    void goodEventsHaveNoProblem(String version) {
        Registry registry = Registry.load(version);
        assertThat(registry.check(event(registry, RESULT, Severity.INFO, JUDGED)))
                .isEmpty();
        assertThat(registry.check(event(registry, EXCEPTION, Severity.WARN, thrown())))
                .isEmpty();
        assertThat(registry.check(event(registry, DETAILS, Severity.DEBUG, details(registry, user("hi")))))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.41", "genai-0.1"})
    void eachFaultIsOneProblem(String version) {
        Registry registry = Registry.load(version);
        Attributes nameless = JUDGED.toBuilder()
                .remove(AttributeKey.stringKey("gen_ai.evaluation.name"))
                .build();
        assertThat(registry.check(event(registry, RESULT, Severity.INFO, nameless)))
                .containsExactly("gen_ai.evaluation.name: missing (expected: required)");
        Attributes whole = JUDGED.toBuilder()
                .remove(AttributeKey.doubleKey("gen_ai.evaluation.score.value"))
                .put("gen_ai.evaluation.score.value", 1)
                .build();
        assertThat(registry.check(event(registry, RESULT, Severity.INFO, whole)))
                .containsExactly("gen_ai.evaluation.score.value: LONG (expected: double)");
        Attributes model = JUDGED.toBuilder().put("gen_ai.request.model", "m").build();
        assertThat(registry.check(event(registry, RESULT, Severity.INFO, model)))
                .containsExactly("gen_ai.request.model: not an attribute of gen_ai.evaluation.result");
        assertThat(registry.check(event(registry, EXCEPTION, Severity.ERROR, thrown())))
                .containsExactly("severity: ERROR (expected: WARN)");
        assertThat(registry.check(event(registry, "gen_ai.choice", Severity.INFO, Attributes.empty())))
                .singleElement()
                .asString()
                .startsWith("event: gen_ai.choice (expected: one of [");
        assertThat(registry.check(Emitted.event(
                        registry.schemaUrl(),
                        event -> event.setEventName(RESULT).setBody("pass").setAllAttributes(JUDGED))))
                .containsExactly("body: there (expected: none, all is in attributes)");
    }

    @Test
    void anExceptionHasItsTypeOrItsMessage() {
        Registry registry = Registry.load("genai-0.1");
        assertThat(registry.check(event(registry, EXCEPTION, Severity.WARN, Attributes.empty())))
                .containsExactlyInAnyOrder(
                        "exception.type: missing (expected: without exception.message)",
                        "exception.message: missing (expected: without exception.type)");
    }

    @Test
    void contentIsStructuredAndFollowsItsSchema() {
        Registry registry = Registry.load("genai-0.1");
        Attributes text = details(registry, user("hi")).toBuilder()
                .remove(INPUT)
                .put("gen_ai.input.messages", "[]")
                .build();
        assertThat(registry.check(event(registry, DETAILS, Severity.DEBUG, text)))
                .containsExactly("gen_ai.input.messages: STRING (expected: VALUE)");
        Value<?> nobody = Value.of(Value.of(KeyValue.of("parts", Value.of(new Value<?>[0]))));
        assertThat(registry.check(event(registry, DETAILS, Severity.DEBUG, details(registry, nobody))))
                .containsExactly("gen_ai.input.messages: at '/0': required property 'role' not found");
    }

    @Test
    void onlyTheOldVersionHasNoProviderInTheDetails() {
        Registry old = Registry.load("1.41");
        Attributes provider = details(old, user("hi")).toBuilder()
                .put("gen_ai.provider.name", "openai")
                .build();
        assertThat(old.check(event(old, DETAILS, Severity.DEBUG, provider)))
                .containsExactly("gen_ai.provider.name: not an attribute of " + DETAILS);
    }

    private static Attributes thrown() {
        return Attributes.of(AttributeKey.stringKey("exception.type"), "java.io.IOException");
    }

    private static Attributes details(Registry registry, Value<?> input) {
        Attributes attributes = Attributes.builder()
                .put("gen_ai.operation.name", "chat")
                .put("gen_ai.request.model", "m")
                .put(INPUT, input)
                .build();
        boolean hasProvider = registry.events().get(DETAILS).levels().has("gen_ai.provider.name");
        return hasProvider
                ? attributes.toBuilder().put("gen_ai.provider.name", "openai").build()
                : attributes;
    }

    private static Value<?> user(String text) {
        Value<?> part = Value.of(KeyValue.of("type", Value.of("text")), KeyValue.of("content", Value.of(text)));
        return Value.of(Value.of(KeyValue.of("role", Value.of("user")), KeyValue.of("parts", Value.of(part))));
    }

    private static LogRecordData event(Registry registry, String name, Severity severity, Attributes attributes) {
        return Emitted.event(
                registry.schemaUrl(),
                event -> event.setEventName(name).setSeverity(severity).setAllAttributes(attributes));
    }
}
