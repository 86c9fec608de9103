package dev.plinth.tracing;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleGauge;
import io.opentelemetry.api.metrics.Meter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** One gauge for each name, made when it first comes. */
final class Gauges implements Consumer<Map<String, Double>> {
    private final Attributes attributes;
    private final Meter meter;
    private final Map<String, DoubleGauge> gauges = new ConcurrentHashMap<>();

    Gauges(OpenTelemetry openTelemetry, Attributes attributes) {
        this.attributes = attributes;
        this.meter = openTelemetry.meterBuilder(Telemetry.SCOPE).build();
    }

    @Override
    public void accept(Map<String, Double> figures) {
        figures.forEach((name, value) -> gauges.computeIfAbsent(
                        name, key -> meter.gaugeBuilder("plinth." + key).build())
                .set(value, attributes));
    }
}
