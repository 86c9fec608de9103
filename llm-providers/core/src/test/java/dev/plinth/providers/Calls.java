package dev.plinth.providers;

import com.fasterxml.jackson.core.JsonFactory;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.api.time.Timeouts;
import java.time.Duration;

/** Calls for tests. */
final class Calls {
    static final JsonFactory JSON = new JsonFactory();
    static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofMinutes(2);

    private Calls() {}

    /** Limits that no test waits for. */
    static Timeouts limits() {
        return new Timeouts(LONG, LONG, LONG, LONG);
    }

    static HttpCall.Builder to(StubServer server) {
        return HttpCall.post(server.url("/v1/x"), HttpBody.json(JSON, json -> json.writeString("hello")))
                .timeouts(limits());
    }

    static HttpCall plain(StubServer server) {
        return to(server).build();
    }

    static HttpCall streamed(StubServer server) {
        return to(server).streamed(true).build();
    }
}
