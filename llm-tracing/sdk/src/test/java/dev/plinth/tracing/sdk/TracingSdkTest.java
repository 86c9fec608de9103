package dev.plinth.tracing.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.tracing.Tracing;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.proto.trace.v1.TracesData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TracingSdkTest {

    @TempDir
    Path folder;

    @Test
    void whatItClosesIsInTheFileAndCanStillBeAskedFor() throws IOException {
        Path file = folder.resolve("traces.jsonl");
        TracingSdk sdk = TracingSdk.builder("shop").file(file).build();
        sdk.openTelemetry()
                .getTracer("dev.plinth.tracing")
                .spanBuilder("work")
                .startSpan()
                .end();
        sdk.close();
        TracesData written = OtlpJsonReader.read(Files.readAllBytes(file), TracesData.getDefaultInstance());
        assertThat(written.getResourceSpans(0).getResource().getAttributesList())
                .anySatisfy(attribute -> {
                    assertThat(attribute.getKey()).isEqualTo("service.name");
                    assertThat(attribute.getValue().getStringValue()).isEqualTo("shop");
                });
        assertThat(sdk.traces().recent(1).get(0).nodes())
                .extracting(TraceNode::name)
                .containsExactly("work");
    }

    @Test
    void everyFigureIsAGauge() {
        InMemoryMetricReader reader = InMemoryMetricReader.create();
        try (TracingSdk sdk = TracingSdk.builder("shop")
                .file(folder.resolve("traces.jsonl"))
                .metricReader(reader)
                .build()) {
            Span running =
                    sdk.openTelemetry().getTracer("test").spanBuilder("work").startSpan();
            Tracing.of(sdk.openTelemetry()).gauges(Attributes.empty()).accept(sdk.figures());
            Tracing.of(sdk.openTelemetry())
                    .gauges(Attributes.empty())
                    .accept(TailSampling.builder(new Passed(), 1).build().figures());
            Map<String, Double> collected = reader.collectAllMetrics().stream()
                    .collect(Collectors.toMap(
                            MetricData::getName,
                            metric -> metric.getDoubleGaugeData()
                                    .getPoints()
                                    .iterator()
                                    .next()
                                    .getValue()));
            assertThat(collected)
                    .hasSize(sdk.figures().size() + 11)
                    .containsEntry("plinth.tracing.local.spans.started", 1.0)
                    .containsEntry("plinth.tracing.export.file.spans.in", 0.0)
                    .containsEntry("plinth.tracing.sampling.traces.kept", 0.0);
            running.end();
        }
    }

    @Test
    void exportsAreSampledAndLocalTracesAreNot() throws IOException {
        Path file = folder.resolve("traces.jsonl");
        TracingSdk sdk = TracingSdk.builder("shop")
                .file(file)
                .export(TraceExport.builder("again")
                        .spans(OtlpJsonFile.at(folder.resolve("again.jsonl")).spanExporter()))
                .sampling(0, settings -> settings.keepIf(span -> span.getName().equals("slow")))
                .build();
        Tracer tracer = sdk.openTelemetry().getTracer("dev.plinth.tracing");
        for (String name : List.of("fast", "slow", "fast")) {
            tracer.spanBuilder(name).startSpan().end();
        }
        sdk.close();
        assertThat(sdk.traces().recent(10)).hasSize(3);
        assertThat(sdk.figures())
                .containsEntry("tracing.sampling.traces.kept", 1.0)
                .containsEntry("tracing.export.file.spans.exported", 1.0)
                .containsEntry("tracing.export.again.spans.exported", 1.0);
        assertThat(sdk.sampling()).isPresent();
    }

    @Test
    void exportsHaveNamesOfTheirOwn() {
        TracingSdk.Builder builder = TracingSdk.builder("shop").file(folder.resolve("a.jsonl"));
        assertThatThrownBy(() -> builder.file(folder.resolve("b.jsonl")))
                .hasMessage("export: file (expected: a name that no other export has)");
        assertThatThrownBy(() -> builder.sampling(2, settings -> settings))
                .hasMessage("share: 2.0 (expected: 0.0 to 1.0)");
    }

    @Test
    void aServiceHasAName() {
        assertThatThrownBy(() -> TracingSdk.builder("")).hasMessage("serviceName: '' (expected: not blank)");
    }
}
