package dev.plinth.tracing;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Step;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import java.util.Locale;
import java.util.TreeMap;

/** Writes what a layer did for a call, with the times it had, as a child of the call's span. */
final class StepSpan {

    private static final String FAILED = "failed";

    private StepSpan() {}

    static void write(Telemetry telemetry, Context parent, Step step) {
        SpanBuilder builder = telemetry
                .tracer
                .spanBuilder(step.kind() + " " + step.name())
                .setParent(parent)
                .setStartTimestamp(step.startedAt())
                .setAttribute(PlinthAttributes.STEP_KIND, step.kind())
                .setAttribute(PlinthAttributes.STEP_NAME, step.name())
                .setAttribute(PlinthAttributes.STEP_OUTCOME, step.outcome());
        for (Dialect dialect : telemetry.dialects) {
            dialect.begins(builder, step.kind(), step.name(), CallContext.EMPTY);
        }
        Span span = builder.startSpan();
        if (step instanceof Step.CacheLookup lookup) {
            cache(span, lookup);
        } else if (step instanceof Step.GuardrailCheck check) {
            span.setAttribute(
                    PlinthAttributes.GUARDRAIL_SIDE, check.side().name().toLowerCase(Locale.ROOT));
            span.setAttribute(
                    PlinthAttributes.GUARDRAIL_FINDINGS,
                    new TreeMap<>(check.findings())
                            .entrySet().stream()
                                    .map(found -> found.getKey() + "=" + found.getValue())
                                    .toList());
        }
        if (step.outcome().equals(FAILED)) {
            span.setAttribute(GenAi.ERROR_TYPE, step.kind() + "_failed");
            span.setStatus(StatusCode.ERROR);
        }
        span.end(step.startedAt().plus(step.duration()));
    }

    private static void cache(Span span, Step.CacheLookup lookup) {
        if (lookup.result() == Step.CacheLookup.Result.HIT || lookup.result() == Step.CacheLookup.Result.SHARED) {
            lookup.saved().input().ifPresent(count -> span.setAttribute(PlinthAttributes.SAVED_INPUT_TOKENS, count));
            lookup.saved().output().ifPresent(count -> span.setAttribute(PlinthAttributes.SAVED_OUTPUT_TOKENS, count));
        }
        if (lookup.savedCost() != null) {
            span.setAttribute(
                    PlinthAttributes.SAVED_COST_AMOUNT,
                    lookup.savedCost().amount().doubleValue());
            span.setAttribute(
                    PlinthAttributes.COST_CURRENCY,
                    lookup.savedCost().currency().getCurrencyCode());
        }
    }
}
