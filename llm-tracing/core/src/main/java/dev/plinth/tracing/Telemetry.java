package dev.plinth.tracing;

import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.time.TimeSource;
import dev.plinth.tracing.content.ContentCapture;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What one {@link Tracing} writes to, and how it names things. Thread-safe. */
final class Telemetry {

    static final String SCOPE = "dev.plinth.tracing";

    final TimeSource time;
    final Vocabulary vocabulary;
    final Tracer tracer;
    final Logger events;
    final PlinthMeters meters;
    final Guard guard;
    final SpanAddresses addresses;
    final TextMapPropagator propagator;
    final ContentCapture content;
    final ContentWriter contentWriter;
    final List<Dialect> dialects;
    final ReportedElsewhere reportedElsewhere;
    /** Whether somebody records metrics. */
    final boolean metered;

    private final List<CallMeters> callMeters;
    private final Labels labels = new Labels(Labels.MOST);

    /**
     * @param conventions of spans and events
     * @param metrics the versions whose metrics are recorded, at least one
     */
    Telemetry(
            OpenTelemetry openTelemetry,
            Conventions conventions,
            Set<Conventions> metrics,
            SpanAddresses addresses,
            ContentCapture content,
            boolean contentAsEvents,
            List<Dialect> dialects,
            Predicate<? super ModelInfo> reportedElsewhere,
            TimeSource time) {
        this.time = time;
        this.addresses = addresses;
        this.metered = openTelemetry.getMeterProvider() != MeterProvider.noop();
        this.propagator = TraceContext.propagator(openTelemetry);
        this.vocabulary = Vocabulary.of(conventions);
        this.tracer = openTelemetry
                .tracerBuilder(SCOPE)
                .setSchemaUrl(conventions.schemaUrl())
                .build();
        this.events = openTelemetry
                .getLogsBridge()
                .loggerBuilder(SCOPE)
                .setSchemaUrl(conventions.schemaUrl())
                .build();
        this.content = content;
        this.dialects = dialects;
        this.reportedElsewhere = new ReportedElsewhere(reportedElsewhere, JavaAgent.here(), events);
        this.contentWriter = new ContentWriter(events, contentAsEvents, vocabulary, dialects);
        this.meters = new PlinthMeters(meter(openTelemetry, conventions), labels);
        this.guard = new Guard(meter(openTelemetry, conventions), labels);
        this.callMeters = CallMeters.of(metrics, version -> meter(openTelemetry, version), labels);
    }

    private static Meter meter(OpenTelemetry openTelemetry, Conventions conventions) {
        return openTelemetry
                .meterBuilder(SCOPE)
                .setSchemaUrl(conventions.schemaUrl())
                .build();
    }

    /** The labels of a call of a model, known when it begins. */
    Attributes labels(Operation operation, ModelInfo info, String model) {
        if (!metered) {
            return Attributes.empty();
        }
        AttributesBuilder all = Attributes.builder()
                .put(GenAi.OPERATION_NAME, operation.word())
                .put(GenAi.PROVIDER_NAME, labels.bounded(GenAi.PROVIDER_NAME, info.provider()))
                .put(GenAi.REQUEST_MODEL, labels.bounded(GenAi.REQUEST_MODEL, model));
        ModelAttributes.server(info, (address, port) -> {
            // Together, since a port says nothing without its address.
            if (labels.keeps(GenAi.SERVER_ADDRESS, address) && labels.keeps(GenAi.SERVER_PORT, Long.toString(port))) {
                all.put(GenAi.SERVER_ADDRESS, address).put(GenAi.SERVER_PORT, port);
            }
        });
        return all.build();
    }

    /** The labels of a retrieval or of a tool: its name. */
    Attributes labels(AttributeKey<String> label, String name) {
        return metered ? Attributes.of(label, labels.bounded(label, name)) : Attributes.empty();
    }

    /**
     * The labels with who served the call. Where another provider did than was asked, its server is not known.
     *
     * @param provider null: whom was asked
     * @param model null: not known which one
     */
    Attributes servedBy(Attributes call, @Nullable String provider, @Nullable String model) {
        AttributesBuilder all = call.toBuilder();
        if (provider != null) {
            String bounded = labels.bounded(GenAi.PROVIDER_NAME, provider);
            if (!bounded.equals(call.get(GenAi.PROVIDER_NAME))) {
                all.remove(GenAi.SERVER_ADDRESS).remove(GenAi.SERVER_PORT);
            }
            all.put(GenAi.PROVIDER_NAME, bounded);
        }
        if (model != null) {
            all.put(GenAi.RESPONSE_MODEL, labels.bounded(GenAi.RESPONSE_MODEL, model));
        }
        return all.build();
    }

    void ended(EndedCall call) {
        for (CallMeters each : callMeters) {
            each.ended(call);
        }
        if (call.operation() == Operation.RETRIEVAL) {
            meters.retrieval(call);
        }
    }

    void firstChunk(Attributes call, double seconds) {
        for (CallMeters each : callMeters) {
            each.firstChunk(call, seconds);
        }
    }

    void nextChunk(Attributes call, double seconds) {
        for (CallMeters each : callMeters) {
            each.nextChunk(call, seconds);
        }
    }
}
