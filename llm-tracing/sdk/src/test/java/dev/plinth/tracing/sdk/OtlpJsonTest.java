package dev.plinth.tracing.sdk;

import static io.opentelemetry.api.common.AttributeKey.stringKey;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.servers.OtlpReceiver;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.LogsData;
import io.opentelemetry.proto.metrics.v1.MetricsData;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Status;
import io.opentelemetry.proto.trace.v1.TracesData;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.InstrumentSelector;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.View;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableMetricData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableSummaryData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableSummaryPointData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableValueAtQuantile;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.testing.trace.TestSpanData;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/** Written as JSON and read by the published descriptors, telemetry is what the official exporter sends in protobuf. */
class OtlpJsonTest {
    private static final Resource RESOURCE =
            Resource.create(Attributes.of(stringKey("service.name"), "tést"), "https://example.org/resource");
    private static final InstrumentationScopeInfo SCOPE = InstrumentationScopeInfo.builder("scope")
            .setVersion("1.2")
            .setSchemaUrl("https://example.org/scope")
            .setAttributes(Attributes.of(stringKey("k"), "v"))
            .build();

    private static final OtlpReceiver RECEIVER = OtlpReceiver.start();
    private static final OtlpHttpSpanExporter SPANS = OtlpHttpSpanExporter.builder()
            .setEndpoint(RECEIVER.address() + "/v1/traces")
            .build();
    private static final OtlpHttpLogRecordExporter LOGS = OtlpHttpLogRecordExporter.builder()
            .setEndpoint(RECEIVER.address() + "/v1/logs")
            .build();

    private static final OtlpHttpMetricExporter METRICS = OtlpHttpMetricExporter.builder()
            .setEndpoint(RECEIVER.address() + "/v1/metrics")
            .build();

    @AfterContainer
    static void stop() {
        METRICS.close();
        SPANS.close();
        LOGS.close();
        RECEIVER.close();
    }

    @Provide
    Arbitrary<List<SpanData>> spans() {
        return AnyTelemetry.spans(RESOURCE, SCOPE).list().ofMinSize(1).ofMaxSize(3);
    }

    @Provide
    Arbitrary<List<LogRecordData>> logRecords() {
        return AnyTelemetry.logRecords(RESOURCE, SCOPE).list().ofMinSize(1).ofMaxSize(3);
    }

    @Property(tries = 300)
    void spansAreWhatTheOfficialExporterSends(@ForAll("spans") List<SpanData> spans) throws IOException {
        int before = RECEIVER.resourceSpans().size();
        sent(SPANS.export(spans));
        List<ResourceSpans> sent = RECEIVER.resourceSpans();
        TracesData written = OtlpJsonReader.read(line(OtlpSpans.SIGNAL, spans), TracesData.getDefaultInstance());
        assertThat(written.getResourceSpansList()).isEqualTo(sent.subList(before, sent.size()));
    }

    @Property(tries = 300)
    void logRecordsAreWhatTheOfficialExporterSends(@ForAll("logRecords") List<LogRecordData> records)
            throws IOException {
        int before = RECEIVER.logRecords().size();
        sent(LOGS.export(records));
        List<LogRecord> sent = RECEIVER.logRecords();
        LogsData written = OtlpJsonReader.read(line(OtlpLogRecords.SIGNAL, records), LogsData.getDefaultInstance());
        assertThat(written.getResourceLogs(0).getScopeLogs(0).getLogRecordsList())
                .isEqualTo(sent.subList(before, sent.size()));
    }

    @Example
    void cumulativeMetricsAreWhatTheOfficialExporterSends() throws IOException {
        metricsAreWhatTheOfficialExporterSends(InMemoryMetricReader.create());
    }

    @Example
    void deltaMetricsAreWhatTheOfficialExporterSends() throws IOException {
        metricsAreWhatTheOfficialExporterSends(InMemoryMetricReader.createDelta());
    }

