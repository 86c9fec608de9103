package dev.plinth.tracing.sdk;

import dev.plinth.api.check.Check;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Collection;

/**
 * A file that telemetry is appended to, as OpenTelemetry's file exporter specifies it: one OTLP request in JSON on each
 * line. Collectors read it, and so does what reads JSON.
 *
 * <pre>{@code
 * SpanExporter exporter = OtlpJsonFile.at(Path.of("traces.jsonl")).spanExporter();
 * }</pre>
 *
 * <p>When it would grow longer than 64 MiB it is set aside as {@code traces.jsonl.1}, what was that as
 * {@code traces.jsonl.2}; three files are kept in all. A file holds data of one kind, and one process writes it.
 *
 * <p>What cannot be written, since the disk is full or the file may not be written, is lost; the exporter says so, and
 * {@link TraceExport} counts it. Lines are there whole or not at all, and once there is room it goes on.
 *
 * <p>Immutable and thread-safe, as are the exporters.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otel/protocol/file-exporter/">OpenTelemetry Protocol File Exporter</a>
 */
public final class OtlpJsonFile {

    private final Path path;
    private final long maxBytes;
    private final int maxFiles;

    private OtlpJsonFile(Path path, long maxBytes, int maxFiles) {
        this.path = path;
        this.maxBytes = maxBytes;
        this.maxFiles = maxFiles;
    }

    /** The file of this name; made, with its folder, when there is something to write. */
    public static OtlpJsonFile at(Path path) {
        Check.that(path.getFileSystem() == FileSystems.getDefault(), "path", path, "on this machine's file system");
        return new OtlpJsonFile(path, 64L << 20, 3);
    }

    /** The same, set aside before it grows longer than this. */
    public OtlpJsonFile maxBytes(long maxBytes) {
        return new OtlpJsonFile(path, Check.positive(maxBytes, "maxBytes"), maxFiles);
    }

    /** The same, with at most this many files in all. */
    public OtlpJsonFile maxFiles(int maxFiles) {
        return new OtlpJsonFile(path, maxBytes, Check.positive(maxFiles, "maxFiles"));
    }

    /** Writes spans. */
    public SpanExporter spanExporter() {
        JsonLinesFile file = file();
        return new SpanExporter() {
            @Override
            public CompletableResultCode export(Collection<SpanData> spans) {
                return write(file, spans, OtlpSpans::request);
            }

            @Override
            public CompletableResultCode flush() {
                return CompletableResultCode.ofSuccess();
            }

            @Override
            public CompletableResultCode shutdown() {
                return CompletableResultCode.ofSuccess(); // nothing is open
            }
        };
    }

    /** Writes log records, such as evaluation results. */
    public LogRecordExporter logRecordExporter() {
        JsonLinesFile file = file();
        return new LogRecordExporter() {
            @Override
            public CompletableResultCode export(Collection<LogRecordData> records) {
                return write(file, records, OtlpLogRecords::request);
            }

            @Override
            public CompletableResultCode flush() {
                return CompletableResultCode.ofSuccess();
            }

            @Override
            public CompletableResultCode shutdown() {
                return CompletableResultCode.ofSuccess(); // nothing is open
            }
        };
    }

    /** Writes metrics, with cumulative sums. */
    public MetricExporter metricExporter() {
        JsonLinesFile file = file();
        return new MetricExporter() {
            @Override
            public AggregationTemporality getAggregationTemporality(InstrumentType instrument) {
                return AggregationTemporality.CUMULATIVE;
            }

            @Override
            public CompletableResultCode export(Collection<MetricData> metrics) {
                return write(file, metrics, OtlpMetrics::request);
            }

            @Override
            public CompletableResultCode flush() {
                return CompletableResultCode.ofSuccess();
            }

            @Override
            public CompletableResultCode shutdown() {
                return CompletableResultCode.ofSuccess(); // nothing is open
            }
        };
    }

    private JsonLinesFile file() {
        return new JsonLinesFile(path, maxBytes, maxFiles);
    }

    /** Makes one line. */
    private interface Request<T> {
        byte[] of(Collection<T> items) throws IOException;
    }

    private static <T> CompletableResultCode write(JsonLinesFile file, Collection<T> items, Request<T> request) {
        if (items.isEmpty()) {
            return CompletableResultCode.ofSuccess();
        }
        try {
            file.append(request.of(items));
            return CompletableResultCode.ofSuccess();
        } catch (IOException | RuntimeException failure) {
            return CompletableResultCode.ofExceptionalFailure(failure);
        }
    }
}
