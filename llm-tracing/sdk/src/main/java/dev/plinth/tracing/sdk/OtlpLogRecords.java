package dev.plinth.tracing.sdk;

import io.opentelemetry.api.common.Value;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import java.io.IOException;

/** Log records as OTLP in JSON has them. */
final class OtlpLogRecords {

    static final OtlpJson.Signal<LogRecordData> SIGNAL = new OtlpJson.Signal<>(
            "resourceLogs",
            "scopeLogs",
            "logRecords",
            LogRecordData::getResource,
            LogRecordData::getInstrumentationScopeInfo,
            OtlpLogRecords::record);

    private OtlpLogRecords() {}

    private static void record(OtlpJson json, LogRecordData record) throws IOException {
        json.number64("timeUnixNano", record.getTimestampEpochNanos());
        json.number64("observedTimeUnixNano", record.getObservedTimestampEpochNanos());
        json.number("severityNumber", record.getSeverity().getSeverityNumber());
        json.text("severityText", record.getSeverityText());
        Value<?> body = record.getBodyValue();
        if (body != null) {
            json.out.writeFieldName("body");
            json.value(body);
        }
        json.attributes(record.getAttributes());
        json.number(
                "droppedAttributesCount",
                record.getTotalAttributeCount() - record.getAttributes().size());
        if (record.getSpanContext().isValid()) {
            json.number("flags", record.getSpanContext().getTraceFlags().asByte() & 0xff);
            json.text("traceId", record.getSpanContext().getTraceId());
            json.text("spanId", record.getSpanContext().getSpanId());
        }
        json.text("eventName", record.getEventName());
    }
}