    /** Every kind of metric, with a value in the context of a span, so that there are exemplars. */
    private static void metricsAreWhatTheOfficialExporterSends(InMemoryMetricReader reader) throws IOException {
        try (SdkMeterProvider meters = SdkMeterProvider.builder()
                .setResource(RESOURCE)
                .registerMetricReader(reader)
                .registerView(
                        InstrumentSelector.builder().setName("exponential").build(),
                        View.builder()
                                .setAggregation(Aggregation.base2ExponentialBucketHistogram())
                                .build())
                .build()) {
            Meter meter =
                    meters.meterBuilder("meters").setInstrumentationVersion("1").build();
            Attributes labels = Attributes.of(stringKey("label"), "ü");
            Context traced =
                    Context.root().with(Span.wrap(context("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331")));
            meter.counterBuilder("sum.long").setUnit("{token}").build().add(Long.MAX_VALUE, labels, traced);
            meter.upDownCounterBuilder("sum.double").ofDoubles().build().add(-1.5, labels);
            meter.gaugeBuilder("gauge.double").setDescription("some").build().set(0.25, labels);
            meter.gaugeBuilder("gauge.long").ofLongs().build().set(7);
            for (String name : List.of("explicit", "exponential")) {
                DoubleHistogram histogram = meter.histogramBuilder(name).build();
                for (double value : new double[] {0, 0.5, 30, 1e6}) {
                    histogram.record(value, labels, traced);
                }
            }
            List<MetricData> metrics = new ArrayList<>(reader.collectAllMetrics());
            metrics.add(ImmutableMetricData.createDoubleSummary(
                    RESOURCE,
                    InstrumentationScopeInfo.builder("meters").setVersion("1").build(),
                    "summary",
                    "",
                    "s",
                    ImmutableSummaryData.create(List.of(ImmutableSummaryPointData.create(
                            1, 2, labels, 3, 4.5, List.of(ImmutableValueAtQuantile.create(0.9, 2.5)))))));
            int before = RECEIVER.metrics().size();
            sent(METRICS.export(metrics));
            MetricsData written =
                    OtlpJsonReader.read(line(OtlpMetrics.SIGNAL, metrics), MetricsData.getDefaultInstance());
            assertThat(written.getResourceMetrics(0).getScopeMetrics(0).getMetricsList())
                    .hasSize(7)
                    .containsExactlyInAnyOrderElementsOf(RECEIVER.metrics()
                            .subList(before, RECEIVER.metrics().size()));
        }
    }

    private static void sent(CompletableResultCode result) {
        assertThat(result.join(30, TimeUnit.SECONDS).isSuccess()).isTrue();
    }

