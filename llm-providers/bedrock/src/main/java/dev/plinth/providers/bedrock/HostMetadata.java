package dev.plinth.providers.bedrock;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.time.Timeouts;
import dev.plinth.providers.HttpBody;
import dev.plinth.providers.HttpCall;
import dev.plinth.providers.HttpTransport;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The services that AWS offers a container or a machine from the inside. They are near, so the waits are short, and
 * never behind a proxy, to which they would hand out keys.
 */
final class HostMetadata implements AutoCloseable {

    private static final Timeouts LIMITS =
            new Timeouts(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(5));

    private @Nullable HttpTransport transport;
    private boolean closed;

    /** What stands at an address. */
    TextAnswer get(URI url, Map<String, String> headers, String service, CallContext context) {
        return ask(HttpCall.get(url), headers, service, context);
    }

    /** What a PUT of nothing answers. */
    TextAnswer put(URI url, Map<String, String> headers, String service, CallContext context) {
        return ask(HttpCall.put(url, HttpBody.of("text/plain", new byte[0])), headers, service, context);
    }

    private TextAnswer ask(HttpCall.Builder call, Map<String, String> headers, String service, CallContext context) {
        headers.forEach(call::header);
        return TextAnswer.of(call.timeouts(LIMITS), service, transport(), context);
    }

    /** Made when it is needed first: who has a key at hand never needs it. */
    private synchronized HttpTransport transport() {
        if (transport == null) {
            transport = HttpTransport.builder()
                    .proxy(Proxy.NO_PROXY)
                    .maxIdleConnections(1)
                    .build();
            if (closed) {
                transport.close();
            }
        }
        return transport;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (transport != null) {
            transport.close();
        }
    }
}
