package dev.plinth.tracing.conformance;

import static io.opentelemetry.api.common.AttributeKey.stringKey;

import dev.plinth.tracing.conformance.Registry.MetricType;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.metrics.data.PointData;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** A metric against its type, which its name tells. Of Plinth's own metrics only the attributes are checked. */
final class MetricCheck {

    private final Registry registry;
    private final MetricData metric;
    private final Problems problems = new Problems();

    MetricCheck(Registry registry, MetricData metric) {
        this.registry = registry;
        this.metric = metric;
    }

    List<String> problems() {
        MetricType type = registry.metrics().get(metric.getName());
        if (type != null) {
            checkInstrument(type);
            metric.getData().getPoints().forEach(point -> checkPoint(type, point));
        } else if (metric.getName().startsWith("plinth.")) {
            metric.getData().getPoints().forEach(point -> checkAttributes(point.getAttributes(), anyBounded()));
        } else {
            String now = registry.renamed().get(metric.getName());
            problems.add(
                    metric.getName(),
                    now == null ? "not in the conventions" : "an earlier name (expected: " + now + ")");
        }
        return problems.found().stream().distinct().toList();
    }

    private void checkInstrument(MetricType type) {
        String schemaUrl = metric.getInstrumentationScopeInfo().getSchemaUrl();
        if (!registry.schemaUrl().equals(schemaUrl)) {
            problems.add("schema URL", Objects.toString(schemaUrl), registry.schemaUrl());
        }
        if (!metric.getUnit().equals(type.unit())) {
            problems.add("unit", metric.getUnit(), type.unit());
        }
        MetricDataType expected = dataType(type);
        boolean rises = metric.getType() == MetricDataType.HISTOGRAM || isMonotonic();
        if (metric.getType() != expected || !rises) {
            problems.add("instrument", metric.getType(), type.instrument() + " of " + type.value());
        }
    }

    private static MetricDataType dataType(MetricType type) {
        if (type.instrument().equals("histogram")) {
            return MetricDataType.HISTOGRAM;
        }
        return type.value().equals("int") ? MetricDataType.LONG_SUM : MetricDataType.DOUBLE_SUM;
    }

    private boolean isMonotonic() {
        return metric.getLongSumData().isMonotonic()
                || metric.getDoubleSumData().isMonotonic();
    }

    private void checkPoint(MetricType type, PointData point) {
        if (point instanceof HistogramPointData histogram
                && !histogram.getBoundaries().equals(type.buckets())) {
            problems.add("buckets", histogram.getBoundaries(), type.buckets());
        }
        String operation = point.getAttributes().get(stringKey("gen_ai.operation.name"));
        if (operation != null && type.notFor().contains(operation)) {
            problems.add("gen_ai.operation.name", operation, "another metric for it");
        }
        checkAttributes(point.getAttributes(), type.levels());
    }

    private void checkAttributes(Attributes attributes, Levels levels) {
        new AttributesCheck(registry, problems).check(attributes, levels, metric.getName());
        for (AttributeKey<?> key : attributes.asMap().keySet()) {
            if (OwnAttributes.isOne(key) && !OwnAttributes.isBounded(key)) {
                problems.add(key.getKey(), "without bounds on a metric");
            }
        }
    }

    /** What the conventions allow on metrics is bounded. */
    private Levels anyBounded() {
        Map<String, String> any = new TreeMap<>();
        registry.metrics()
                .values()
                .forEach(type -> type.levels().byKey().keySet().forEach(key -> any.put(key, "recommended")));
        return new Levels(any);
    }
}
