package dev.plinth.tracing.sdk;

import dev.plinth.api.usage.Usage;
import dev.plinth.tracing.PlinthAttributes;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One span of a {@link TraceTree}, as it was when the tree was asked for.
 *
 * <p>Immutable and thread-safe.
 */
public final class TraceNode {

    /** What a span stands for. More will be added: write a default branch. */
    public enum Kind {
        /** A user prompt with all its calls. */
        INTERACTION,
        CHAT,
        EMBEDDINGS,
        RERANK,
        RETRIEVAL,
        TOOL,
        /** A look into a cache. */
        CACHE,
        /** A check of a guardrail. */
        GUARDRAIL,
        /** One try of several at a call. */
        ATTEMPT,
        /** Anything else, such as a span of the application's own. */
        OTHER;

        /** Whether a model is asked, which takes tokens and costs money. */
        boolean isModelCall() {
            return this == CHAT || this == EMBEDDINGS || this == RERANK;
        }
    }

    /**
     * An amount of money.
     *
     * @param currency its code, such as {@code USD}
     */
    public record Money(BigDecimal amount, String currency) {}

    private static final Usage NO_COUNTS = Usage.builder().build();

    private final SpanData span;
    private final Duration duration;
    private final boolean orphan;
    private final List<TraceScore> scores;
    private final List<TraceNode> children;
    private final Recorded recorded;
    private final Kind kind;

    TraceNode(SpanData span, Duration duration, boolean orphan, List<TraceScore> scores, List<TraceNode> children) {
        this.span = span;
        this.duration = duration;
        this.orphan = orphan;
        this.scores = List.copyOf(scores);
        this.children = List.copyOf(children);
        this.recorded = Recorded.of(span);
        this.kind = recorded.kind();
    }

    /** The id of the span: 16 hexadecimal digits. */
    public String spanId() {
        return span.getSpanId();
    }

    /** The id of the span around it, here or in another process; empty for the root of a trace. */
    public Optional<String> parentSpanId() {
        return span.getParentSpanContext().isValid() ? Optional.of(span.getParentSpanId()) : Optional.empty();
    }

    /** The name of the span. */
    public String name() {
        return span.getName();
    }

    /** What it stands for. */
    public Kind kind() {
        return kind;
    }

    /** All that was recorded. */
    public Attributes attributes() {
        return span.getAttributes();
    }

    /** When it began. */
    public Instant startedAt() {
        return Instant.EPOCH.plusNanos(span.getStartEpochNanos());
    }

    /** From start to end, or until the tree was asked for when it has not ended. */
    public Duration duration() {
        return duration;
    }

    /** Whether it had not ended. In a tree whose root has, that is either a stream still read or a leak. */
    public boolean isRunning() {
        return !span.hasEnded();
    }

    /** Whether its parent should be in this process and is not known: somebody lost it. */
    public boolean isOrphan() {
        return orphan;
    }

    /** What kind of error it ended with; empty: none. */
    public Optional<String> error() {
        String type = attributes().get(GenAi.ERROR_TYPE);
        if (type == null && span.getStatus().getStatusCode() == StatusCode.ERROR) {
            type = "_OTHER";
        }
        return Optional.ofNullable(type);
    }

    /**
     * The tokens of this call alone; {@link Usage#UNKNOWN} when none are recorded. Embeddings have no output, so the
     * conventions have no count of it: it is 0 when the input is known.
     */
    public Usage usage() {
        Long newName = attributes().get(GenAi.CACHE_WRITE_TOKENS);
        long written = count(newName == null ? attributes().get(GenAi.CACHE_CREATION_TOKENS) : newName);
        Usage counts = Usage.builder()
                .input(count(attributes().get(GenAi.INPUT_TOKENS)))
                .output(output())
                .cachedInput(count(attributes().get(GenAi.CACHE_READ_TOKENS)))
                .cacheWrite(written)
                .longCacheWrite(written == 0 ? 0 : -1) // a part of those, which the conventions have no name for
                .reasoning(count(attributes().get(GenAi.REASONING_TOKENS)))
                .source(isTrue(PlinthAttributes.USAGE_ESTIMATED) ? Usage.Source.ESTIMATED : Usage.Source.REPORTED)
                .build();
        return counts.equals(NO_COUNTS) ? Usage.UNKNOWN : counts;
    }

    private long output() {
        Long output = attributes().get(GenAi.OUTPUT_TOKENS);
        boolean none = output == null && kind == Kind.EMBEDDINGS && attributes().get(GenAi.INPUT_TOKENS) != null;
        return none ? 0 : count(output);
    }

    private static long count(@Nullable Long tokens) {
        return tokens == null || tokens < 0 ? -1 : tokens;
    }

    /** What this call cost, without those within it; empty when not known. */
    public Optional<Money> cost() {
        Double amount = attributes().get(PlinthAttributes.COST_AMOUNT);
        String currency = attributes().get(PlinthAttributes.COST_CURRENCY);
        return amount == null || currency == null || !Double.isFinite(amount)
                ? Optional.empty()
                : Optional.of(new Money(BigDecimal.valueOf(amount), currency));
    }

    /** How it was judged, in the order the judgements came. */
    public List<TraceScore> scores() {
        return scores;
    }

    /** The spans within it, in the order of their starts. */
    public List<TraceNode> children() {
        return children;
    }

    boolean isTrue(AttributeKey<Boolean> key) {
        return Boolean.TRUE.equals(attributes().get(key));
    }

    /** Whether it used nothing, such as an answer out of a cache. */
    boolean isFree() {
        return isTrue(PlinthAttributes.CACHED) || usage().equals(Usage.NONE);
    }

    Recorded recorded() {
        return recorded;
    }

    /** What there is to say of it beside its numbers, such as {@code failed: overloaded}. */
    Stream<String> notes() {
        Attributes all = attributes();
        String outcome = all.get(PlinthAttributes.STEP_OUTCOME);
        return Stream.of(
                        isTrue(PlinthAttributes.CACHED) ? "cache hit" : null,
                        outcome,
                        all.get(PlinthAttributes.ROUTE_WHY),
                        error().map(error -> "failed: " + error).orElse(null),
                        isTrue(PlinthAttributes.CANCELLED) ? "cancelled" : null,
                        orphan ? "orphan" : null,
                        scores.isEmpty() ? null : scoresText())
                .filter(Objects::nonNull);
    }

    private String scoresText() {
        return String.join(" ", scores.stream().map(TraceScore::text).toList());
    }
}
