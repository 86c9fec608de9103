package dev.plinth.servers;

import java.util.Optional;
import org.opentest4j.TestAbortedException;
import org.postgresql.ds.PGSimpleDataSource;

/** A PostgreSQL of its own, its data in a folder that goes with it. */
public final class PostgresServer implements AutoCloseable {
    private final ServerScript script;

    private PostgresServer(ServerScript script) {
        this.script = script;
    }

    /** The one that the system has installed, without vectors; empty where there is none. */
    public static Optional<PostgresServer> installed() {
        return ServerScript.start("run-postgresql", "installed").map(PostgresServer::new);
    }

    /** PostgreSQL 16 with pgvector 0.6; empty where the programs are missing. */
    public static Optional<PostgresServer> withVectors() {
        return ServerScript.start("run-postgresql").map(PostgresServer::new);
    }

    /** A newer one with pgvector 0.8, but one backend, and so one connection; empty where it is missing. */
    public static Optional<PostgresServer> pglite() {
        return ServerScript.start("run-pglite").map(PostgresServer::new);
    }

    /** Ends a test as skipped. */
    public static TestAbortedException missing() {
        return new TestAbortedException(
                "postgresql: missing (expected: installed, or brought by .ci/servers/install for this test)");
    }

    /** New connections, as a superuser. */
    public PGSimpleDataSource dataSource() {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setURL(url());
        return dataSource;
    }

    /** Its JDBC URL, as a superuser. */
    public String url() {
        return script.address();
    }

    @Override
    public void close() {
        script.close();
    }
}
