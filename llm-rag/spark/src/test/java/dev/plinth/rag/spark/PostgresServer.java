package dev.plinth.rag.spark;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Assumptions;
import org.postgresql.ds.PGSimpleDataSource;

/** A real PostgreSQL with pgvector of its own, which ends with this process at the latest. */
final class PostgresServer implements AutoCloseable {
    private static final int MISSING = 75;
    private static final Logger FLYWAY = Logger.getLogger("org.flywaydb"); // held, so that its level stays

    static {
        FLYWAY.setLevel(Level.WARNING);
    }

    private final Process process;
    private final String url;

    private PostgresServer(Process process, String url) {
        this.process = process;
        this.url = url;
    }

    /** Starts one; where the programs are missing, the test is skipped. */
    static PostgresServer start() throws Exception {
        Optional<Path> script = script();
        Assumptions.assumeTrue(script.isPresent(), "pgvector: missing (expected: brought by .ci/servers/install)");
        Process process = new ProcessBuilder(script.orElseThrow().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        String url = output.readLine();
        Assumptions.assumeTrue(
                url != null || process.waitFor() != MISSING,
                "pgvector: missing (expected: brought by .ci/servers/install)");
        if (url == null) {
            throw new IOException(script + ": ended with " + process.exitValue() + " (expected: a JDBC URL)");
        }
        return new PostgresServer(process, url);
    }

    private static Optional<Path> script() {
        String set = System.getProperty("plinth.servers");
        if (set != null) {
            return Optional.of(Path.of(set, "run-postgresql"));
        }
        for (Path path = Path.of("").toAbsolutePath(); path != null; path = path.getParent()) {
            Path script = path.resolve(".ci/servers/run-postgresql");
            if (Files.isExecutable(script)) {
                return Optional.of(script);
            }
        }
        return Optional.empty();
    }

    String url() {
        return url;
    }

    static PGSimpleDataSource dataSource(String url) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setURL(url);
        return dataSource;
    }

    /** The server stops when its input ends. */
    @Override
    public void close() throws Exception {
        process.getOutputStream().close();
        process.waitFor();
    }
}
