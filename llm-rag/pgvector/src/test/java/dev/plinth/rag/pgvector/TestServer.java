package dev.plinth.rag.pgvector;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Assumptions;

/** A real server that all tests of a run share, each with a schema of its own. It stops when this process ends. */
final class TestServer {
    private static final AtomicInteger SCHEMAS = new AtomicInteger();
    private static final int MISSING = 75;
    private static final Logger FLYWAY = Logger.getLogger("org.flywaydb"); // held, so that its level stays

    static {
        FLYWAY.setLevel(Level.WARNING);
    }

    private final String url;
    private final HikariDataSource pool;

    private TestServer(String url, int connections) {
        this.url = url;
        this.pool = new HikariDataSource(configuration(url, connections));
    }

    private static HikariConfig configuration(String url, int connections) {
        HikariConfig configuration = new HikariConfig();
        configuration.setJdbcUrl(url);
        configuration.setMaximumPoolSize(connections);
        configuration.setMinimumIdle(1);
        return configuration;
    }

    private static final class Postgresql {
        static final Optional<TestServer> SERVER = start("run-postgresql", 20);
    }

    private static final class Pglite {
        static final Optional<TestServer> SERVER = start("run-pglite", 1);
    }

    /** PostgreSQL 16 with pgvector 0.6; where the programs are missing, the test is skipped. */
    static TestServer postgresql() {
        return orSkip(Postgresql.SERVER);
    }

    /** A newer PostgreSQL with pgvector 0.8, but one backend, and so one connection. */
    static TestServer pglite() {
        return orSkip(Pglite.SERVER);
    }

    private static TestServer orSkip(Optional<TestServer> server) {
        Assumptions.assumeTrue(
                server.isPresent(), "pgvector: missing (expected: brought by .ci/servers/install for this test)");
        return server.orElseThrow();
    }

    private static Optional<TestServer> start(String script, int connections) {
        Optional<Path> folder = folder().filter(path -> Files.isExecutable(path.resolve(script)));
        if (folder.isEmpty()) {
            return Optional.empty();
        }
        try {
            Process process = new ProcessBuilder(folder.get().resolve(script).toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
            String url = output.readLine();
            if (url != null) {
                return Optional.of(new TestServer(url, connections));
            }
            if (process.waitFor() == MISSING) {
                return Optional.empty();
            }
            throw new IOException(script + ": ended with " + process.exitValue() + " (expected: a JDBC URL)");
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static Optional<Path> folder() {
        String set = System.getProperty("plinth.servers");
        if (set != null) {
            return Optional.of(Path.of(set));
        }
        for (Path path = Path.of("").toAbsolutePath(); path != null; path = path.getParent()) {
            if (Files.isDirectory(path.resolve(".ci/servers"))) {
                return Optional.of(path.resolve(".ci/servers"));
            }
        }
        return Optional.empty();
    }

    /** Connections as a superuser. */
    DataSource dataSource() {
        return pool;
    }

    /** Connections as another role. The caller closes them. */
    HikariDataSource dataSource(String role) {
        return new HikariDataSource(configuration(url.replace("user=postgres", "user=" + role), 4));
    }

    String url() {
        return url;
    }

    static String newSchema() {
        return "test_" + SCHEMAS.incrementAndGet();
    }

    void execute(String... statements) {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
