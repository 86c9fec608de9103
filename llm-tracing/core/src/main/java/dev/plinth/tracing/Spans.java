package dev.plinth.tracing;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.api.context.Principal;
import dev.plinth.api.score.Target;
import dev.plinth.api.usage.Usage;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Starts spans under the right parent.
 *
 * <p>A thread does not tell which call it works for: tools run on executors, streams are read elsewhere. The
 * {@link CallContext} does, since it travels with every request, and carries the place in the trace.
 */
final class Spans {

    private final Telemetry telemetry;

    Spans(Telemetry telemetry) {
        this.telemetry = telemetry;
    }

    /** Starts the span of a call in this context. Attributes that samplers look at are set before the start. */
    CallSpan start(
            Operation operation,
            String of,
            SpanKind kind,
            CallContext call,
            Instant at,
            Consumer<SpanBuilder> attributes) {
        Interaction interaction = call.interaction().orElse(null);
        Context parent = parent(call, interaction);
        SpanBuilder builder = builder(operation, of, parent, interaction, at).setSpanKind(kind);
        call.session().ifPresent(session -> builder.setAttribute(GenAi.CONVERSATION_ID, session));
        attributes.accept(builder);
        for (Dialect dialect : telemetry.dialects) {
            dialect.begins(builder, operation.word(), of, call);
        }
        return new CallSpan(telemetry, builder.startSpan(), parent, interaction, false);
    }

    /** Starts the span of a call that another instrumentation tells of, on a span within. */
    CallSpan startOfReportedElsewhere(Operation operation, String of, CallContext call, Instant at) {
        Interaction interaction = call.interaction().orElse(null);
        Context parent = parent(call, interaction);
        SpanBuilder builder = builder(operation, of, parent, interaction, at)
                .setSpanKind(SpanKind.INTERNAL)
                .setAttribute(PlinthAttributes.REPORTED_ELSEWHERE, true);
        return new CallSpan(telemetry, builder.startSpan(), parent, interaction, true);
    }

    private SpanBuilder builder(
            Operation operation, String of, Context parent, @Nullable Interaction interaction, Instant at) {
        SpanBuilder builder = telemetry
                .tracer
                .spanBuilder(operation.word() + " " + of)
                .setParent(parent)
                .setStartTimestamp(at);
        return interaction == null ? builder : builder.setAttribute(PlinthAttributes.INTERACTION_ID, interaction.id());
    }

    /** The place in the trace that the request comes from, which its context tells better than the thread. */
    private Context parent(CallContext call, @Nullable Interaction interaction) {
        TracePosition from = TracePosition.of(call);
        CallSpan around = from == null ? null : from.openCall();
        if (interaction != null && (around == null || !around.belongsTo(interaction))) {
            return interaction
                    .attachment(InteractionSpan.class, InteractionSpan::new)
                    .get(() -> startInteraction(interaction))
                    .context();
        }
        Context current = Context.current();
        return from == null || from.contains(current) ? current : from.context();
    }

    /** What is kept with an interaction. It is begun under a lock of its own: the interaction's is for everybody. */
    private static final class InteractionSpan {
        private @Nullable CallSpan span;

        synchronized CallSpan get(Supplier<CallSpan> start) {
            CallSpan known = span == null ? start.get() : span;
            span = known;
            return known;
        }
    }

    private CallSpan startInteraction(Interaction interaction) {
        CallContext context = interaction.context();
        TracePosition start = TracePosition.of(context);
        Context outer = start == null ? Context.root() : start.context();
        SpanBuilder builder = telemetry
                .tracer
                .spanBuilder(interaction.name())
                .setSpanKind(SpanKind.INTERNAL)
                .setParent(outer)
                .setStartTimestamp(interaction.startedAt())
                .setAttribute(PlinthAttributes.INTERACTION_ID, interaction.id());
        context.session().ifPresent(session -> builder.setAttribute(GenAi.CONVERSATION_ID, session));
        context.useCase().ifPresent(useCase -> builder.setAttribute(PlinthAttributes.USE_CASE, useCase));
        context.principal().ifPresent(principal -> principal(builder, principal));
        for (Dialect dialect : telemetry.dialects) {
            dialect.begins(builder, Dialect.INTERACTION, interaction.name(), context);
        }
        CallSpan span = new CallSpan(telemetry, builder.startSpan(), outer, interaction, false);
        telemetry.addresses.add(Target.interaction(interaction.id()), span.address());
        interaction.onClose(() -> endInteraction(span, interaction));
        return span;
    }

    private static void principal(SpanBuilder builder, Principal principal) {
        builder.setAttribute(PlinthAttributes.APPLICATION, principal.application());
        builder.setAttribute(PlinthAttributes.TEAM, principal.team());
    }

    private void endInteraction(CallSpan span, Interaction interaction) {
        telemetry.guard.run(() -> telemetry.meters.interaction(interaction));
        // The totals have names of their own: a back end that adds up tokens and cost must not count them twice.
        span.endAt(interaction.startedAt().plus(interaction.duration()), () -> {
            int open = interaction.openCalls(); // first, or one that ends meanwhile would be in neither
            int calls = open + interaction.calls().size();
            if (!span.isRecording() || calls == 0) {
                return; // a model outside of a platform lists no calls: what they used is not known here
            }
            span.set(PlinthAttributes.INTERACTION_CALLS, (long) calls);
            if (open > 0) {
                return; // a part is not passed off as the whole
            }
            Usage usage = interaction.usage();
            span.set(PlinthAttributes.INTERACTION_INPUT_TOKENS, usage.input());
            span.set(PlinthAttributes.INTERACTION_OUTPUT_TOKENS, usage.output());
            interaction.cost().ifPresent(cost -> {
                span.set(PlinthAttributes.INTERACTION_COST_AMOUNT, cost.amount().doubleValue());
                span.set(PlinthAttributes.COST_CURRENCY, cost.currency().getCurrencyCode());
            });
        });
    }
}
