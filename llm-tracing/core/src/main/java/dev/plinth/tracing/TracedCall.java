package dev.plinth.tracing;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.score.Target;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import dev.plinth.tracing.content.CaptureMode;
import dev.plinth.tracing.content.CapturedContent;
import dev.plinth.tracing.content.ContentCapture;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.Severity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call: its span and its figures. It ends once, on whichever thread; a second end is passed over.
 *
 * <p>The figures are those of calls that ended; one that its caller gave up counts with its duration only, since nobody
 * says what it used.
 */
final class TracedCall {

    private static final double NANOS_PER_SECOND = 1e9;

    private final Telemetry telemetry;
    private final Operation operation;
    private final CallContext context;
    private final @Nullable ModelInfo info;
    private final String name;
    private final Attributes labels;
    private final CallSpan span;
    private final long startedNanos;
    private long chunkNanos;
    private boolean chunkSeen;

    private TracedCall(
            Telemetry telemetry,
            Operation operation,
            CallContext context,
            @Nullable ModelInfo info,
            String name,
            Attributes labels,
            CallSpan span) {
        this.telemetry = telemetry;
        this.operation = operation;
        this.context = context;
        this.info = info;
        this.name = name;
        this.labels = labels;
        this.span = span;
        this.startedNanos = telemetry.time.nanos();
    }

    /** The call of a model. */
    static TracedCall of(
            Telemetry telemetry,
            Operation operation,
            CallContext context,
            ModelInfo info,
            String model,
            CallSpan span) {
        Attributes labels = telemetry.labels(operation, info, model);
        return new TracedCall(telemetry, operation, context, info, model, labels, span);
    }

    /** A retrieval or the call of a tool, with the name of what is asked under this label. */
    static TracedCall of(
            Telemetry telemetry,
            Operation operation,
            CallContext context,
            AttributeKey<String> label,
            String name,
            CallSpan span) {
        return new TracedCall(telemetry, operation, context, null, name, telemetry.labels(label, name), span);
    }

    CallSpan span() {
        return span;
    }

    Vocabulary vocabulary() {
        return telemetry.vocabulary;
    }

    /** Late judgements of this find the span. */
    void remember(Target target) {
        telemetry.addresses.add(target, span.address());
    }

    /** A piece of the answer came; for streams. */
    void chunk() {
        if (span.isReportedElsewhere()) {
            return;
        }
        long now = telemetry.time.nanos();
        if (chunkSeen) {
            telemetry.nextChunk(labels, (now - chunkNanos) / NANOS_PER_SECOND);
        } else {
            chunkSeen = true;
            double seconds = (now - startedNanos) / NANOS_PER_SECOND;
            span.set(GenAi.TIME_TO_FIRST_CHUNK, seconds);
            telemetry.firstChunk(labels, seconds);
        }
        chunkNanos = now;
    }

    /** Whether something of its content may be recorded. */
    boolean capturesContent() {
        return !span.isReportedElsewhere() && telemetry.content.mode(context) != CaptureMode.OFF;
    }

    /** A retrieval or a tool came to its end. */
    void done(@Nullable String errorType, Content content, Runnable attributes) {
        boolean first = end(content, errorType != null, () -> {
            attributes.run();
            if (errorType != null) {
                span.error(errorType);
            }
        });
        if (first && telemetry.metered) {
            ended(labels, errorType, Usage.UNKNOWN);
        }
    }

    /** Gives the content of a call that has ended; null when nothing of it may be recorded. */
    @FunctionalInterface
    interface Content {

        /**
         * The content.
         *
         * @param notable whether something happened that is always kept
         */
        @Nullable
        CapturedContent capture(ContentCapture capture, boolean notable);
    }

