package dev.plinth.rag.pgvector;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.plinth.servers.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** A real server that all tests of a run share, each with a schema of its own. It stops when this process ends. */
final class TestServer {
    private static final AtomicInteger SCHEMAS = new AtomicInteger();
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
        static final Optional<TestServer> SERVER =
                PostgresServer.withVectors().map(server -> new TestServer(server.url(), 20));
    }

    private static final class Pglite {
        static final Optional<TestServer> SERVER =
                PostgresServer.pglite().map(server -> new TestServer(server.url(), 1));
    }

    /** PostgreSQL 16 with pgvector 0.6. */
    static TestServer postgresql() {
        return Postgresql.SERVER.orElseThrow(PostgresServer::missing);
    }

    /** A newer PostgreSQL with pgvector 0.8, but one backend, and so one connection. */
    static TestServer pglite() {
        return Pglite.SERVER.orElseThrow(PostgresServer::missing);
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
