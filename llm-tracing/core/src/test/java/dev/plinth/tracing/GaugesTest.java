package dev.plinth.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class GaugesTest {
    private final InMemoryMetricReader reader = InMemoryMetricReader.create();
    private final OpenTelemetry sdk = OpenTelemetrySdk.builder()
            .setMeterProvider(
                    SdkMeterProvider.builder().registerMetricReader(reader).build())
            .build();

    private Map<String, Double> collected() {
        return reader.collectAllMetrics().stream()
                .collect(Collectors.toMap(
                        MetricData::getName,
                        metric -> metric.getDoubleGaugeData()
                                .getPoints()
                                .iterator()
                                .next()
                                .getValue()));
    }

    @Test
    void eachFigureIsAGaugeWithItsNewestValue() {
        Consumer<Map<String, Double>> gauges = Tracing.of(sdk).gauges(Attributes.empty());
        gauges.accept(Map.of("rag.index.chunks", 10.0, "rag.index.recall", 0.97));
        gauges.accept(Map.of("rag.index.chunks", 12.0));
        assertThat(collected()).isEqualTo(Map.of("plinth.rag.index.chunks", 12.0, "plinth.rag.index.recall", 0.97));
    }

    @Test
    void attributesTellTwoSubjectsApart() {
        Tracing.of(sdk)
                .gauges(Attributes.of(AttributeKey.stringKey("index"), "a"))
                .accept(Map.of("x", 1.0));
        Tracing.of(sdk)
                .gauges(Attributes.of(AttributeKey.stringKey("index"), "b"))
                .accept(Map.of("x", 2.0));
        assertThat(reader.collectAllMetrics()
                        .iterator()
                        .next()
                        .getDoubleGaugeData()
                        .getPoints())
                .extracting(point -> point.getAttributes().get(AttributeKey.stringKey("index")) + point.getValue())
                .containsExactlyInAnyOrder("a1.0", "b2.0");
    }

    @Test
    void withoutAnSdkNothingHappens() {
        Tracing.of(OpenTelemetry.noop()).gauges(Attributes.empty()).accept(Map.of("rag.index.chunks", 1.0));
    }
}
