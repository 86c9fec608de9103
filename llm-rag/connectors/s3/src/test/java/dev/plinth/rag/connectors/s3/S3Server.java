package dev.plinth.rag.connectors.s3;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;

/** A real server that all tests of a run share, each with a bucket of its own. It stops when this process ends. */
final class S3Server {
    static final String KEY = "S3RVER";
    static final String SECRET = "S3RVER";

    private static final int MISSING = 75;
    private static final AtomicInteger BUCKETS = new AtomicInteger();

    private S3Server() {}

    private static final class Shared {
        static final Optional<URI> SERVER = start();
    }

    /** Where it answers; where the program is missing, the test is skipped. */
    static URI address() {
        Assumptions.assumeTrue(
                Shared.SERVER.isPresent(), "s3: missing (expected: brought by .ci/servers/install for this test)");
        return Shared.SERVER.orElseThrow();
    }

    static String newBucket() {
        return "test-" + BUCKETS.incrementAndGet();
    }

    private static Optional<URI> start() {
        Optional<Path> script = script();
        if (script.isEmpty()) {
            return Optional.empty();
        }
        try {
            Process process = new ProcessBuilder(script.get().toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
            String address = output.readLine();
            if (address == null && process.waitFor() != MISSING) {
                throw new IOException(script + ": ended with " + process.exitValue() + " (expected: an address)");
            }
            return Optional.ofNullable(address).map(URI::create);
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static Optional<Path> script() {
        String set = System.getProperty("plinth.servers");
        if (set != null) {
            return Optional.of(Path.of(set, "run-s3")).filter(Files::isExecutable);
        }
        for (Path path = Path.of("").toAbsolutePath(); path != null; path = path.getParent()) {
            Path script = path.resolve(".ci/servers/run-s3");
            if (Files.isExecutable(script)) {
                return Optional.of(script);
            }
        }
        return Optional.empty();
    }
}
