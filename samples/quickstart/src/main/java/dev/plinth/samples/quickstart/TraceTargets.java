package dev.plinth.samples.quickstart;

import dev.plinth.api.check.Check;
import dev.plinth.tracing.sdk.TraceExport;
import dev.plinth.tracing.sdk.TracingSdk;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Where the traces go besides the page.
 *
 * @param file of OTLP in JSON lines
 * @param otlp the address of a receiver
 */
record TraceTargets(Optional<Path> file, Optional<String> otlp) {

    /** It would say with a stack trace what {@link #losses} says in a line. */
    private static final Logger EXPORTER_LOG = Logger.getLogger("io.opentelemetry.exporter");

    /** A person waits for the end, so nothing is tried again. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** The SDK that exports there; refuses a file that cannot be written. */
    TracingSdk open() {
        file.ifPresent(TraceTargets::checkWritable);
        TracingSdk.Builder sdk = TracingSdk.builder("quickstart");
        file.ifPresent(sdk::file);
        otlp.ifPresent(url -> {
            EXPORTER_LOG.setLevel(Level.OFF);
            sdk.export(TraceExport.builder("otlp")
                    .spans(OtlpHttpSpanExporter.builder()
                            .setEndpoint(url)
                            .setConnectTimeout(PATIENCE)
                            .setTimeout(PATIENCE)
                            .setRetryPolicy(null)
                            .build()));
        });
        return sdk.build();
    }

    private static void checkWritable(Path file) {
        boolean writable = false;
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null && !Files.isDirectory(folder)) {
                Files.createDirectories(folder);
            }
            Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                    .close();
            writable = true;
        } catch (IOException refused) {
            // said below
        }
        Check.that(writable, "--trace-file", file, "a file that can be written");
    }

    /** What did not arrive, a line for each target; asked when the SDK is closed. */
    List<String> losses(Map<String, Double> figures) {
        List<String> losses = new ArrayList<>();
        file.ifPresent(path -> loss("file", "--trace-file: " + path, "a file that can be written", figures, losses));
        otlp.ifPresent(url -> loss("otlp", "--otlp: " + url, "a receiver of OTLP over HTTP", figures, losses));
        return losses;
    }

    private static void loss(
            String export, String target, String expected, Map<String, Double> figures, List<String> losses) {
        long lost = spans(export, "failed", figures) + spans(export, "dropped", figures);
        if (lost > 0) {
            long all = spans(export, "in", figures);
            losses.add(target + ": " + lost + " of " + all + " spans did not arrive (expected: " + expected + ")");
        }
    }

    private static long spans(String export, String figure, Map<String, Double> figures) {
        return figures.getOrDefault("tracing.export." + export + ".spans." + figure, 0.0)
                .longValue();
    }
}
