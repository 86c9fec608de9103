package dev.plinth.tracing.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.testkit.TestTime;
import dev.plinth.servers.OtlpReceiver;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever becomes of the exporter, the application goes on and the figures add up. */
class TraceExportTest {
    /** Batches go when they are full, or when the test flushes. */
    private static final Duration NEVER = Duration.ofDays(1);

    private final OtlpReceiver receiver = OtlpReceiver.start();
    private TracingSdk sdk;

    @BeforeEach
    void quiet() {
        // The SDK says in its own log what failed; here it is meant to.
        java.util.logging.Logger.getLogger("io.opentelemetry").setLevel(java.util.logging.Level.OFF);
    }

    @AfterEach
    void close() {
        receiver.close();
        sdk.close();
        java.util.logging.Logger.getLogger("io.opentelemetry").setLevel(null);
    }

    private void start(TraceExport.Builder builder) {
        sdk = TracingSdk.builder("test").export(builder).build();
    }

    private void startOtlp(int maxQueueSize) {
        start(TraceExport.builder("otlp")
                .maxQueueSize(maxQueueSize)
                .scheduleDelay(NEVER)
                .spans(OtlpHttpSpanExporter.builder()
                        .setEndpoint(receiver.address() + "/v1/traces")
                        .setTimeout(Duration.ofMinutes(1))
                        .setRetryPolicy(null)
                        .build())
                .logRecords(OtlpHttpLogRecordExporter.builder()
                        .setEndpoint(receiver.address() + "/v1/logs")
                        .setRetryPolicy(null)
                        .build()));
    }

    private void startWith(Function<Collection<SpanData>, CompletableResultCode> exporter) {
        start(TraceExport.builder("own")
                .maxQueueSize(10)
                .maxExportBatchSize(5)
                .scheduleDelay(NEVER)
                .spans(exporter(exporter)));
    }

    private static SpanExporter exporter(Function<Collection<SpanData>, CompletableResultCode> export) {
        return new SpanExporter() {
            @Override
            public CompletableResultCode export(Collection<SpanData> spans) {
                return export.apply(spans);
            }

            @Override
            public CompletableResultCode flush() {
                return CompletableResultCode.ofSuccess();
            }

            @Override
            public CompletableResultCode shutdown() {
                return CompletableResultCode.ofSuccess();
            }
        };
    }

    /** The application's work: that many calls, each of which succeeds. */
    private void work(int calls) {
        Tracer tracer = sdk.openTelemetry().getTracer("test");
        for (int i = 0; i < calls; i++) {
            tracer.spanBuilder("call").startSpan().end();
        }
    }

    private SdkTracerProvider provider() {
        return ((OpenTelemetrySdk) sdk.openTelemetry()).getSdkTracerProvider();
    }

    private void flush() {
        assertThat(provider().forceFlush().join(1, TimeUnit.MINUTES).isDone()).isTrue();
        assertThat(spans("pending")).isZero();
    }

    /** The batch processor's thread is held between the end of a flush and its note of that. */
    @Test
    void whatComesWhileAFlushIsJustOverIsExportedAtTheEnd() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        CountDownLatch held = new CountDownLatch(1);
        sdk = TracingSdk.builder("test")
                .export(TraceExport.builder("own").scheduleDelay(NEVER).spans(new SpanExporter() {
                    @Override
                    public CompletableResultCode export(Collection<SpanData> spans) {
                        await(asked);
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
                }))
                .build();
        work(1);
        provider().forceFlush().whenComplete(() -> {
            over.countDown();
            await(held);
        });
        asked.countDown();
        await(over);
        work(1);
        Thread closing = new Thread(sdk::close);
        closing.start();
        while (closing.isAlive() && closing.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        held.countDown();
        closing.join();
        assertThat(sdk.figures())
                .containsEntry("tracing.export.own.spans.exported", 2.0)
                .containsEntry("tracing.export.own.spans.dropped", 0.0);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException interruption) {
            throw new IllegalStateException(interruption);
        }
    }

