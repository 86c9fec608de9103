package dev.plinth.tracing.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.testkit.TestTime;
import dev.plinth.tracing.PlinthAttributes;
import io.opentelemetry.api.logs.LogRecordBuilder;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.Locale;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;

/** Spans through a sampler, and what it passed on. */
abstract class SamplingTest {
    final TestTime time = TestTime.manual();
    final Passed passed = new Passed();
    TailSampling sampling;
    SdkTracerProvider tracers;
    SdkLoggerProvider loggers;
    Tracer tracer;

    @AfterEach
    void close() {
        tracers.close();
        loggers.close();
    }

    void sample(double share, UnaryOperator<TailSampling.Builder> settings) {
        sample(share, settings, Sampler.alwaysOn());
    }

    void sample(double share, UnaryOperator<TailSampling.Builder> settings, Sampler head) {
        sampling =
                settings.apply(TailSampling.builder(passed, share).time(time)).build();
        tracers = SdkTracerProvider.builder()
                .addSpanProcessor(sampling.spanProcessor())
                .setSampler(head)
                .setIdGenerator(new SeededIds(7))
                .build();
        loggers = SdkLoggerProvider.builder()
                .addLogRecordProcessor(sampling.logRecordProcessor())
                .build();
        tracer = tracers.get("test");
    }

    void sampleNoneWithoutReason() {
        sample(0, settings -> settings);
    }

    Span root(String name) {
        return tracer.spanBuilder(name)
                .setNoParent()
                .setAttribute(PlinthAttributes.INTERACTION_ID, "of " + name)
                .startSpan();
    }

    Span child(String name, Span parent) {
        return tracer.spanBuilder(name).setParent(Context.root().with(parent)).startSpan();
    }

    /** A trace of two spans. */
    void trace(String name) {
        Span root = root(name);
        child("in " + name, root).end();
        root.end();
    }

    LogRecordBuilder score(String outcome) {
        Logger logger = loggers.get("test");
        return logger.logRecordBuilder()
                .setEventName("gen_ai.evaluation.result")
                .setAttribute(GenAi.EVALUATION_NAME, "thumb")
                .setAttribute(PlinthAttributes.SCORE_OUTCOME, outcome);
    }

    double figure(String name) {
        return sampling.figures().get("tracing.sampling." + name);
    }

    void assertEverySpanIsAccountedFor() {
        assertThat(figure("spans.in"))
                .isEqualTo(figure("spans.passed")
                        + figure("spans.dropped")
                        + figure("spans.late")
                        + figure("spans.pending"));
        assertThat(figure("spans.passed")).isEqualTo(passed.spans().size());
    }

    /** Ids that come again with the same seed. */
    private static final class SeededIds implements IdGenerator {
        private final Random random;

        SeededIds(long seed) {
            this.random = new Random(seed);
        }

        @Override
        public String generateSpanId() {
            return String.format(Locale.ROOT, "%016x", random.nextLong() | 1);
        }

        @Override
        public String generateTraceId() {
            return generateSpanId() + generateSpanId();
        }
    }
}
