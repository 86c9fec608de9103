package dev.plinth.bench.overhead;

import dev.plinth.api.layer.Layers;
import dev.plinth.tracing.Tracing;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** The client with the tracing layer around it. */
final class TracedClient implements Client {

    /**
     * From what costs least to what an application has that exports: no SDK; one that records everything and hands it to
     * nobody; one with batches over OTLP, whose threads and their allocations count, too. Spans come faster here than the
     * queue of batches has room for: the rest it drops, as it does in an application.
     */
    static final List<String> NAMES = List.of("traced-no-sdk", "traced-sdk", "traced-batch");

    private final PlinthClient client;
    private final AutoCloseable sdk;

    private TracedClient(PlinthClient client, AutoCloseable sdk) {
        this.client = client;
        this.sdk = sdk;
    }

    /** The client of one of the names. */
    static Client open(String name, String url) {
        return switch (name) {
            case "traced-no-sdk" -> new TracedClient(traced(url, OpenTelemetry.noop()), () -> {});
            case "traced-sdk" ->
                over(
                        url,
                        OpenTelemetrySdk.builder()
                                .setTracerProvider(SdkTracerProvider.builder()
                                        .addSpanProcessor(new Unread.Spans())
                                        .build())
                                .setMeterProvider(SdkMeterProvider.builder()
                                        .registerMetricReader(new Unread.Metrics())
                                        .build())
                                .build());
            default -> over(url, exporting(URI.create(url).resolve("/" + AnswerServer.SINK)));
        };
    }

    private static Client over(String url, OpenTelemetrySdk sdk) {
        return new TracedClient(traced(url, sdk), sdk);
    }

    private static PlinthClient traced(String url, OpenTelemetry openTelemetry) {
        return new PlinthClient(url, Layers.of(Tracing.of(openTelemetry).layer()));
    }

    private static OpenTelemetrySdk exporting(URI sink) {
        OtlpHttpSpanExporter spans =
                OtlpHttpSpanExporter.builder().setEndpoint(sink + "/v1/traces").build();
        OtlpHttpMetricExporter metrics = OtlpHttpMetricExporter.builder()
                .setEndpoint(sink + "/v1/metrics")
                .build();
        return OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(BatchSpanProcessor.builder(spans)
                                .setScheduleDelay(Duration.ofMillis(100)) // within every iteration
                                .build())
                        .build())
                .setMeterProvider(SdkMeterProvider.builder()
                        .registerMetricReader(PeriodicMetricReader.builder(metrics)
                                .setInterval(Duration.ofMillis(500))
                                .build())
                        .build())
                .build();
    }

    @Override
    public String chat(String prompt) {
        return client.chat(prompt);
    }

    @Override
    public String tool(String prompt) {
        return client.tool(prompt);
    }

    @Override
    public Deltas stream(String prompt) throws IOException {
        return client.stream(prompt);
    }

    @Override
    public List<float[]> embed(List<String> texts) {
        return client.embed(texts);
    }

    @Override
    public void close() {
        client.close();
        try {
            sdk.close();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}
