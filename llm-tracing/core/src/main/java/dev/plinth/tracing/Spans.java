package dev.plinth.tracing;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.api.context.Principal;
import dev.plinth.api.usage.Usage;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Starts spans under the right parent.
 *
 * <p>A thread does not tell which call it works for: tools run on executors, streams are read elsewhere. The
 * {@link CallContext} does, since it travels with every request, and carries the span of the call around.
 */
final class Spans {

    private final Tracer tracer;

    Spans(OpenTelemetry openTelemetry) {
        this.tracer = openTelemetry
                .tracerBuilder(SpanAttributes.SCOPE)
                .setSchemaUrl(SpanAttributes.SCHEMA_URL)
                .build();
    }

    /** Starts the span of a call in this context. Attributes that samplers look at are set before the start. */
    CallSpan start(String name, SpanKind kind, CallContext call, UnaryOperator<SpanBuilder> attributes) {
        Interaction interaction = call.interaction().orElse(null);
        Context parent = parent(call, interaction);
        SpanBuilder builder = tracer.spanBuilder(name).setSpanKind(kind).setParent(parent);
        if (interaction != null) {
            builder.setAttribute(PlinthAttributes.INTERACTION_ID, interaction.id());
        }
        call.session().ifPresent(session -> builder.setAttribute(SpanAttributes.CONVERSATION_ID, session));
        return new CallSpan(attributes.apply(builder).startSpan(), parent, interaction);
    }

    /** The context for what runs within the call. */
    static CallContext carry(CallContext call, CallSpan span) {
        // Without an SDK there is no span worth carrying.
        return span.isValid()
                ? call.toBuilder().attachment(CallSpan.class, span).build()
                : call;
    }

    /** The innermost span that the context carries and that is open, or null. */
    static @Nullable CallSpan carried(CallContext call) {
        return call.attachment(CallSpan.class).filter(CallSpan::isOpen).orElse(null);
    }

    private Context parent(CallContext call, @Nullable Interaction interaction) {
        CallSpan around = carried(call);
        if (interaction != null && (around == null || !around.belongsTo(interaction))) {
            Context outer = around == null ? Context.current() : around.context();
            around = interaction
                    .attachment(InteractionSpan.class, () -> startInteraction(interaction, outer))
                    .span();
        }
        Context current = Context.current();
        return around == null || around.isAround(current) ? current : around.context();
    }

    /** What is kept with an interaction. */
    private record InteractionSpan(CallSpan span) {}

    private InteractionSpan startInteraction(Interaction interaction, Context outer) {
        CallContext context = interaction.context();
        SpanBuilder builder = tracer.spanBuilder(interaction.name())
                .setSpanKind(SpanKind.INTERNAL)
                .setParent(outer)
                .setStartTimestamp(interaction.startedAt())
                .setAttribute(PlinthAttributes.INTERACTION_ID, interaction.id());
        context.session().ifPresent(session -> builder.setAttribute(SpanAttributes.CONVERSATION_ID, session));
        context.useCase().ifPresent(useCase -> builder.setAttribute(PlinthAttributes.USE_CASE, useCase));
        context.principal().ifPresent(principal -> principal(builder, principal));
        CallSpan span = new CallSpan(builder.startSpan(), outer, interaction);
        interaction.onClose(() -> endInteraction(span, interaction));
        return new InteractionSpan(span);
    }

    private static void principal(SpanBuilder builder, Principal principal) {
        builder.setAttribute(PlinthAttributes.APPLICATION, principal.application());
        builder.setAttribute(PlinthAttributes.TEAM, principal.team());
    }

    private static void endInteraction(CallSpan span, Interaction interaction) {
        // The totals have names of their own: a back end that adds up tokens and cost must not count them twice.
        span.endAt(interaction.startedAt().plus(interaction.duration()), () -> {
            Usage usage = interaction.usage();
            span.set(PlinthAttributes.INTERACTION_CALLS, (long)
                    interaction.calls().size());
            span.set(PlinthAttributes.INTERACTION_INPUT_TOKENS, usage.input());
            span.set(PlinthAttributes.INTERACTION_OUTPUT_TOKENS, usage.output());
            interaction.cost().ifPresent(cost -> {
                span.set(PlinthAttributes.INTERACTION_COST_AMOUNT, cost.amount().doubleValue());
                span.set(PlinthAttributes.COST_CURRENCY, cost.currency().getCurrencyCode());
            });
        });
    }
}
