package dev.plinth.providers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.error.CancelledException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A call ends at once, its socket closed, when its thread is interrupted or its answer closed. */
@Timeout(120)
class HttpTransportCancelTest {
    private final StubServer server = StubServer.start();
    private final HttpTransport transport = HttpTransport.create();

    private record End(Throwable thrown, boolean interrupted) {}

    @AfterEach
    void close() {
        transport.close();
        server.close();
    }

    private static Thread platform(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** On 21 and later. */
    private static Optional<Function<Runnable, Thread>> virtual() {
        try {
            Method start = Thread.class.getMethod("startVirtualThread", Runnable.class);
            return Optional.of(work -> {
                try {
                    return (Thread) start.invoke(null, work);
                } catch (ReflectiveOperationException impossible) {
                    throw new AssertionError(impossible);
                }
            });
        } catch (NoSuchMethodException before21) {
            return Optional.empty();
        }
    }

    private static Function<Runnable, Thread> virtualOrSkip() {
        Optional<Function<Runnable, Thread>> starter = virtual();
        Assumptions.assumeTrue(starter.isPresent(), "virtual threads: none (expected: Java 21 or later)");
        return starter.orElseThrow();
    }

    private static FutureTask<End> task(Callable<?> call) {
        return new FutureTask<>(() -> {
            try {
                call.call();
                return new End(null, Thread.currentThread().isInterrupted());
            } catch (Throwable thrown) {
                return new End(thrown, Thread.currentThread().isInterrupted());
            }
        });
    }

    private static End end(FutureTask<End> task) throws Exception {
        return task.get(30, TimeUnit.SECONDS);
    }

    private static void isInterrupted(End end) {
        assertThat(end.thrown()).isInstanceOf(CancelledException.class).hasMessageStartingWith("thread: interrupted");
        assertThat(end.interrupted()).as("flag").isTrue();
    }

    private Object readAll(HttpAnswer answer, CountDownLatch began) {
        try (answer) {
            answer.body().read();
            began.countDown();
            return answer.body().readAllBytes();
        } catch (IOException exception) {
            throw answer.failed(exception);
        }
    }

    private void interruptedWhileWaitingForTheHead(Function<Runnable, Thread> starter) throws Exception {
        server.enqueue(StubAnswer.silence());
        FutureTask<End> task = task(() -> transport.send(Calls.plain(server)));
        Thread thread = starter.apply(task);
        StubRequest request = server.takeRequest();
        thread.interrupt();
        isInterrupted(end(task));
        request.awaitClientGone();
    }

    private void interruptedWhileReading(Function<Runnable, Thread> starter) throws Exception {
        server.enqueue(StubAnswer.streaming("text/event-stream").event("a").stall());
        CountDownLatch began = new CountDownLatch(1);
        FutureTask<End> task = task(() -> readAll(transport.send(Calls.streamed(server)), began));
        Thread thread = starter.apply(task);
        assertThat(began.await(30, TimeUnit.SECONDS)).isTrue();
        thread.interrupt();
        isInterrupted(end(task));
        server.takeRequest().awaitClientGone();
    }

    @Test
    void interruptWhileWaitingForTheHead() throws Exception {
        interruptedWhileWaitingForTheHead(HttpTransportCancelTest::platform);
    }

    @Test
    void interruptWhileReading() throws Exception {
        interruptedWhileReading(HttpTransportCancelTest::platform);
    }

    @Test
    void interruptOfAVirtualThreadWhileWaitingForTheHead() throws Exception {
        interruptedWhileWaitingForTheHead(virtualOrSkip());
    }

    @Test
    void interruptOfAVirtualThreadWhileReading() throws Exception {
        interruptedWhileReading(virtualOrSkip());
    }

    @Test
    void interruptBeforeTheCall() throws Exception {
        server.otherwise(request -> StubAnswer.json("{}"));
        transport.send(Calls.plain(server)).finish(); // so that a connection is idle, too
        for (int i = 0; i < 2; i++) {
            FutureTask<End> task = task(() -> {
                Thread.currentThread().interrupt();
                return transport.send(Calls.plain(server));
            });
            platform(task);
            isInterrupted(end(task));
        }
    }

    /** Neither side may lose the other: whoever is last closes the body, or the connection would never be given up. */
    @Test
    void closeMeetsTheReaderAtAnyMoment() throws Exception {
        server.otherwise(request -> {
            StubAnswer answer = StubAnswer.streaming("text/event-stream");
            for (int i = 0; i < 20; i++) {
                answer = answer.event("a");
            }
            return answer.stall();
        });
        for (int i = 0; i < 200; i++) {
            HttpAnswer answer = transport.send(Calls.streamed(server));
            FutureTask<End> task = task(() -> readAll(answer, new CountDownLatch(1)));
            platform(task);
            for (int spin = 0; spin < i * 50; spin++) {
                Thread.onSpinWait();
            }
            answer.close();
            assertThat(end(task).thrown()).isInstanceOf(Exception.class);
        }
        server.awaitOpenConnections(0);
    }
}