    /** Content is captured whatever is sampled: it may be kept elsewhere. */
    private boolean end(Content content, boolean failed, Runnable attributes) {
        return span.endWith(() -> {
            CapturedContent captured =
                    capturesContent() ? content.capture(telemetry.content, failed || span.isNotable()) : null;
            if (span.isRecording()) {
                attributes.run();
            }
            if (captured != null) {
                telemetry.contentWriter.write(span, operation, info, name, captured);
            }
        });
    }

    /**
     * What a model answered.
     *
     * @param model which one; null: not known
     * @param cached whether the answer came out of a cache: then no model was asked, and no figures of one count
     */
    record Answer(
            @Nullable String model, Usage usage, @Nullable Cost cost, List<Attempt> attempts, boolean cached) {}

    /** A model answered. */
    void answered(Answer answer, Content content, Runnable attributes) {
        boolean first = end(content, false, () -> {
            attributes.run();
            span.set(GenAi.RESPONSE_MODEL, answer.model);
            usage(answer.usage);
            span.cost(answer.cost);
            span.attempts(answer.attempts);
            if (!span.isReportedElsewhere()) {
                for (Dialect dialect : telemetry.dialects) {
                    dialect.answered(span, operation, answer);
                }
            }
        });
        if (first && !answer.cached && telemetry.metered) {
            Attributes all = answer.model == null ? labels : telemetry.answeredBy(labels, answer.model);
            ended(all, null, answer.usage);
            spent(all, answer.cost, answer.attempts);
        }
    }

    private void usage(Usage usage) {
        if (operation == Operation.EMBEDDINGS) {
            span.set(GenAi.INPUT_TOKENS, usage.input()); // what there is beside has no place on a span of vectors
        } else if (operation.isClient()) {
            span.usage(usage);
        }
    }

    void failed(Throwable failure, Content content) {
        if (failure instanceof CancelledException) {
            cancelled(content);
            return;
        }
        String type = errorType(failure);
        Usage usage = failure instanceof LlmException known ? known.partialUsage() : Usage.UNKNOWN;
        List<Attempt> attempts = failure instanceof LlmException known ? known.attempts() : List.of();
        boolean first = end(content, true, () -> {
            usage(usage);
            span.attempts(attempts);
            span.error(type);
        });
        if (first && operation.isClient() && !span.isReportedElsewhere()) {
            exception(failure);
        }
        if (first && telemetry.metered) {
            ended(labels, type, usage);
            if (operation.isClient() && !(usage.equals(Usage.NONE) && attempts.isEmpty())) {
                spent(labels, Attempt.totalCost(attempts).orElse(null), attempts);
            }
        }
    }

    void cancelled(Content content) {
        boolean first = end(content, false, () -> span.set(PlinthAttributes.CANCELLED, true));
        if (first && telemetry.metered) {
            ended(labels, null, Usage.UNKNOWN);
        }
    }

    private void ended(Attributes all, @Nullable String errorType, Usage usage) {
        if (span.isReportedElsewhere()) {
            return;
        }
        double seconds = (telemetry.time.nanos() - startedNanos) / NANOS_PER_SECOND;
        telemetry.ended(new EndedCall(operation, all, errorType, seconds, usage));
    }

    private void spent(Attributes all, @Nullable Cost cost, List<Attempt> attempts) {
        telemetry.meters.cost(all, context, cost);
        telemetry.meters.retries(labels, attempts);
    }

    /** The message stays out: it is not ours when a stranger's adapter throws, and may quote what was asked. */
    private void exception(Throwable failure) {
        telemetry
                .events
                .logRecordBuilder()
                .setEventName("gen_ai.client.operation.exception")
                .setSeverity(Severity.WARN)
                .setContext(span.context())
                .setAttribute(GenAi.EXCEPTION_TYPE, typeOf(failure))
                .emit();
    }

    private static String errorType(Throwable failure) {
        if (failure instanceof LlmException known) {
            return known.code();
        }
        return typeOf(failure);
    }

    private static String typeOf(Throwable failure) {
        String name = failure.getClass().getCanonicalName();
        return name == null ? "_OTHER" : name;
    }
}