    private double spans(String figure) {
        return figure("spans." + figure);
    }

    private double figure(String name) {
        return sdk.figures().entrySet().stream()
                .filter(figure -> figure.getKey().startsWith("tracing.export."))
                .filter(figure -> figure.getKey().endsWith("." + name))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    private void assertSum(double in) {
        assertThat(spans("in"))
                .isEqualTo(in)
                .isEqualTo(spans("exported") + spans("failed") + spans("dropped") + spans("pending"));
    }

    @Test
    void whatArrivesIsExported() {
        startOtlp(2_048);
        work(1_000);
        flush();
        assertThat(receiver.spans()).hasSize(1_000);
        assertThat(spans("exported")).isEqualTo(1_000);
        assertSum(1_000);
    }

    @Test
    void logRecordsAreCountedApart() {
        startOtlp(2_048);
        Logger logger = sdk.openTelemetry().getLogsBridge().get("test");
        for (int i = 0; i < 10; i++) {
            logger.logRecordBuilder().setEventName("e").emit();
        }
        sdk.close();
        assertThat(receiver.logRecords()).hasSize(10);
        assertThat(figure("logs.exported")).isEqualTo(10);
        assertThat(figure("logs.in")).isEqualTo(10);
        assertSum(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 429, 500, 503})
    void aReceiverThatRefusesHarmsNobody(int status) {
        startOtlp(2_048);
        receiver.answer(status);
        work(600);
        flush();
        assertThat(receiver.requests()).isPositive();
        assertThat(spans("failed")).isEqualTo(600);
        assertSum(600);
        receiver.answer(200);
        work(10);
        flush();
        assertThat(spans("exported")).isEqualTo(10);
        assertSum(610);
    }

    @Test
    void aReceiverThatIsDownHarmsNobody() {
        startOtlp(2_048);
        receiver.close();
        work(600);
        flush();
        assertThat(spans("failed")).isEqualTo(600);
        assertSum(600);
    }

    @Test
    void aReceiverThatHangsFillsTheQueueAndNoCallWaits() {
        startOtlp(100);
        receiver.hold();
        work(5_000);
        double pending = spans("pending");
        assertThat(pending)
                .as("in the queue, and in a batch if there is one already")
                .isBetween(100.0, 200.0);
        assertThat(spans("exported") + spans("failed")).isZero();
        assertSum(5_000);
        receiver.release();
        flush();
        assertThat(receiver.spans()).hasSize((int) pending);
        assertThat(spans("exported")).isEqualTo(pending);
        assertSum(5_000);
    }

    @Test
    void aFullQueueUnderLoadLosesAndCounts() throws Exception {
        startOtlp(50);
        List<Threads.Task> callers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            callers.add(() -> work(2_000));
        }
        Threads.sideBySide(callers);
        flush();
        assertThat(spans("pending")).isZero();
        assertThat(spans("exported")).isEqualTo(receiver.spans().size()).isPositive();
        assertSum(16_000);
    }

    @Test
    void anExporterThatThrowsHarmsNobody() {
        startWith(spans -> {
            throw new IllegalStateException("bug");
        });
        work(10);
        flush();
        assertThat(spans("failed")).isEqualTo(10);
        assertSum(10);
    }

    /** One that got through would end the thread of the batch processor. */
    @Test
    void anErrorEndsOneBatchAndNotTheExport() {
        AtomicInteger batches = new AtomicInteger();
        startWith(spans -> {
            switch (batches.getAndIncrement()) {
                case 0 -> throw new OutOfMemoryError("once");
                case 1 -> throw new StackOverflowError();
                default -> {
                    return CompletableResultCode.ofSuccess();
                }
            }
        });
        work(5);
        flush();
        work(5);
        flush();
        work(5);
        flush();
        assertThat(spans("failed")).isEqualTo(10);
        assertThat(spans("exported")).isEqualTo(5);
        assertSum(15);
    }

    @Test
    void anExporterThatGivesNoResultHarmsNobody() {
        startWith(spans -> null);
        work(5);
        flush();
        assertThat(spans("failed")).isEqualTo(5);
        assertSum(5);
    }

