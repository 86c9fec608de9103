package dev.plinth.tracing.sdk;

import dev.plinth.api.score.Annotator;
import dev.plinth.api.score.Outcome;
import dev.plinth.tracing.PlinthAttributes;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.logs.ReadWriteLogRecord;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A judgement of a span, as an evaluation result told it: a person's feedback, a judge's verdict, a check.
 *
 * @param name what was judged for, such as {@code thumb}
 * @param outcome what it comes to; null: not said
 * @param value how good it is; null: not said
 * @param label the judgement in a word; null: not said
 * @param explanation why, for people; null: not said
 * @param annotator who judged; null: not said
 */
public record TraceScore(
        String name,
        @Nullable Outcome outcome,
        @Nullable Double value,
        @Nullable String label,
        @Nullable String explanation,
        Annotator.@Nullable Kind annotator) {

    static boolean isScore(ReadWriteLogRecord record) {
        return GenAi.EVALUATION_RESULT.equals(record.getEventName());
    }

    static TraceScore of(ReadWriteLogRecord record) {
        return new TraceScore(
                Objects.requireNonNullElse(record.getAttribute(GenAi.EVALUATION_NAME), "_OTHER"),
                constant(record, PlinthAttributes.SCORE_OUTCOME, Outcome.class),
                record.getAttribute(GenAi.SCORE_VALUE),
                record.getAttribute(GenAi.SCORE_LABEL),
                record.getAttribute(GenAi.EXPLANATION),
                constant(record, PlinthAttributes.SCORE_ANNOTATOR, Annotator.Kind.class));
    }

    private static <E extends Enum<E>> @Nullable E constant(
            ReadWriteLogRecord record, AttributeKey<String> key, Class<E> type) {
        String word = record.getAttribute(key);
        for (E each : type.getEnumConstants()) {
            if (each.name().toLowerCase(Locale.ROOT).equals(word)) {
                return each;
            }
        }
        return null;
    }

    /** Whether it is a bad one. Results of strangers have no outcome of ours; theirs may be in the label. */
    boolean isFailure() {
        return outcome == null ? "fail".equals(label) : outcome == Outcome.FAIL;
    }

    /** As short as it can be said, such as {@code thumb=fail}. */
    String text() {
        if (label != null) {
            return name + "=" + label;
        }
        if (value != null) {
            return name + "=" + value;
        }
        return outcome == null ? name : name + "=" + outcome.name().toLowerCase(Locale.ROOT);
    }
}
