package dev.plinth.bench.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.layer.ChatWatch;
import dev.plinth.api.layer.Layer;
import dev.plinth.api.layer.Stage;
import dev.plinth.tracing.PlinthAttributes;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.Tracer;
import org.junit.jupiter.api.Test;

class InterleavingsTest {

    @Test
    void tracesStayWhole() throws Exception {
        TraceReport report = new Interleavings(60, 7, 8).run();
        assertThat(report.interactions()).isEqualTo(60);
        assertThat(report.spans()).isGreaterThan(300);
        assertThat(report.attempts()).isPositive();
        assertThat(report.steps()).isPositive();
        assertThat(report.cancelled()).isPositive();
        assertThat(report.cached()).isPositive();
        assertThat(report.failed()).isPositive();
        assertThat(report.orphans()).isZero();
        assertThat(report.unended()).isZero();
        assertThat(report.splitTraces()).isZero();
        assertThat(report.sumMismatches()).isEmpty();
    }

    @Test
    void tracingThatGoesByThreadsAndForgetsEndsIsFoundOut() throws Exception {
        TraceReport report = new Interleavings(20, 7, 8).run(ByThread::new);
        assertThat(report.orphans()).isPositive();
        assertThat(report.unended()).isPositive();
        assertThat(report.splitTraces()).isPositive();
        assertThat(report.sumMismatches()).isNotEmpty();
    }

    /** What one would write first: the parent is what is current on the thread, and a call ends when it answers. */
    private static final class ByThread implements Layer {
        private final Tracer tracer;

        ByThread(OpenTelemetry openTelemetry) {
            this.tracer = openTelemetry.getTracer("by-thread");
        }

        @Override
        public Stage stage() {
            return Stage.TRACE;
        }

        @Override
        public ChatModel around(ChatModel next) {
            return ChatWatch.around(next, request -> {
                SpanBuilder builder = tracer.spanBuilder("chat");
                request.context()
                        .interaction()
                        .ifPresent(ask -> builder.setAttribute(PlinthAttributes.INTERACTION_ID, ask.id()));
                Span span = builder.startSpan();
                return new ChatWatch() {
                    @Override
                    public void done(ChatResponse response) {
                        span.setAttribute("gen_ai.operation.name", "chat");
                        response.usage()
                                .input()
                                .ifPresent(count -> span.setAttribute("gen_ai.usage.input_tokens", count));
                        span.end();
                    }
                };
            });
        }
    }
}
