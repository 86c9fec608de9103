package dev.plinth.rag.connectors.s3;

import dev.plinth.servers.ServerScript;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;

/** A real server that all tests of a run share, each with a bucket of its own. It stops when this process ends. */
final class S3Server {
    static final String KEY = "S3RVER";
    static final String SECRET = "S3RVER";

    private static final AtomicInteger BUCKETS = new AtomicInteger();

    private S3Server() {}

    private static final class Shared {
        static final Optional<ServerScript> SERVER = ServerScript.start("run-s3");
    }

    /** Where it answers; where the program is missing, the test is skipped. */
    static URI address() {
        Assumptions.assumeTrue(
                Shared.SERVER.isPresent(), "s3: missing (expected: brought by .ci/servers/install for this test)");
        return URI.create(Shared.SERVER.orElseThrow().address());
    }

    static String newBucket() {
        return "test-" + BUCKETS.incrementAndGet();
    }
}
