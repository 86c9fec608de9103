package dev.plinth.tracing.sdk;

import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.DoubleExemplarData;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.ExemplarData;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramBuckets;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramPointData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongExemplarData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.PointData;
import io.opentelemetry.sdk.metrics.data.SumData;
import io.opentelemetry.sdk.metrics.data.SummaryPointData;
import io.opentelemetry.sdk.metrics.data.ValueAtQuantile;
import java.io.IOException;
import java.util.List;

/** Metrics as OTLP in JSON has them. */
final class OtlpMetrics {

    static final OtlpJson.Signal<MetricData> SIGNAL = new OtlpJson.Signal<>(
            "resourceMetrics",
            "scopeMetrics",
            "metrics",
            MetricData::getResource,
            MetricData::getInstrumentationScopeInfo,
            OtlpMetrics::metric);

    private OtlpMetrics() {}

    private static void metric(OtlpJson json, MetricData metric) throws IOException {
        json.text("name", metric.getName());
        json.text("description", metric.getDescription());
        json.text("unit", metric.getUnit());
        switch (metric.getType()) {
            case LONG_GAUGE, DOUBLE_GAUGE -> json.out.writeObjectFieldStart("gauge");
            case LONG_SUM, DOUBLE_SUM -> sum(json, (SumData<?>) metric.getData());
            case SUMMARY -> json.out.writeObjectFieldStart("summary");
            case HISTOGRAM -> {
                json.out.writeObjectFieldStart("histogram");
                temporality(json, metric.getHistogramData().getAggregationTemporality());
            }
            case EXPONENTIAL_HISTOGRAM -> {
                json.out.writeObjectFieldStart("exponentialHistogram");
                temporality(json, metric.getExponentialHistogramData().getAggregationTemporality());
            }
        }
        json.out.writeArrayFieldStart("dataPoints");
        for (PointData point : metric.getData().getPoints()) {
            point(json, point);
        }
        json.out.writeEndArray();
        json.out.writeEndObject();
    }

    private static void sum(OtlpJson json, SumData<?> sum) throws IOException {
        json.out.writeObjectFieldStart("sum");
        temporality(json, sum.getAggregationTemporality());
        if (sum.isMonotonic()) {
            json.out.writeBooleanField("isMonotonic", true);
        }
    }

    private static void temporality(OtlpJson json, AggregationTemporality temporality) throws IOException {
        json.number("aggregationTemporality", temporality == AggregationTemporality.DELTA ? 1 : 2);
    }

    private static void point(OtlpJson json, PointData point) throws IOException {
        json.out.writeStartObject();
        json.number64("startTimeUnixNano", point.getStartEpochNanos());
        json.number64("timeUnixNano", point.getEpochNanos());
        json.attributes(point.getAttributes());
        if (point instanceof LongPointData number) {
            json.out.writeStringField("asInt", Long.toString(number.getValue()));
        } else if (point instanceof DoublePointData number) {
            json.out.writeNumberField("asDouble", number.getValue());
        } else if (point instanceof HistogramPointData histogram) {
            histogram(json, histogram);
        } else if (point instanceof ExponentialHistogramPointData histogram) {
            exponentialHistogram(json, histogram);
        } else if (point instanceof SummaryPointData summary) {
            summary(json, summary);
        }
        exemplars(json, point.getExemplars());
        json.out.writeEndObject();
    }

    private static void histogram(OtlpJson json, HistogramPointData point) throws IOException {
        json.number64("count", point.getCount());
        json.out.writeNumberField("sum", point.getSum());
        if (point.hasMin()) {
            json.out.writeNumberField("min", point.getMin());
        }
        if (point.hasMax()) {
            json.out.writeNumberField("max", point.getMax());
        }
        counts(json, point.getCounts());
        json.out.writeArrayFieldStart("explicitBounds");
        for (double boundary : point.getBoundaries()) {
            json.out.writeNumber(boundary);
        }
        json.out.writeEndArray();
    }

    private static void exponentialHistogram(OtlpJson json, ExponentialHistogramPointData point) throws IOException {
        json.number64("count", point.getCount());
        json.out.writeNumberField("sum", point.getSum());
        if (point.hasMin()) {
            json.out.writeNumberField("min", point.getMin());
        }
        if (point.hasMax()) {
            json.out.writeNumberField("max", point.getMax());
        }
        json.number("scale", point.getScale());
        json.number64("zeroCount", point.getZeroCount());
        buckets(json, "positive", point.getPositiveBuckets());
        buckets(json, "negative", point.getNegativeBuckets());
    }

    private static void buckets(OtlpJson json, String name, ExponentialHistogramBuckets buckets) throws IOException {
        json.out.writeObjectFieldStart(name);
        json.number("offset", buckets.getOffset());
        counts(json, buckets.getBucketCounts());
        json.out.writeEndObject();
    }

    private static void counts(OtlpJson json, List<Long> counts) throws IOException {
        json.out.writeArrayFieldStart("bucketCounts");
        for (long count : counts) {
            json.out.writeString(Long.toString(count));
        }
        json.out.writeEndArray();
    }

    private static void summary(OtlpJson json, SummaryPointData point) throws IOException {
        json.number64("count", point.getCount());
        json.out.writeNumberField("sum", point.getSum());
        json.out.writeArrayFieldStart("quantileValues");
        for (ValueAtQuantile value : point.getValues()) {
            json.out.writeStartObject();
            json.out.writeNumberField("quantile", value.getQuantile());
            json.out.writeNumberField("value", value.getValue());
            json.out.writeEndObject();
        }
        json.out.writeEndArray();
    }

    private static void exemplars(OtlpJson json, List<? extends ExemplarData> exemplars) throws IOException {
        if (exemplars.isEmpty()) {
            return;
        }
        json.out.writeArrayFieldStart("exemplars");
        for (ExemplarData exemplar : exemplars) {
            json.out.writeStartObject();
            json.number64("timeUnixNano", exemplar.getEpochNanos());
            json.attributes("filteredAttributes", exemplar.getFilteredAttributes());
            if (exemplar.getSpanContext().isValid()) {
                json.text("traceId", exemplar.getSpanContext().getTraceId());
                json.text("spanId", exemplar.getSpanContext().getSpanId());
            }
            if (exemplar instanceof LongExemplarData number) {
                json.out.writeStringField("asInt", Long.toString(number.getValue()));
            } else if (exemplar instanceof DoubleExemplarData number) {
                json.out.writeNumberField("asDouble", number.getValue());
            }
            json.out.writeEndObject();
        }
        json.out.writeEndArray();
    }
}
