package dev.plinth.tracing.sdk;

import dev.plinth.tracing.PlinthAttributes;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.common.InstrumentationLibraryInfo;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.DelegatingSpanData;
import io.opentelemetry.sdk.trace.data.SpanData;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a trace.
 *
 * @param passes whether its spans are passed on
 * @param weight for how many traces it stands
 */
record SamplingDecision(boolean passes, double weight) {

    static final SamplingDecision DROP = new SamplingDecision(false, 0);

    /** For itself. */
    static final SamplingDecision KEEP = new SamplingDecision(true, 1);

    /**
     * By the trace's id, so that every process decides alike. The bits are mixed first, since other samplers go by the
     * id, too: what one of them lets through is no fair sample of ids.
     */
    static SamplingDecision byShare(double share, String traceId) {
        long bits = Long.parseUnsignedLong(traceId, 0, 16, 16)
                + 0x9e3779b97f4a7c15L * Long.parseUnsignedLong(traceId, 16, 32, 16);
        bits = (bits ^ bits >>> 30) * 0xbf58476d1ce4e5b9L;
        bits = (bits ^ bits >>> 27) * 0x94d049bb133111ebL;
        bits ^= bits >>> 31;
        return (bits >>> 11) * 0x1p-53 < share ? new SamplingDecision(true, 1 / share) : DROP;
    }

    void pass(ReadableSpan span, SpanProcessor next) {
        next.onEnd(weight == 1 ? span : new Weighted(span, weight));
    }

    /** An ended span cannot be changed, so it is shown with one attribute more. */
    private static final class Weighted implements ReadableSpan {
        private final ReadableSpan span;
        private final double weight;

        Weighted(ReadableSpan span, double weight) {
            this.span = span;
            this.weight = weight;
        }

        @Override
        public SpanData toSpanData() {
            return new WeightedData(span.toSpanData(), weight);
        }

        @Override
        public <T> @Nullable T getAttribute(AttributeKey<T> key) {
            return getAttributes().get(key);
        }

        @Override
        public Attributes getAttributes() {
            return toSpanData().getAttributes();
        }

        @Override
        public SpanContext getSpanContext() {
            return span.getSpanContext();
        }

        @Override
        public SpanContext getParentSpanContext() {
            return span.getParentSpanContext();
        }

        @Override
        public String getName() {
            return span.getName();
        }

        @Override
        @Deprecated // in the SDK, which still asks for it
        public InstrumentationLibraryInfo getInstrumentationLibraryInfo() {
            return span.getInstrumentationLibraryInfo();
        }

        @Override
        public InstrumentationScopeInfo getInstrumentationScopeInfo() {
            return span.getInstrumentationScopeInfo();
        }

        @Override
        public boolean hasEnded() {
            return span.hasEnded();
        }

        @Override
        public long getLatencyNanos() {
            return span.getLatencyNanos();
        }

        @Override
        public SpanKind getKind() {
            return span.getKind();
        }
    }

    private static final class WeightedData extends DelegatingSpanData {
        private final Attributes attributes;
        private final int more;

        WeightedData(SpanData span, double weight) {
            super(span);
            this.attributes = span.getAttributes().toBuilder()
                    .put(PlinthAttributes.SAMPLING_WEIGHT, weight)
                    .build();
            this.more = attributes.size() - span.getAttributes().size();
        }

        @Override
        public Attributes getAttributes() {
            return attributes;
        }

        @Override
        public int getTotalAttributeCount() {
            return super.getTotalAttributeCount() + more;
        }
    }
}
