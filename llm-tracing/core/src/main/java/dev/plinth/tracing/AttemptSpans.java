package dev.plinth.tracing;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Cost;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.StatusCode;
import java.util.List;

/**
 * Writes the tries of a call, with the times they had, as children of its span. A single one is told by the span itself.
 * Their tokens and costs have names of their own: a back end that adds up must not count them twice.
 */
final class AttemptSpans {

    private AttemptSpans() {}

    static void write(Telemetry telemetry, CallSpan call, List<Attempt> attempts) {
        if (attempts.size() == 1) {
            Attempt only = attempts.get(0);
            call.set(PlinthAttributes.ROUTE_DEPLOYMENT, only.deployment());
            call.set(PlinthAttributes.ROUTE_WHY, only.why());
            return;
        }
        for (int i = 0; i < attempts.size(); i++) {
            write(telemetry, call, attempts.get(i), i + 1);
        }
    }

    private static void write(Telemetry telemetry, CallSpan call, Attempt attempt, long number) {
        SpanBuilder builder = telemetry
                .tracer
                .spanBuilder("attempt " + attempt.model())
                .setParent(call.context())
                .setStartTimestamp(attempt.startedAt())
                .setAttribute(PlinthAttributes.STEP_KIND, "attempt")
                .setAttribute(PlinthAttributes.ATTEMPT_NUMBER, number)
                .setAttribute(PlinthAttributes.ATTEMPT_PROVIDER, attempt.provider())
                .setAttribute(PlinthAttributes.ATTEMPT_MODEL, attempt.model())
                .setAttribute(PlinthAttributes.ROUTE_WHY, attempt.why());
        for (Dialect dialect : telemetry.dialects) {
            dialect.begins(builder, "attempt", attempt.model(), CallContext.EMPTY);
        }
        Span span = builder.startSpan();
        if (attempt.deployment() != null) {
            span.setAttribute(PlinthAttributes.ROUTE_DEPLOYMENT, attempt.deployment());
        }
        attempt.usage().input().ifPresent(count -> span.setAttribute(PlinthAttributes.ATTEMPT_INPUT_TOKENS, count));
        attempt.usage().output().ifPresent(count -> span.setAttribute(PlinthAttributes.ATTEMPT_OUTPUT_TOKENS, count));
        Cost cost = attempt.cost();
        if (cost != null) {
            span.setAttribute(
                    PlinthAttributes.ATTEMPT_COST_AMOUNT, cost.amount().doubleValue());
            span.setAttribute(PlinthAttributes.COST_CURRENCY, cost.currency().getCurrencyCode());
        }
        if (attempt.cancelled()) {
            span.setAttribute(PlinthAttributes.CANCELLED, true); // lost to a hedge, or the call was given up
        } else if (attempt.error() != null) {
            span.setAttribute(GenAi.ERROR_TYPE, attempt.error());
            span.setStatus(StatusCode.ERROR);
        }
        span.end(attempt.startedAt().plus(attempt.duration()));
    }
}
