package dev.plinth.tracing;

import dev.plinth.api.score.Score;
import dev.plinth.api.score.Target;
import io.opentelemetry.api.logs.LogRecordBuilder;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes judgements as events of the conventions, joined to the span that was judged as far as it is known. */
final class ScoreEvents implements Consumer<Score> {

    private final Telemetry telemetry;

    ScoreEvents(Telemetry telemetry) {
        this.telemetry = telemetry;
    }

    @Override
    public void accept(Score score) {
        Target target = score.target().orElse(null);
        write(score, target == null ? null : telemetry.addresses.find(target));
    }

    /** Writes it to this span; without one the ids have to do. */
    void write(Score score, @Nullable SpanContext judged) {
        telemetry.guard.run(() -> telemetry.meters.score(score));
        telemetry.guard.run(() -> event(score, judged));
    }

    private void event(Score score, @Nullable SpanContext judged) {
        LogRecordBuilder event = telemetry
                .events
                .logRecordBuilder()
                .setEventName("gen_ai.evaluation.result")
                .setSeverity(Severity.INFO)
                .setAttribute(GenAi.EVALUATION_NAME, score.name())
                .setAttribute(GenAi.SCORE_LABEL, label(score))
                .setAttribute(PlinthAttributes.SCORE_OUTCOME, word(score.outcome()))
                .setAttribute(
                        PlinthAttributes.SCORE_ANNOTATOR, word(score.annotator().kind()));
        score.value().ifPresent(value -> event.setAttribute(GenAi.SCORE_VALUE, value));
        score.at().ifPresent(event::setTimestamp);
        score.target().ifPresent(target -> id(event, target));
        event.setContext(judged == null ? Context.root() : Context.root().with(Span.wrap(judged)))
                .emit();
    }

    private static void id(LogRecordBuilder event, Target target) {
        switch (target.kind()) {
            case INTERACTION -> event.setAttribute(PlinthAttributes.INTERACTION_ID, target.id());
            case RESPONSE -> event.setAttribute(GenAi.RESPONSE_ID, target.id());
            case CHUNK -> event.setAttribute(PlinthAttributes.CHUNK_ID, target.id());
        }
    }

    private static String label(Score score) {
        return score.label().orElseGet(() -> word(score.outcome()));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
