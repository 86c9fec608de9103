package dev.plinth.providers.embedding;

import static dev.plinth.providers.embedding.NumberModel.cents;
import static dev.plinth.providers.embedding.NumberModel.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.embedding.EmbeddingLimits;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.ForwardingEmbeddingModel;
import dev.plinth.api.embedding.IncompleteEmbeddingException;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.layer.Layer;
import dev.plinth.api.layer.Layers;
import dev.plinth.api.layer.Stage;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Usage;
import dev.plinth.providers.retry.Retries;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Many texts: all calls, in order, side by side, and what is left when one fails. */
class EmbeddingBatchesTest {
    // Two engines run the tests of this class: its threads live as long as the tests.
    private static final ExecutorService EXECUTOR = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "batches");
        thread.setDaemon(true);
        return thread;
    });

    /** Of one test: an error that was thrown says what was tried. */
    private final OverloadedException overloaded = new OverloadedException("server: overloaded");

    private static List<Integer> upTo(int end) {
        return IntStream.range(0, end).boxed().toList();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new CancelledException("thread: interrupted");
        }
    }

    private static void awaitInterruption() {
        await(new CountDownLatch(1));
    }

    @Test
    void textsThatFitAreTheCallerOwnCall() {
        NumberModel model = new NumberModel(text -> {});
        EmbeddingRequest request = numbers(2);
        EmbeddingBatches.parallel(4, EXECUTOR).around(model).embed(request);
        assertThat(model.requests).singleElement().isSameAs(request);
    }

    @Test
    void callsComeOneAfterTheOtherOnTheCallingThreadUnlessThereIsAnExecutor() {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        NumberModel model = new NumberModel(text -> threads.add(Thread.currentThread()));
        EmbeddingResponse whole = EmbeddingBatches.sequential().around(model).embed(numbers(5));
        assertThat(numbers(whole)).isEqualTo(upTo(5));
        assertThat(whole.usage()).isEqualTo(Usage.of(5, 0));
        assertThat(whole.cost()).isEqualTo(cents(5));
        assertThat(model.requests.stream().map(EmbeddingRequest::texts))
                .containsExactly(List.of("0", "1"), List.of("2", "3"), List.of("4"));
        assertThat(threads).containsExactly(Thread.currentThread());
    }

    @Test
    void asManyRunAtATimeAsWereAllowed() {
        CountDownLatch three = new CountDownLatch(3);
        NumberModel model = new NumberModel(text -> {
            three.countDown();
            await(three); // opens only if three are there together
        });
        EmbeddingResponse whole =
                EmbeddingBatches.parallel(3, EXECUTOR).around(model).embed(numbers(40));
        assertThat(numbers(whole)).isEqualTo(upTo(40));
        assertThat(model.mostRunning).hasValue(3);
    }

    @Property(tries = 100)
    void anyOrderOfEndsGivesTheOrderOfTheTexts(
            @ForAll @IntRange(min = 3, max = 24) int texts,
            @ForAll @IntRange(min = 1, max = 12) int parallel,
            @ForAll long seed)
            throws Exception {
        List<Semaphore> gates = new ArrayList<>();
        IntStream.range(0, texts).forEach(text -> gates.add(new Semaphore(0)));
        NumberModel model = new NumberModel(text -> gates.get(text).acquireUninterruptibly());
        EmbeddingModel batched = EmbeddingBatches.parallel(parallel, EXECUTOR).around(model);
        Future<EmbeddingResponse> whole = EXECUTOR.submit(() -> batched.embed(numbers(texts)));
        List<Semaphore> order = new ArrayList<>(gates);
        Collections.shuffle(order, new Random(seed));
        order.forEach(Semaphore::release);
        assertThat(numbers(whole.get())).isEqualTo(upTo(texts));
        assertThat(whole.get().usage()).isEqualTo(Usage.of(texts, 0));
        assertThat(model.mostRunning.get()).isLessThanOrEqualTo(parallel);
    }

    @Test
    void firstFailureInterruptsTheOthersWaitsForThemAndKeepsWhatIsDone() {
        CountDownLatch begun = new CountDownLatch(2);
        NumberModel model = new NumberModel(text -> {
            switch (text) {
                case 2 -> {}
                case 0, 4 -> {
                    begun.countDown();
                    awaitInterruption();
                }
                case 6 -> {
                    await(begun);
                    throw overloaded;
                }
                default -> throw new AssertionError("call of " + text + " (expected: not made)");
            }
        });
        CountDownLatch over = new CountDownLatch(3);
        List<Boolean> leaked = Collections.synchronizedList(new ArrayList<>());
        Executor watched = work -> EXECUTOR.execute(() -> {
            work.run();
            leaked.add(Thread.interrupted());
            over.countDown();
        });
        IncompleteEmbeddingException stopped = catchThrowableOfType(
                IncompleteEmbeddingException.class,
                () -> EmbeddingBatches.parallel(3, watched).around(model).embed(numbers(12)));
        assertThat(model.running).as("calls that still run").hasValue(0);
        assertThat(stopped).hasCause(overloaded);
        assertThat(stopped.positions()).containsExactly(2, 3);
        assertThat(stopped.partialUsage()).isEqualTo(Usage.of(2, 0));
        assertThat(stopped.done().cost()).isEqualTo(cents(2));
        assertThat(stopped.attempts())
                .extracting(Attempt::why, Attempt::error, Attempt::usage)
                .containsExactly(
                        tuple("part 2 of 6", null, Usage.of(2, 0)),
                        tuple("part 1 of 6", "cancelled", Usage.UNKNOWN),
                        tuple("part 3 of 6", "cancelled", Usage.UNKNOWN),
                        tuple("part 4 of 6", "overloaded", Usage.UNKNOWN));
        assertThat(stopped.rest().texts()).containsExactly("0", "1", "4", "5", "6", "7", "8", "9", "10", "11");
        await(over);
        assertThat(leaked).as("interruptions left to the executor").doesNotContain(true);
    }

    @Test
    void whatWasCutOffWithNothingDoneIsNotFree() {
        CountDownLatch begun = new CountDownLatch(1);
        LlmException refused = new OverloadedException(
                "server: busy", ErrorDetails.builder().httpStatus(503).build(), null);
        NumberModel model = new NumberModel(text -> {
            if (text == 0) {
                await(begun);
                throw refused;
            }
            begun.countDown();
            awaitInterruption();
        });
        LlmException stopped = catchThrowableOfType(
                LlmException.class,
                () -> EmbeddingBatches.parallel(2, EXECUTOR).around(model).embed(numbers(4)));
        assertThat(stopped).isSameAs(refused);
        assertThat(stopped.attempts())
                .extracting(Attempt::error, Attempt::usage)
                .containsExactlyInAnyOrder(tuple("overloaded", Usage.NONE), tuple("cancelled", Usage.UNKNOWN));
        assertThat(stopped.partialUsage().input()).isEmpty();
    }

    @Test
    void whatTheFailedCallsUsedCountsToo() {
        NumberModel model = new NumberModel(text -> {
            if (text == 2) {
                throw new OverloadedException("server: busy").setPartial("", Usage.of(7, 0));
            }
        });
        LlmException stopped = catchThrowableOfType(
                LlmException.class,
                () -> EmbeddingBatches.sequential().around(model).embed(numbers(4)));
        assertThat(stopped.partialUsage()).isEqualTo(Usage.of(9, 0));
        assertThat(Attempt.addUp(stopped.attempts(), stopped.partialUsage())).isTrue();
    }

    @Test
    void failureOfTheFirstCallIsJustThat() {
        EmbeddingModel model = EmbeddingBatches.sequential().around(new NumberModel(text -> {
            throw overloaded;
        }));
        assertThatExceptionOfType(OverloadedException.class)
                .isThrownBy(() -> model.embed(numbers(6)))
                .isSameAs(overloaded);
    }

    @Test
    void eachCallIsToldWithWhatOthersTriedForIt() {
        Retries retries = Retries.builder().time(TestTime.autoAdvancing()).build();
        List<Integer> failed = new ArrayList<>();
        NumberModel model = new NumberModel(text -> {
            if (text == 2 && failed.isEmpty()) {
                failed.add(text);
                throw new OverloadedException(
                        "server: overloaded",
                        ErrorDetails.builder().httpStatus(503).build(),
                        null);
            }
        });
        EmbeddingResponse whole =
                Layers.of(EmbeddingBatches.sequential(), retries).around(model).embed(numbers(6));
        assertThat(whole.attempts())
                .extracting(Attempt::error, Attempt::usage)
                .containsExactly(
                        tuple(null, Usage.of(2, 0)),
                        tuple("overloaded", Usage.NONE),
                        tuple(null, Usage.of(2, 0)),
                        tuple(null, Usage.of(2, 0)));
        assertThat(whole.attempts())
                .extracting(Attempt::why)
                .containsExactly("part 1 of 3", "part 2 of 3", "retry after overloaded", "part 3 of 3");
        assertThat(whole.usage()).isEqualTo(Usage.of(6, 0));
        assertThat(whole.cost()).isEqualTo(cents(6));
    }

    @Property(tries = 100)
    void resumingAfterRandomFailuresGivesTheVectorsOfOneCall(
            @ForAll @IntRange(min = 1, max = 40) int texts,
            @ForAll @IntRange(min = 1, max = 6) int parallel,
            @ForAll long seed) {
        Random random = new Random(seed);
        AtomicInteger served = new AtomicInteger();
        NumberModel model = new NumberModel(text -> {
            synchronized (random) {
                if (random.nextInt(3) == 0) {
                    throw new OverloadedException("server: overloaded");
                }
            }
            served.addAndGet(Math.min(2, texts - text));
        });
        EmbeddingModel batched = EmbeddingBatches.parallel(parallel, EXECUTOR).around(model);
        EmbeddingRequest request = numbers(texts);
        EmbeddingResponse whole = null;
        IncompleteEmbeddingException stopped = null;
        while (whole == null) {
            try {
                whole = stopped == null ? batched.embed(request) : stopped.resume(batched);
            } catch (IncompleteEmbeddingException again) {
                stopped = again;
            } catch (OverloadedException nothing) {
                assertThat(stopped).isNull();
            }
        }
        assertThat(numbers(whole)).isEqualTo(upTo(texts));
        assertThat(whole.usage().input().orElseThrow()).isEqualTo(texts).isLessThanOrEqualTo(served.get());
    }

    @Test
    void callsThatAreThemselvesIncompleteKeepTheirPart() {
        NumberModel model = new NumberModel(text -> {
            if (text == 6) {
                throw overloaded;
            }
        });
        EmbeddingModel inner = EmbeddingBatches.sequential().around(model);
        EmbeddingModel unlimited = new ForwardingEmbeddingModel(inner) {
            @Override
            public EmbeddingLimits limits() {
                return EmbeddingLimits.NONE;
            }
        };
        EmbeddingModel outer = EmbeddingBatches.sequential()
                .within(EmbeddingLimits.NONE.withTexts(4))
                .around(unlimited);
        IncompleteEmbeddingException stopped =
                catchThrowableOfType(IncompleteEmbeddingException.class, () -> outer.embed(numbers(9)));
        assertThat(stopped.positions()).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(stopped).hasRootCause(overloaded);
        assertThat(stopped.code()).isEqualTo("overloaded");
    }

    @Test
    void deadlineEndsTheWait() {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        NumberModel model = new NumberModel(text -> {
            begun.countDown();
            try {
                awaitInterruption();
            } finally {
                interrupted.countDown();
            }
        });
        Executor untilBegun = work -> {
            EXECUTOR.execute(work);
            await(begun);
        };
        Deadline deadline = Deadline.after(Duration.ofSeconds(5), TestTime.autoAdvancing());
        EmbeddingRequest request = numbers(4).toBuilder()
                .context(CallContext.EMPTY.until(deadline))
                .build();
        assertThatExceptionOfType(TimedOutException.class)
                .isThrownBy(() ->
                        EmbeddingBatches.parallel(1, untilBegun).around(model).embed(request))
                .withMessageContaining("deadline: passed");
        await(interrupted);
        assertThat(model.requests).hasSize(1);
    }

    @Test
    void interruptedCallerDoesNotWait() throws Exception {
        CountDownLatch runs = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        NumberModel model = new NumberModel(text -> {
            if (text == 2) {
                runs.countDown();
                try {
                    awaitInterruption();
                } finally {
                    ended.countDown();
                }
            }
        });
        AtomicReference<LlmException> thrown = new AtomicReference<>();
        AtomicBoolean flag = new AtomicBoolean();
        Thread caller = new Thread(() -> {
            thrown.set(catchThrowableOfType(
                    LlmException.class,
                    () -> EmbeddingBatches.parallel(1, EXECUTOR).around(model).embed(numbers(6))));
            flag.set(Thread.currentThread().isInterrupted());
        });
        caller.start();
        runs.await();
        caller.interrupt();
        caller.join();
        ended.await(); // interrupted, too
        assertThat(flag).isTrue();
        assertThat(thrown.get()).isInstanceOf(IncompleteEmbeddingException.class);
        assertThat(thrown.get().code()).isEqualTo("cancelled");
        assertThat(((IncompleteEmbeddingException) thrown.get()).positions()).containsExactly(0, 1);
        assertThat(thrown.get().attempts())
                .as("what was still running is given up")
                .extracting(Attempt::why, Attempt::error)
                .containsExactly(tuple("part 1 of 3", null), tuple("part 2 of 3", "cancelled"));
        assertThat(model.requests).hasSize(2);
    }

    @Test
    void whatIsNoErrorOfACallPasses() {
        for (Throwable bug : List.of(
                new IllegalStateException("bug"), new AssertionError("error"), new IOException("not declared"))) {
            EmbeddingModel broken = EmbeddingBatches.parallel(2, EXECUTOR)
                    .around(new NumberModel(text -> EmbeddingBatchesTest.<RuntimeException>sneak(bug)));
            assertThatThrownBy(() -> broken.embed(numbers(8))).isSameAs(bug);
        }
    }

    /** Kotlin knows no checked exceptions. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable failure) throws T {
        throw (T) failure;
    }

    @Test
    void executorThatIsFullDoesLessAtATime() {
        try (Pool pool = new Pool(1)) {
            NumberModel model = new NumberModel(text -> {});
            EmbeddingModel batched = EmbeddingBatches.parallel(8, pool.threads).around(model);
            assertThat(numbers(batched.embed(numbers(20)))).isEqualTo(upTo(20));
            pool.threads.shutdown();
            assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> batched.embed(numbers(20)));
        }
    }

    /** Threads without a queue. */
    private static final class Pool implements AutoCloseable {
        final ThreadPoolExecutor threads;

        Pool(int size) {
            threads = new ThreadPoolExecutor(size, size, 1, TimeUnit.SECONDS, new SynchronousQueue<>());
        }

        @Override
        public void close() {
            threads.shutdown();
        }
    }

    @Test
    void answerWithTooFewVectorsIsRefused() {
        EmbeddingModel model = new ForwardingEmbeddingModel(new NumberModel(text -> {})) {
            @Override
            public EmbeddingResponse embed(EmbeddingRequest request) {
                EmbeddingResponse response = next().embed(request);
                return new EmbeddingResponse(response.vectors().subList(0, 1), response.model(), response.usage());
            }
        };
        assertThatExceptionOfType(MalformedResponseException.class)
                .isThrownBy(() -> EmbeddingBatches.sequential().around(model).embed(numbers(4)))
                .withMessage("vectors: 1 (expected: 2, one for each text)");
    }

    @Test
    void laterStagesStandAroundEachCallAndTheContextGoesWithIt() {
        List<CallContext> seen = Collections.synchronizedList(new ArrayList<>());
        Layer retries = new Layer() {
            @Override
            public Stage stage() {
                return Stage.RETRY;
            }

            @Override
            public EmbeddingModel around(EmbeddingModel next) {
                return new ForwardingEmbeddingModel(next) {
                    @Override
                    public EmbeddingResponse embed(EmbeddingRequest request) {
                        assertThat(CallContext.current()).isSameAs(request.context());
                        seen.add(request.context());
                        return next.embed(request);
                    }
                };
            }
        };
        EmbeddingModel model =
                Layers.of(retries, EmbeddingBatches.parallel(2, EXECUTOR)).around(new NumberModel(text -> {}));
        CallContext context = CallContext.builder().useCase("u").build();
        context.run(() -> model.embed(numbers(6)));
        assertThat(seen).containsExactly(context, context, context);
    }

    @Test
    void tighterLimitsHold() {
        NumberModel model = new NumberModel(text -> {});
        EmbeddingModel batched = EmbeddingBatches.sequential()
                .within(EmbeddingLimits.NONE.withTexts(3).withBytes(1))
                .around(model);
        assertThat(batched.limits()).isEqualTo(EmbeddingLimits.NONE.withTexts(2).withBytes(1));
        assertThat(numbers(batched.embed(numbers(3)))).isEqualTo(upTo(3));
        assertThat(model.requests).hasSize(3);
        assertThatIllegalArgumentException().isThrownBy(() -> EmbeddingBatches.parallel(0, EXECUTOR));
    }
}
