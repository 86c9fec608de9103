package dev.plinth.tracing.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.testkit.TestTime;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Traces that are passed on reach the exporter whole, however many are decided at once. */
@Timeout(60)
class SampledExportTest {
    private static final int SPANS = 4;

    private final LinkedBlockingQueue<SpanData> exported = new LinkedBlockingQueue<>();
    private final CountDownLatch open = new CountDownLatch(1);
    private TailSampling sampling;

    private final TraceExport export = TraceExport.builder("slow")
            .maxQueueSize(20)
            .maxExportBatchSize(7)
            .spans(new SpanExporter() {
                @Override
                public CompletableResultCode export(Collection<SpanData> spans) {
                    try {
                        open.await();
                    } catch (InterruptedException closed) {
                        Thread.currentThread().interrupt();
                    }
                    exported.addAll(spans);
                    return CompletableResultCode.ofSuccess();
                }

                @Override
                public CompletableResultCode flush() {
                    return CompletableResultCode.ofSuccess();
                }

                @Override
                public CompletableResultCode shutdown() {
                    return CompletableResultCode.ofSuccess();
                }
            })
            .build();

    private SdkTracerProvider sample(TailSampling.Builder settings) {
        sampling = settings.time(TestTime.manual()).build();
        return SdkTracerProvider.builder()
                .addSpanProcessor(sampling.spanProcessor())
                .build();
    }

    private static void traces(Tracer tracer, int traces, boolean failing) {
        for (int i = 0; i < traces; i++) {
            Span root = tracer.spanBuilder(failing ? "failing" : "fine")
                    .setNoParent()
                    .startSpan();
            for (int child = 1; child < SPANS; child++) {
                tracer.spanBuilder("within")
                        .setParent(Context.root().with(root))
                        .startSpan()
                        .end();
            }
            if (failing) {
                root.setStatus(StatusCode.ERROR);
            }
            root.end();
        }
    }

    private Collection<List<SpanData>> whole() {
        Map<String, List<SpanData>> traces = exported.stream().collect(Collectors.groupingBy(SpanData::getTraceId));
        assertThat(traces.values()).allSatisfy(spans -> assertThat(spans).hasSize(SPANS));
        assertThat(export.figures()).containsEntry("tracing.export.slow.spans.dropped", 0.0);
        return new ArrayList<>(traces.values());
    }

    @Test
    void theEndDecidesMoreThanTheQueueTakes() {
        open.countDown();
        SdkTracerProvider tracers =
                sample(TailSampling.builder(export.spanProcessor(), 1).waitFor(Duration.ofHours(1)));
        traces(tracers.get("test"), 200, false);
        tracers.close();
        assertThat(whole()).hasSize(200);
    }

    @Test
    void aFlushDecidesMoreThanTheQueueTakes() {
        open.countDown();
        SdkTracerProvider tracers =
                sample(TailSampling.builder(export.spanProcessor(), 1).waitFor(Duration.ofHours(1)));
        traces(tracers.get("test"), 200, false);
        tracers.forceFlush();
        traces(tracers.get("test"), 200, false);
        tracers.close();
        assertThat(whole()).hasSize(400);
    }

    @Test
    void tracesWaitForRoomAndThoseThatAreKeptGoFirst() {
        SdkTracerProvider tracers = sample(TailSampling.builder(export.spanProcessor(), 1));
        traces(tracers.get("test"), 10, false);
        traces(tracers.get("test"), 10, true);
        assertThat(sampling.figures().get("tracing.sampling.traces.undecided"))
                .as("the queue is full")
                .isGreaterThanOrEqualTo(10);
        open.countDown();
        tracers.close();
        assertThat(whole()).hasSize(20);
        List<String> roots = exported.stream()
                .map(SpanData::getName)
                .filter(name -> !name.equals("within"))
                .toList();
        int firstFailing = roots.indexOf("failing");
        assertThat(roots.subList(firstFailing, firstFailing + 10)).containsOnly("failing");
        assertThat(firstFailing).isLessThan(10);
    }
}