    @Test
    void aResultThatNeverComesIsGivenUpAndTheNextBatchGoesOut() {
        List<CompletableResultCode> results = new ArrayList<>();
        start(TraceExport.builder("own")
                .maxQueueSize(8)
                .maxExportBatchSize(4)
                .scheduleDelay(NEVER)
                .exporterTimeout(Duration.ofMillis(1))
                .spans(exporter(spans -> {
                    CompletableResultCode result =
                            results.isEmpty() ? new CompletableResultCode() : CompletableResultCode.ofSuccess();
                    results.add(result);
                    return result;
                })));
        work(8);
        flush();
        results.get(0).succeed();
        assertThat(spans("failed")).as("it was given up").isEqualTo(4);
        assertThat(spans("exported")).isEqualTo(4);
        assertSum(8);
    }

    @Test
    void anExporterThatBlocksTheThreadOfTheQueueHoldsUpNobodyElse() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch unblock = new CountDownLatch(1);
        startWith(spans -> {
            blocked.countDown();
            try {
                unblock.await();
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            }
            return CompletableResultCode.ofSuccess();
        });
        work(5);
        blocked.await();
        work(1_000);
        assertThat(spans("pending")).as("ten wait, five are being sent").isEqualTo(15);
        assertSum(1_005);
        unblock.countDown();
        flush();
        assertThat(spans("exported")).isEqualTo(15);
    }

    @Test
    void afterTheEndAnExporterThatHangsIsGivenUp() {
        TestTime time = TestTime.manual();
        TraceExport.Builder builder = TraceExport.builder("own")
                .maxExportBatchSize(5)
                .scheduleDelay(NEVER)
                .spans(exporter(spans -> new CompletableResultCode()));
        builder.time = time;
        start(builder);
        work(7);
        ((OpenTelemetrySdk) sdk.openTelemetry()).getSdkTracerProvider().shutdown();
        time.advance(Delivery.PATIENCE.minusNanos(1));
        assertThat(spans("pending")).isEqualTo(7);
        time.advance(Duration.ofNanos(1));
        assertThat(spans("pending")).isZero();
        assertThat(spans("failed") + spans("dropped")).isEqualTo(7);
        assertSum(7);
    }

    @Test
    void afterTheEndEverythingIsSettled() {
        startOtlp(2_048);
        work(10);
        sdk.close();
        sdk.close();
        assertThat(spans("exported")).isEqualTo(10);
        assertThat(spans("pending")).isZero();
        assertSum(10);
    }

    @Test
    void oneDestinationThatIsDownKeepsNothingFromAnother(@TempDir Path folder) throws Exception {
        receiver.hold();
        Path file = folder.resolve("traces.jsonl");
        sdk = TracingSdk.builder("test")
                .export(TraceExport.builder("otlp")
                        .maxQueueSize(10)
                        .scheduleDelay(NEVER)
                        .spans(OtlpHttpSpanExporter.builder()
                                .setEndpoint(receiver.address() + "/v1/traces")
                                .build()))
                .file(file)
                .build();
        work(100);
        receiver.release();
        sdk.close();
        assertThat(sdk.figures()).containsEntry("tracing.export.file.spans.exported", 100.0);
        assertThat(sdk.figures().get("tracing.export.otlp.spans.exported"))
                .isEqualTo(receiver.spans().size());
        assertThat(sdk.figures().get("tracing.export.otlp.spans.dropped")).isBetween(80.0, 90.0);
        assertThat(Files.readAllLines(file)).isNotEmpty();
    }

    @Test
    void badSettingsAreRefused() {
        startOtlp(1);
        assertThatThrownBy(() -> TraceExport.builder("a b"))
                .hasMessage("name: a b (expected: letters, digits, _ and -)");
        assertThatThrownBy(() -> TraceExport.builder("a").maxQueueSize(0))
                .hasMessage("maxQueueSize: 0 (expected: > 0)");
    }
}
