package dev.plinth.bench.ingest;

import dev.plinth.servers.ServerScript;
import java.util.Optional;

/** The server that a store needs, for as long as a command runs; its data goes with it. */
public final class StoreServer implements AutoCloseable {
    private final String store;
    private final Optional<ServerScript> server;

    private StoreServer(String store, Optional<ServerScript> server) {
        this.store = store;
        this.server = server;
    }

    /** Starts PostgreSQL for {@code pgvector}; nothing for others. */
    public static StoreServer of(String store) {
        if (!store.equals("pgvector")) {
            return new StoreServer(store, Optional.empty());
        }
        ServerScript server = ServerScript.start("run-postgresql")
                .orElseThrow(() -> new IllegalStateException("pgvector: no server (expected: brought by"
                        + " .ci/servers/install, or --store with the URL of one)"));
        return new StoreServer(server.address(), Optional.of(server));
    }

    /** What {@link BenchStore#open} is asked for. */
    public String store() {
        return store;
    }

    @Override
    public void close() {
        server.ifPresent(ServerScript::close);
    }
}
