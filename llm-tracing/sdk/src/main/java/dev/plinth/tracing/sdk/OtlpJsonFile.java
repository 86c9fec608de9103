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
import java.util.List;

/**
 * A file that telemetry is appended to, as OpenTelemetry's file exporter specifies it: one OTLP request in JSON on each
 * line. Collectors read it, and so does what reads JSON. A batch is split into lines of at most 1 MiB, the most that a
 * collector takes unless it is told otherwise; one span, log record or metric that is longer has a longer line.
 *
 * <pre>{@code
 * SpanExporter exporter = OtlpJsonFile.at(Path.of("traces.jsonl")).spanExporter();
 * }</pre>
 *
 * <p>When it would grow longer than 64 MiB it is set aside as {@code traces.jsonl.1}, what was that as
 * {@code traces.jsonl.2}; three files are kept in all. A file holds data of one kind. Many
 * exporters of one process may write one file. Processes want a file each: a lock keeps their lines whole, but one may
 * replace what another has just set aside.
 *
 * <p>What cannot be written, since the disk is full or the file may not be written, is lost; the exporter says so, and
 * {@link TraceExport} counts it; of a batch of several lines, those that were written are not lost. Of a line that cannot be written nothing stays, and once there is room it goes on. Half a
 * line that a killed process left does stay; the next line begins after it.
 *
 * <p>Immutable and thread-safe, as are the exporters.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otel/protocol/file-exporter/">OpenTelemetry Protocol File Exporter</a>
 */
public final class OtlpJsonFile {

    /** What the collector's file receiver takes for one line. */
    private static final long MAX_LINE = 1L << 20;

    private final Path path;
    private final long maxBytes;
    private final int maxFiles;
    private final JsonLinesFile file;

    private OtlpJsonFile(Path path, long maxBytes, int maxFiles) {
        this.path = path;
        this.maxBytes = maxBytes;
        this.maxFiles = maxFiles;
        this.file = new JsonLinesFile(path, maxBytes, maxFiles);
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
        return new SpanExporter() {
            @Override
            public CompletableResultCode export(Collection<SpanData> spans) {
                return write(OtlpSpans.SIGNAL, spans);
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
        return new LogRecordExporter() {
            @Override
            public CompletableResultCode export(Collection<LogRecordData> records) {
                return write(OtlpLogRecords.SIGNAL, records);
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
        return new MetricExporter() {
            @Override
            public AggregationTemporality getAggregationTemporality(InstrumentType instrument) {
                return AggregationTemporality.CUMULATIVE;
            }

            @Override
            public CompletableResultCode export(Collection<MetricData> metrics) {
                return write(OtlpMetrics.SIGNAL, metrics);
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

    private <T> CompletableResultCode write(OtlpJson.Signal<T> signal, Collection<T> items) {
        try {
            append(signal, List.copyOf(items));
            return CompletableResultCode.ofSuccess();
        } catch (IOException | RuntimeException | Error failure) { // an error would end the exporting thread
            return CompletableResultCode.ofExceptionalFailure(failure);
        }
    }

    /** As one line, or in halves when it would be too long: so no more than a line is in memory. */
    private <T> void append(OtlpJson.Signal<T> signal, List<T> items) throws IOException {
        if (items.isEmpty()) {
            return;
        }
        LineBuffer line = new LineBuffer(items.size() == 1 ? Long.MAX_VALUE : Math.min(MAX_LINE, maxBytes));
        try {
            OtlpJson.request(signal, items, line);
            line.write('\n');
        } catch (LineBuffer.TooLong split) {
            int half = items.size() / 2;
            append(signal, items.subList(0, half));
            try {
                append(signal, items.subList(half, items.size()));
            } catch (IOException | RuntimeException | Error failure) {
                throw new PartlyWritten(half, failure);
            }
            return;
        }
        file.append(line);
    }
}
