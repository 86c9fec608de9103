package dev.plinth.tracing.sdk;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.IOException;
import java.util.List;

/** Spans as OTLP in JSON has them. */
final class OtlpSpans {

    static final OtlpJson.Signal<SpanData> SIGNAL = new OtlpJson.Signal<>(
            "resourceSpans",
            "scopeSpans",
            "spans",
            SpanData::getResource,
            SpanData::getInstrumentationScopeInfo,
            OtlpSpans::span);

    /** Says that the next bit is set on purpose. */
    private static final int IS_REMOTE_KNOWN = 0x100;

    private static final int IS_REMOTE = 0x200;

    private OtlpSpans() {}

    private static void span(OtlpJson json, SpanData span) throws IOException {
        context(json, span.getSpanContext());
        if (span.getParentSpanContext().isValid()) {
            json.text("parentSpanId", span.getParentSpanId());
        }
        json.number("flags", flags(span.getSpanContext(), span.getParentSpanContext()));
        json.text("name", span.getName());
        json.number("kind", kind(span));
        json.number64("startTimeUnixNano", span.getStartEpochNanos());
        json.number64("endTimeUnixNano", span.getEndEpochNanos());
        json.attributes(span.getAttributes());
        json.number(
                "droppedAttributesCount",
                span.getTotalAttributeCount() - span.getAttributes().size());
        events(json, span.getEvents());
        json.number(
                "droppedEventsCount",
                span.getTotalRecordedEvents() - span.getEvents().size());
        links(json, span.getLinks());
        json.number(
                "droppedLinksCount",
                span.getTotalRecordedLinks() - span.getLinks().size());
        status(json, span);
    }

    static void context(OtlpJson json, SpanContext context) throws IOException {
        json.text("traceId", context.getTraceId());
        json.text("spanId", context.getSpanId());
        StringBuilder state = new StringBuilder();
        context.getTraceState()
                .forEach((key, value) -> state.append(state.isEmpty() ? "" : ",")
                        .append(key)
                        .append('=')
                        .append(value));
        json.text("traceState", state.toString());
    }

    private static int flags(SpanContext of, SpanContext from) {
        return of.getTraceFlags().asByte() & 0xff | IS_REMOTE_KNOWN | (from.isRemote() ? IS_REMOTE : 0);
    }

    private static int kind(SpanData span) {
        return switch (span.getKind()) {
            case INTERNAL -> 1;
            case SERVER -> 2;
            case CLIENT -> 3;
            case PRODUCER -> 4;
            case CONSUMER -> 5;
        };
    }

    private static void events(OtlpJson json, List<EventData> events) throws IOException {
        if (events.isEmpty()) {
            return;
        }
        json.out.writeArrayFieldStart("events");
        for (EventData event : events) {
            json.out.writeStartObject();
            json.number64("timeUnixNano", event.getEpochNanos());
            json.text("name", event.getName());
            json.attributes(event.getAttributes());
            json.number("droppedAttributesCount", event.getDroppedAttributesCount());
            json.out.writeEndObject();
        }
        json.out.writeEndArray();
    }

    private static void links(OtlpJson json, List<LinkData> links) throws IOException {
        if (links.isEmpty()) {
            return;
        }
        json.out.writeArrayFieldStart("links");
        for (LinkData link : links) {
            json.out.writeStartObject();
            context(json, link.getSpanContext());
            json.attributes(link.getAttributes());
            json.number(
                    "droppedAttributesCount",
                    link.getTotalAttributeCount() - link.getAttributes().size());
            json.number("flags", flags(link.getSpanContext(), link.getSpanContext()));
            json.out.writeEndObject();
        }
        json.out.writeEndArray();
    }

    private static void status(OtlpJson json, SpanData span) throws IOException {
        json.out.writeObjectFieldStart("status");
        json.text("message", span.getStatus().getDescription());
        StatusCode code = span.getStatus().getStatusCode();
        json.number("code", code == StatusCode.OK ? 1 : code == StatusCode.ERROR ? 2 : 0);
        json.out.writeEndObject();
    }
}
