package dev.plinth.tracing.conformance;

import static io.opentelemetry.api.common.AttributeKey.stringKey;

import dev.plinth.tracing.conformance.Registry.SpanType;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A span against its type, which its operation tells. */
final class SpanCheck {

    private static final String ERROR_TYPE = "error.type";
    private static final Pattern PLACEHOLDER = Pattern.compile(" ?\\{([^}]+)}");

    /** Of spans without an operation: what any span may have. */
    private static final Levels PLAIN = new Levels(
            Map.of(ERROR_TYPE, "on error", "server.address", "recommended", "server.port", "with server.address"));

    private final Registry registry;
    private final SpanData span;
    private final @Nullable String operation;
    private final @Nullable SpanType type;

    SpanCheck(Registry registry, SpanData span) {
        this.registry = registry;
        this.span = span;
        this.operation = span.getAttributes().get(stringKey("gen_ai.operation.name"));
        List<SpanType> types = registry.spansFor(operation).toList();
        this.type = types.stream()
                .filter(each -> each.kinds().contains(span.getKind().name()))
                .findFirst()
                .orElse(types.isEmpty() ? null : types.get(0));
    }

    List<String> problems() {
        Problems problems = new Problems();
        String schemaUrl = span.getInstrumentationScopeInfo().getSchemaUrl();
        if (!registry.schemaUrl().equals(schemaUrl)) {
            problems.add("schema URL", Objects.toString(schemaUrl), registry.schemaUrl());
        }
        checkName(problems);
        if (type != null && !type.kinds().contains(span.getKind().name())) {
            problems.add("kind", span.getKind(), String.join(" or ", type.kinds()));
        }
        new AttributesCheck(registry, problems).check(span.getAttributes(), levels(), what());
        checkError(problems);
        return problems.found();
    }

    List<String> startProblems(Attributes started) {
        Problems problems = new Problems();
        Set<String> early = AttributesCheck.keys(started);
        Set<String> sampling = type == null ? Set.of() : type.sampling();
        for (AttributeKey<?> key : span.getAttributes().asMap().keySet()) {
            if (sampling.contains(key.getKey()) && !early.contains(key.getKey())) {
                problems.add(key.getKey(), "set after the start", "before, for samplers");
            }
        }
        return problems.found();
    }

    private void checkName(Problems problems) {
        if (operation == null) {
            return;
        }
        if (type == null) {
            // The rule for all names: the operation, then what it is done to.
            if (!span.getName().equals(operation) && !span.getName().startsWith(operation + " ")) {
                problems.add("name", span.getName(), operation + " ...");
            }
            return;
        }
        String expected = PLACEHOLDER.matcher(type.name()).replaceAll(this::filled);
        if (!span.getName().equals(expected)) {
            problems.add("name", span.getName(), expected);
        }
    }

    /** What is not known stays out of the name, with the space before it. */
    private String filled(MatchResult placeholder) {
        String value = span.getAttributes().get(stringKey(placeholder.group(1)));
        String space = placeholder.group().startsWith(" ") ? " " : "";
        return value == null ? "" : Matcher.quoteReplacement(space + value);
    }

    /** Both or none: an error type and the status of an error. */
    private void checkError(Problems problems) {
        boolean failed = span.getStatus().getStatusCode() == StatusCode.ERROR;
        String error = span.getAttributes().get(stringKey(ERROR_TYPE));
        if (failed && error == null) {
            problems.add(ERROR_TYPE, "missing", "with the status ERROR");
        } else if (!failed && error != null) {
            problems.add("status", span.getStatus().getStatusCode(), "ERROR, with " + ERROR_TYPE);
        }
    }

    private Levels levels() {
        if (type != null) {
            return type.levels();
        }
        return operation == null ? PLAIN : anyAttribute();
    }

    /** Of operations that the conventions have no span for: any of their attributes. */
    private Levels anyAttribute() {
        Map<String, String> any =
                registry.attributes().keySet().stream().collect(Collectors.toMap(key -> key, key -> "recommended"));
        any.put("server.port", "with server.address");
        return new Levels(any);
    }

    private String what() {
        return operation == null ? "a span without gen_ai.operation.name" : operation;
    }
}