    @Example
    void aSpanFieldByField() throws IOException {
        SpanData span = TestSpanData.builder()
                .setSpanContext(context("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"))
                .setParentSpanContext(SpanContext.createFromRemoteParent(
                        "0af7651916cd43dd8448eb211c80319c",
                        "00f067aa0ba902b7",
                        TraceFlags.getSampled(),
                        TraceState.getDefault()))
                .setName("chat m")
                .setKind(SpanKind.CLIENT)
                .setStartEpochNanos(1_700_000_000_000_000_001L)
                .setEndEpochNanos(1_700_000_000_500_000_002L)
                .setHasEnded(true)
                .setStatus(StatusData.create(StatusCode.ERROR, "busy"))
                .setAttributes(Attributes.builder()
                        .put("count", Long.MAX_VALUE)
                        .put("ratio", Double.NaN)
                        .put(AttributeKey.valueKey("bytes"), Value.of(new byte[] {1, -1}))
                        .build())
                .setTotalAttributeCount(5)
                .setEvents(List.of(EventData.create(7, "e", Attributes.empty(), 1)))
                .setTotalRecordedEvents(3)
                .setLinks(List.of(LinkData.create(context("0af7651916cd43dd8448eb211c80319d", "b7ad6b7169203332"))))
                .setTotalRecordedLinks(2)
                .setResource(RESOURCE)
                .setInstrumentationScopeInfo(SCOPE)
                .build();
        byte[] line = line(OtlpSpans.SIGNAL, List.of(span));
        TracesData traces = OtlpJsonReader.read(line, TracesData.getDefaultInstance());

        assertThat(new String(line, StandardCharsets.UTF_8))
                .startsWith("{\"resourceSpans\":[{")
                .contains("\"traceId\":\"0af7651916cd43dd8448eb211c80319c\"")
                .contains("\"kind\":3")
                .contains("\"startTimeUnixNano\":\"1700000000000000001\"")
                .contains("{\"intValue\":\"9223372036854775807\"}")
                .contains("{\"doubleValue\":\"NaN\"}")
                .contains("{\"bytesValue\":\"Af8=\"}")
                .doesNotContain("\n");
        ResourceSpans resource = traces.getResourceSpans(0);
        assertThat(resource.getSchemaUrl()).isEqualTo("https://example.org/resource");
        assertThat(resource.getResource().getAttributes(0).getValue().getStringValue())
                .isEqualTo("tést");
        ScopeSpans scope = resource.getScopeSpans(0);
        assertThat(scope.getSchemaUrl()).isEqualTo("https://example.org/scope");
        assertThat(scope.getScope().getName()).isEqualTo("scope");
        assertThat(scope.getScope().getVersion()).isEqualTo("1.2");
        assertThat(scope.getScope().getAttributes(0).getKey()).isEqualTo("k");
        io.opentelemetry.proto.trace.v1.Span read = scope.getSpans(0);
        assertThat(hex(read.getTraceId().toByteArray())).isEqualTo(span.getTraceId());
        assertThat(hex(read.getSpanId().toByteArray())).isEqualTo(span.getSpanId());
        assertThat(hex(read.getParentSpanId().toByteArray())).isEqualTo("00f067aa0ba902b7");
        assertThat(read.getTraceState()).isEqualTo("a=1");
        assertThat(read.getFlags()).isEqualTo(0x301);
        assertThat(read.getName()).isEqualTo("chat m");
        assertThat(read.getKind()).isEqualTo(io.opentelemetry.proto.trace.v1.Span.SpanKind.SPAN_KIND_CLIENT);
        assertThat(read.getStartTimeUnixNano()).isEqualTo(span.getStartEpochNanos());
        assertThat(read.getEndTimeUnixNano()).isEqualTo(span.getEndEpochNanos());
        assertThat(read.getAttributesList()).extracting(KeyValue::getKey).containsExactly("bytes", "count", "ratio");
        assertThat(read.getAttributes(1).getValue())
                .isEqualTo(AnyValue.newBuilder().setIntValue(Long.MAX_VALUE).build());
        assertThat(read.getDroppedAttributesCount()).isEqualTo(2);
        assertThat(read.getEvents(0).getTimeUnixNano()).isEqualTo(7);
        assertThat(read.getEvents(0).getDroppedAttributesCount()).isEqualTo(1);
        assertThat(read.getDroppedEventsCount()).isEqualTo(2);
        assertThat(hex(read.getLinks(0).getTraceId().toByteArray())).isEqualTo("0af7651916cd43dd8448eb211c80319d");
        assertThat(read.getDroppedLinksCount()).isEqualTo(1);
        assertThat(read.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
        assertThat(read.getStatus().getMessage()).isEqualTo("busy");
    }

    @Example
    void spansAreGroupedByResourceAndScope() throws IOException {
        Resource other = Resource.create(Attributes.of(stringKey("service.name"), "other"));
        InstrumentationScopeInfo plain = InstrumentationScopeInfo.create("plain");
        List<SpanData> spans = List.of(
                span("1", RESOURCE, SCOPE),
                span("2", other, SCOPE),
                span("3", RESOURCE, plain),
                span("4", RESOURCE, SCOPE));
        TracesData traces = OtlpJsonReader.read(line(OtlpSpans.SIGNAL, spans), TracesData.getDefaultInstance());
        assertThat(traces.getResourceSpansList().stream()
                        .flatMap(resource -> resource.getScopeSpansList().stream()
                                .map(scope -> scope.getScope().getName()
                                        + scope.getSpansList().stream()
                                                .map(io.opentelemetry.proto.trace.v1.Span::getName)
                                                .toList())))
                .containsExactly("scope[1, 4]", "plain[3]", "scope[2]");
    }

    private static SpanData span(String name, Resource resource, InstrumentationScopeInfo scope) {
        return TestSpanData.builder()
                .setName(name)
                .setKind(SpanKind.INTERNAL)
                .setStartEpochNanos(1)
                .setEndEpochNanos(2)
                .setHasEnded(true)
                .setStatus(StatusData.unset())
                .setResource(resource)
                .setInstrumentationScopeInfo(scope)
                .build();
    }

    private static <T> byte[] line(OtlpJson.Signal<T> signal, List<T> items) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        OtlpJson.request(signal, items, line);
        return line.toByteArray();
    }

    private static SpanContext context(String traceId, String spanId) {
        return SpanContext.create(
                traceId,
                spanId,
                TraceFlags.getSampled(),
                TraceState.builder().put("a", "1").build());
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
