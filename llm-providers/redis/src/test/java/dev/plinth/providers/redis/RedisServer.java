package dev.plinth.providers.redis;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisException;

/** A real server of its own on a free port of the loopback, which keeps nothing. */
final class RedisServer implements AutoCloseable {

    private static final String PROGRAM = "redis-server";
    private static final int TRIES = 300;

    private final Process process;
    private final URI uri;

    private RedisServer(Process process, URI uri) {
        this.process = process;
        this.uri = uri;
    }

    /** Starts one; where the program is missing, the test is skipped. */
    static RedisServer start() throws Exception {
        for (int tries = 1; ; tries++) {
            try {
                return startOnce();
            } catch (IOException taken) { // another process may have got the port meanwhile
                if (tries == 3) {
                    throw taken;
                }
            }
        }
    }

    private static RedisServer startOnce() throws Exception {
        Assumptions.assumeTrue(isInstalled(), PROGRAM + ": missing (expected: installed for this test)");
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Process process = new ProcessBuilder(
                        PROGRAM,
                        "--port",
                        Integer.toString(port),
                        "--bind",
                        "127.0.0.1",
                        "--save",
                        "",
                        "--appendonly",
                        "no")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectErrorStream(true)
                .start();
        RedisServer server = new RedisServer(process, URI.create("redis://127.0.0.1:" + port));
        server.awaitReady();
        return server;
    }

    private static boolean isInstalled() {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, PROGRAM)));
    }

    private void awaitReady() throws Exception {
        for (int i = 0; i < TRIES; i++) {
            try (RedisClient client = RedisClient.create(uri)) {
                client.ping();
                return;
            } catch (JedisException notYet) {
                if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
                    break;
                }
            }
        }
        close();
        throw new IOException(PROGRAM + ": does not answer (expected: a running server)");
    }

    URI uri() {
        return uri;
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }
}
