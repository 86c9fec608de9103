package dev.plinth.tracing;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.rerank.RerankResponse;
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
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One call: its span and its figures. It ends once, on whichever thread; a second end is passed over.
 *
 * <p>The figures are those of calls that ended. What one used that its caller gave up is not known, unless a thread was
 * told that waited.
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
    private final Instant startedAt;
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
            Function<Instant, CallSpan> start) {
        this.telemetry = telemetry;
        this.operation = operation;
        this.context = context;
        this.info = info;
        this.name = name;
        this.labels = labels;
        this.startedAt = telemetry.time.now();
        this.startedNanos = telemetry.time.nanos();
        this.span = start.apply(startedAt); // last: from here on it has to be ended
    }

    /** The call of a model; its span is started at the time given. */
    static TracedCall of(
            Telemetry telemetry,
            Operation operation,
            CallContext context,
            ModelInfo info,
            String model,
            Function<Instant, CallSpan> start) {
        Attributes labels = telemetry.labels(operation, info, model);
        return new TracedCall(telemetry, operation, context, info, model, labels, start);
    }

    /** A retrieval or the call of a tool, with the name of what is asked under this label. */
    static TracedCall of(
            Telemetry telemetry,
            Operation operation,
            CallContext context,
            AttributeKey<String> label,
            String name,
            Function<Instant, CallSpan> start) {
        return new TracedCall(telemetry, operation, context, null, name, telemetry.labels(label, name), start);
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

    /** A piece of the answer came; for streams. One out of a cache says nothing of a model's speed. */
    void chunk() {
        if (span.isReportedElsewhere() || span.isFromCache()) {
            return;
        }
        try {
            timeChunk();
        } catch (Throwable failure) {
            telemetry.guard.failed(failure);
        }
    }

    private void timeChunk() {
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

    /** Whether something of its content may be recorded, and somebody would have it. */
    boolean capturesContent() {
        boolean wanted = span.isRecording() || telemetry.contentWriter.writesEvents() || telemetry.content.uploads();
        return wanted && !span.isReportedElsewhere() && telemetry.content.mode(context) != CaptureMode.OFF;
    }

    /** A retrieval or a tool came to its end. */
    void done(@Nullable String errorType, Content content, Runnable attributes) {
        end(
                content,
                errorType != null,
                () -> {
                    attributes.run();
                    if (errorType != null) {
                        span.error(errorType);
                    }
                },
                seconds -> ended(labels, errorType, seconds, Usage.UNKNOWN));
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

    /**
     * Ends the call now, whatever its telemetry takes from here on. Content is captured also for a span that nobody keeps,
     * if it is kept elsewhere.
     *
     * @param figures is told how many seconds the call took
     * @return whether this was its end
     */
    private boolean end(Content content, boolean failed, Runnable attributes, DoubleConsumer figures) {
        long nanos = telemetry.guard.get(() -> telemetry.time.nanos() - startedNanos, 0L);
        boolean first = span.endAt(startedAt.plusNanos(nanos), () -> {
            boolean captures = capturesContent();
            if (span.isRecording() || captures) { // an event says what a span does, whether that is kept or not
                telemetry.guard.run(attributes);
            }
            CapturedContent captured = captures ? content.capture(telemetry.content, failed || span.isNotable()) : null;
            if (captured != null) {
                captured.withheld().ifPresent(telemetry.guard::failed);
                telemetry.contentWriter.write(span, operation, info, name, captured);
            }
        });
        if (first && telemetry.metered) {
            telemetry.guard.run(() -> figures.accept(nanos / NANOS_PER_SECOND));
        }
        return first;
    }

    /**
     * What a model answered.
     *
     * @param provider who served it; null: whom was asked
     * @param model which one; null: not known
     * @param cached whether the answer came out of a cache: then no model was asked, and no figures of one count
     */
    record Answer(
            @Nullable String provider,
            @Nullable String model,
            Usage usage,
            @Nullable Cost cost,
            List<Attempt> attempts,
            boolean cached) {

        Answer by(String name) {
            return new Answer(name, model, usage, cost, attempts, cached);
        }

        /** Vectors, of all who were tried. */
        static Answer of(EmbeddingResponse response) {
            return of(response.model(), response.usage(), response.cost(), response.attempts());
        }

        /** Ranks, of all who were tried. */
        static Answer of(RerankResponse response) {
            return of(response.model(), response.usage(), response.cost(), response.attempts());
        }

        /** The last of those who answered is who is named. */
        private static Answer of(String model, Usage usage, @Nullable Cost cost, List<Attempt> attempts) {
            String provider = attempts.stream()
                    .filter(Attempt::succeeded)
                    .map(Attempt::provider)
                    .reduce((before, last) -> last)
                    .orElse(null);
            return new Answer(provider, model, usage, cost, attempts, false);
        }
    }

    /** A model answered. */
    void answered(Answer answer, Content content, Runnable attributes) {
        end(
                content,
                false,
                () -> {
                    attributes.run();
                    if (info != null && !info.provider().equals(answer.provider)) {
                        span.set(GenAi.PROVIDER_NAME, answer.provider);
                    }
                    span.set(GenAi.RESPONSE_MODEL, answer.model);
                    used(answer);
                },
                seconds -> {
                    if (!answer.cached) {
                        Attributes served = telemetry.servedBy(labels, answer.provider, answer.model);
                        ended(served, null, seconds, answer.usage);
                        spent(served, answer);
                    }
                });
    }

    /** What was paid for: each try at the model it went to, if they are told, else the call at the model that answered. */
    private void spent(Attributes whole, Answer answer) {
        telemetry.meters.retries(labels, answer.attempts);
        boolean told = Attempt.totalCost(answer.attempts).equals(Optional.ofNullable(answer.cost));
        if (answer.attempts.size() < 2 || !told) {
            spent(whole, answer.usage, answer.cost);
            return;
        }
        for (Attempt attempt : answer.attempts) {
            boolean named = attempt.succeeded() && attempt.provider().equals(answer.provider);
            spent(named ? whole : telemetry.servedBy(labels, attempt.provider(), attempt.model()), attempt);
        }
    }

    private void spent(Attributes all, Attempt attempt) {
        spent(all, attempt.usage(), attempt.cost());
    }

    /** What used nothing cost nothing, whether that is said or not. */
    private void spent(Attributes all, Usage usage, @Nullable Cost cost) {
        if (cost != null || !usage.equals(Usage.NONE)) {
            telemetry.meters.cost(all, context, cost);
        }
    }

    /** What was used, on the span. */
    private void used(Answer answer) {
        usage(answer.usage);
        span.cost(answer.cost);
        if (span.isRecording()) {
            span.attempts(answer.attempts);
        }
        if (info != null && !span.isReportedElsewhere()) {
            Answer named = answer.provider == null ? answer.by(info.provider()) : answer;
            for (Dialect dialect : telemetry.dialects) {
                dialect.ended(span, operation, named);
            }
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
        if (failure instanceof CancelledException told) {
            cancelled(told, content);
            return;
        }
        String type = errorType(failure);
        boolean first = brokeOff(failure, type, content, () -> span.error(type));
        if (first && operation.isClient() && !span.isReportedElsewhere()) {
            telemetry.guard.run(() -> exception(failure));
        }
    }

    /** @param told what a thread was told that waited; null: nobody knows what was used */
    void cancelled(@Nullable CancelledException told, Content content) {
        brokeOff(told, null, content, () -> span.set(PlinthAttributes.CANCELLED, true));
    }

    private boolean brokeOff(
            @Nullable Throwable failure, @Nullable String errorType, Content content, Runnable attributes) {
        // A retrieval or a tool uses nothing itself: the models within it have spans of their own.
        LlmException known = operation.isClient() && failure instanceof LlmException exception ? exception : null;
        Usage usage = known == null ? Usage.UNKNOWN : known.partialUsage();
        List<Attempt> attempts = known == null ? List.of() : known.attempts();
        return end(
                content,
                errorType != null,
                () -> {
                    Cost cost = known == null ? null : known.cost().orElse(null);
                    used(new Answer(null, null, usage, cost, attempts, false));
                    attributes.run();
                },
                seconds -> {
                    ended(labels, errorType, seconds, usage);
                    if (operation.isClient()) {
                        spentInVain(usage, attempts);
                    }
                });
    }

    /** Of what was used outside of the tries nobody says what it cost. */
    private void spentInVain(Usage usage, List<Attempt> attempts) {
        telemetry.meters.retries(labels, attempts);
        for (Attempt attempt : attempts) {
            spent(telemetry.servedBy(labels, attempt.provider(), attempt.model()), attempt);
        }
        if (Attempt.leavesOut(attempts, usage)) {
            telemetry.meters.cost(labels, context, null);
        }
    }

    private void ended(Attributes all, @Nullable String errorType, double seconds, Usage usage) {
        if (!span.isReportedElsewhere()) {
            telemetry.ended(new EndedCall(operation, all, errorType, seconds, usage));
        }
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

    static String typeOf(Throwable failure) {
        String name = failure.getClass().getCanonicalName();
        return name == null ? "_OTHER" : name;
    }
}
