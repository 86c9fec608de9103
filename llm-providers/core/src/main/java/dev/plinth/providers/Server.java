package dev.plinth.providers;

import dev.plinth.api.check.Check;
import dev.plinth.api.model.Capability;
import dev.plinth.api.model.ModelInfo;
import java.util.Set;

/**
 * A server and the way to it: what the entry class of a provider stands on. Made by a {@link ServerBuilder}.
 *
 * <p>Immutable and thread-safe.
 */
public final class Server implements AutoCloseable {

    private final Endpoint endpoint;
    private final HttpTransport transport;
    private final boolean ownsTransport;

    Server(Endpoint endpoint, HttpTransport transport, boolean ownsTransport) {
        this.endpoint = endpoint;
        this.transport = transport;
        this.ownsTransport = ownsTransport;
    }

    /** Where calls go. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** What a model of the server is called and can do. */
    public ModelInfo info(String model, Set<Capability> capabilities) {
        return new ModelInfo(endpoint.provider(), Check.notBlank(model, "model"), capabilities, endpoint.baseUrl());
    }

    /** Closes the transport, unless it was handed in. Closing twice does nothing. */
    @Override
    public void close() {
        if (ownsTransport) {
            transport.close();
        }
    }
}
