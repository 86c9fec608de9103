package dev.plinth.tracing.sdk;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.testing.logs.TestLogRecordData;
import io.opentelemetry.sdk.testing.trace.TestSpanData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;

/** Spans and log records that have what they must have and no more. */
final class Telemetry {

    private Telemetry() {}

    static SpanData span(String name) {
        return TestSpanData.builder()
                .setName(name)
                .setKind(SpanKind.INTERNAL)
                .setStartEpochNanos(1)
                .setEndEpochNanos(2)
                .setHasEnded(true)
                .setStatus(StatusData.unset())
                .setResource(Resource.empty())
                .build();
    }

    static LogRecordData logRecord(String event) {
        return TestLogRecordData.builder()
                .setEventName(event)
                .setAttributes(Attributes.empty())
                .setResource(Resource.empty())
                .build();
    }
}
