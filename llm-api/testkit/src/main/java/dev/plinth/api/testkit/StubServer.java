package dev.plinth.api.testkit;

import dev.plinth.api.check.Check;
import dev.plinth.api.time.TimeSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 server on a free port of the loopback interface that answers what a test told it to, breaks off where the
 * test wants, and remembers what it was asked.
 *
 * <pre>{@code
 * try (StubServer server = StubServer.start()) {
 *     server.enqueue(StubAnswer.json(503, "{}"), StubAnswer.sse("{\"text\":\"Hi\"}", "[DONE]"));
 *     ...new Client(server.url("/v1"))...
 *     assertThat(server.requests()).hasSize(2);
 * }
 * }</pre>
 *
 * <p>The first rule that fits answers; else the next answer in order; else the fallback. What nothing answers gets a
 * 500, and {@link #verify()} says what it was.
 *
 * <p>Thread-safe. It owns two threads per open connection; {@link #close()} ends them.
 */
public final class StubServer implements AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final AtomicInteger SERVERS = new AtomicInteger();

    private final ServerSocket listener;
    private final TimeSource time;
    private final ExecutorService executor;
    private final Object lock = new Object();
    private final List<Rule> rules = new ArrayList<>();
    private final Queue<StubAnswer> answers = new ArrayDeque<>();
    private final List<StubRequest> requests = new ArrayList<>();
    private final List<StubRequest> unexpected = new ArrayList<>();
    private final List<StubConnection> open = new ArrayList<>();
    private @Nullable Function<? super StubRequest, StubAnswer> fallback;
    private int taken;
    private int connections;
    private boolean closed;

    private record Rule(Predicate<? super StubRequest> matcher, StubAnswer answer) {}

    private StubServer(TimeSource time) throws IOException {
        this.time = time;
        this.listener = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
        String name = "stub-server-" + SERVERS.incrementAndGet();
        this.executor = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        });
        executor.execute(this::accept);
    }

    /** Starts a server whose pauses pass on the machine's clock. */
    public static StubServer start() {
        return start(TimeSource.system());
    }

    /** Starts a server whose pauses pass on this clock. */
    public static StubServer start(TimeSource time) {
        try {
            return new StubServer(Check.notNull(time, "time"));
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    /** The address of a path, such as {@code /v1}. */
    public URI url(String path) {
        Check.that(path.startsWith("/"), "path", path, "one that starts with /");
        return URI.create("http://" + listener.getInetAddress().getHostAddress() + ":" + port() + path);
    }

    /** The port it listens on. */
    public int port() {
        return listener.getLocalPort();
    }

    /** More answers, each used once, in this order, for requests that no rule fits. */
    public StubServer enqueue(StubAnswer... more) {
        List<StubAnswer> all = List.of(more);
        synchronized (lock) {
            answers.addAll(all);
        }
        return this;
    }

    /** Answers like this whenever the request fits; the first rule that fits wins. */
    public StubServer when(Predicate<? super StubRequest> matcher, StubAnswer answer) {
        synchronized (lock) {
            rules.add(new Rule(Check.notNull(matcher, "matcher"), Check.notNull(answer, "answer")));
        }
        return this;
    }

    /** Answers what neither a rule nor an answer in order answers. */
    public StubServer otherwise(Function<? super StubRequest, StubAnswer> fallback) {
        synchronized (lock) {
            this.fallback = Check.notNull(fallback, "fallback");
        }
        return this;
    }

    /** What it was asked so far, in order. */
    public List<StubRequest> requests() {
        synchronized (lock) {
            return List.copyOf(requests);
        }
    }

    /**
     * Waits for the next request that was not taken yet.
     *
     * @throws AssertionError if none comes within half a minute
     */
    public StubRequest takeRequest() throws InterruptedException {
        synchronized (lock) {
            await(() -> requests.size() > taken, "requests: " + taken + " (expected: one more)");
            return requests.get(taken++);
        }
    }

    /** How many connections clients have opened so far. */
    public int connections() {
        synchronized (lock) {
            return connections;
        }
    }

    /** How many connections are open now. */
    public int openConnections() {
        synchronized (lock) {
            return open.size();
        }
    }

    /**
     * Waits until at most this many connections are open.
     *
     * @throws AssertionError if that does not come about within half a minute
     */
    public void awaitOpenConnections(int most) throws InterruptedException {
        synchronized (lock) {
            await(() -> open.size() <= most, "connections: more open (expected: at most " + most + ")");
        }
    }

    /**
     * Says whether all went as the test told.
     *
     * @throws AssertionError if it was asked what nothing answers, or an answer was not used
     */
    public void verify() {
        synchronized (lock) {
            if (!unexpected.isEmpty()) {
                throw new AssertionError("requests: " + unexpected + " (expected: an answer left, or one of "
                        + rules.size() + " rules fitting)");
            }
            if (!answers.isEmpty()) {
                throw new AssertionError("answers: " + answers.size() + " not used (expected: all used), after "
                        + requests.size() + " requests");
            }
        }
    }

    /** Closes every connection and the port, and waits for its threads. Closing twice does nothing. */
    @Override
    public void close() {
        try {
            listener.close();
            for (StubConnection connection : shut()) {
                connection.hangUp(false);
            }
            executor.shutdownNow();
            executor.awaitTermination(PATIENCE_NANOS, TimeUnit.NANOSECONDS);
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
    }

    private List<StubConnection> shut() {
        synchronized (lock) {
            closed = true;
            return List.copyOf(open);
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                synchronized (lock) {
                    if (closed) {
                        socket.close();
                        return;
                    }
                    StubConnection connection = new StubConnection(++connections, socket, time, executor);
                    open.add(connection);
                    executor.execute(() -> serve(connection));
                }
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(StubConnection connection) {
        try {
            connection.serve(this::answer);
        } finally {
            synchronized (lock) {
                open.remove(connection);
                lock.notifyAll();
            }
        }
    }

    private StubAnswer answer(StubRequest request) {
        synchronized (lock) {
            requests.add(request);
            lock.notifyAll();
            for (Rule rule : rules) {
                if (rule.matcher.test(request)) {
                    return rule.answer;
                }
            }
            StubAnswer answer = answers.poll();
            if (answer == null && fallback != null) {
                answer = fallback.apply(request);
            }
            if (answer == null) {
                unexpected.add(request);
                answer = StubAnswer.text(500, "stub: nothing answers " + request + " (expected: a scripted request)");
            }
            return answer;
        }
    }

    private void await(BooleanSupplier condition, String message) throws InterruptedException {
        long start = TimeSource.system().nanos();
        while (!condition.getAsBoolean()) {
            long left = PATIENCE_NANOS - (TimeSource.system().nanos() - start);
            if (left <= 0) {
                throw new AssertionError(message);
            }
            TimeUnit.NANOSECONDS.timedWait(lock, left);
        }
    }
}
