package dev.plinth.api.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Contexts on other threads, with what libraries keep for each thread. */
class CarryingTest {

    private final CallContext a = CallContext.builder().session("a").build();
    private final CallContext b = CallContext.builder().session("b").build();
    private final ThreadMark mark = new ThreadMark("m");
    private final CallContext marked =
            a.toBuilder().attachment(ThreadMark.class, mark).build();
    private final ExecutorService pool = Executors.newFixedThreadPool(2);

    @AfterEach
    void stop() {
        pool.shutdownNow();
    }

    /** What a thread has current. */
    private record Seen(CallContext context, Object mark) {
        static Seen here() {
            return new Seen(CallContext.current(), String.valueOf(ThreadMark.current()));
        }
    }

    private Seen seen(CallContext context) {
        return new Seen(context, String.valueOf(mark));
    }

    @Test
    void whatTheContextCarriesIsCurrentWithIt() {
        try (Scope scope = marked.makeCurrent()) {
            assertThat(Seen.here()).isEqualTo(seen(marked));
            try (Scope inner = b.makeCurrent()) {
                assertThat(CallContext.current()).isSameAs(b);
                assertThat(ThreadMark.current())
                        .as("a context that carries nothing leaves it")
                        .isSameAs(mark);
            }
            scope.close();
            assertThat(ThreadMark.current()).isNull();
        }
        assertThat(Seen.here()).isEqualTo(new Seen(CallContext.EMPTY, "null"));
    }

    @Test
    void nothingStaysWhenOneCannotBeMadeCurrent() {
        CallContext broken = marked.toBuilder()
                .attachment(ThreadContext.class, new ThreadMark("broken"))
                .build();
        assertThatThrownBy(broken::makeCurrent).hasMessage("broken");
        assertThat(Seen.here()).isEqualTo(new Seen(CallContext.EMPTY, "null"));
    }

    @Test
    void capturedIsTheContextAndWhatTheThreadHas() throws Exception {
        assertThat(a.captured()).as("nothing to add").isSameAs(a);
        CallContext captured;
        try (Scope scope = mark.makeCurrent()) {
            captured = a.captured();
        }
        assertThat(captured.session()).contains("a");
        assertThat(pool.submit(captured.wrapCallable(Seen::here)).get()).isEqualTo(seen(captured));
    }

    @Test
    void anInteractionHasWhatWasCurrentWhereItStarted() {
        Interaction interaction;
        try (Scope scope = mark.makeCurrent()) {
            interaction = Interaction.start("ask", a);
        }
        assertThat(interaction.context().call(ThreadMark::current)).isSameAs(mark);
    }

    @Test
    void aWrappedExecutorCarriesOneContextThroughEveryWayIn() throws Exception {
        assertThat(everyWayIn(marked.wrap(pool))).hasSize(9).allMatch(seen(marked)::equals);
    }

    @Test
    void aSharedExecutorCarriesWhatItsSubmitterHas() throws Exception {
        ExecutorService shared = CallContext.carrying(pool);
        try (Scope scope = marked.makeCurrent()) {
            assertThat(everyWayIn(shared)).hasSize(9).allSatisfy(each -> {
                assertThat(each.context().session()).contains("a");
                assertThat(each.mark()).isEqualTo(mark.toString());
            });
        }
        assertThat(everyWayIn(shared)).hasSize(9).allMatch(new Seen(CallContext.EMPTY, "null")::equals);
        assertThat(b.call(() -> CompletableFuture.supplyAsync(CallContext::current, shared))
                        .get())
                .isSameAs(b);
    }

    private static List<Seen> everyWayIn(ExecutorService executor) throws Exception {
        List<Seen> seen = Collections.synchronizedList(new ArrayList<>());
        Callable<Seen> look = Seen::here;
        Runnable note = () -> seen.add(Seen.here());
        CountDownLatch executed = new CountDownLatch(1);
        executor.execute(() -> {
            note.run();
            executed.countDown();
        });
        executed.await();
        executor.submit(note).get();
        assertThat(executor.submit(note, "done").get()).isEqualTo("done");
        seen.add(executor.submit(look).get());
        for (Future<Seen> each : executor.invokeAll(List.of(look))) {
            seen.add(each.get());
        }
        for (Future<Seen> each : executor.invokeAll(List.of(look), 60, TimeUnit.SECONDS)) {
            seen.add(each.get());
        }
        seen.add(executor.invokeAny(List.of(look)));
        seen.add(executor.invokeAny(List.of(look), 60, TimeUnit.SECONDS));
        seen.add(CompletableFuture.supplyAsync(Seen::here, executor).get());
        return seen;
    }

    @Test
    void cancellingAFutureInterruptsItsTask() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Future<?> future = a.wrap(pool).submit(() -> {
            started.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException expected) {
                interrupted.countDown();
            }
        });
        started.await();
        assertThat(future.cancel(true)).isTrue();
        assertThat(interrupted.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void failuresOfTasksAreThoseOfTheFutures() {
        Future<?> future = a.wrap(pool).submit(() -> {
            throw new IllegalStateException("work");
        });
        assertThatThrownBy(future::get)
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseInstanceOf(IllegalStateException.class)
                .hasRootCauseMessage("work");
    }

    @Test
    void itsLifeIsTheOthers() throws Exception {
        ExecutorService carrying = CallContext.carrying(pool);
        assertThat(carrying.isShutdown()).isFalse();
        carrying.shutdown();
        assertThat(pool.isShutdown()).isTrue();
        assertThat(carrying.isShutdown()).isTrue();
        assertThat(carrying.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        assertThat(carrying.isTerminated()).isTrue();
        assertThat(carrying.shutdownNow()).isEmpty();
    }

    @Test
    void closesAsTheOtherDoes() throws Exception {
        AtomicBoolean closed = new AtomicBoolean();
        class Closeable extends java.util.concurrent.ForkJoinPool implements AutoCloseable {
            @Override
            public void close() {
                closed.set(true);
            }
        }
        Closeable executor = new Closeable();
        ExecutorService carrying = CallContext.carrying(executor);
        carrying.getClass().getMethod("close").invoke(carrying);
        executor.shutdownNow();
        assertThat(closed).isTrue();
    }

    @Test
    void scheduledTasksCarryItWrapped() throws Exception {
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        try {
            assertThat(scheduler
                            .schedule(marked.wrapCallable(Seen::here), 1, TimeUnit.MILLISECONDS)
                            .get())
                    .isEqualTo(seen(marked));
        } finally {
            scheduler.shutdownNow();
        }
    }

    @Test
    void parallelStreamsCarryItElementByElement() {
        List<Seen> seen = IntStream.range(0, 64)
                .parallel()
                .mapToObj(each -> marked.call(Seen::here))
                .toList();
        assertThat(seen).hasSize(64).allMatch(seen(marked)::equals);
        assertThat(Seen.here()).isEqualTo(new Seen(CallContext.EMPTY, "null"));
    }

    @Test
    void virtualThreadsCarryIt() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "virtual threads: from Java 21 on");
        ExecutorService virtual = (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        try {
            assertThat(everyWayIn(marked.wrap(virtual))).hasSize(9).allMatch(seen(marked)::equals);
        } finally {
            virtual.shutdownNow();
        }
    }
}
