package dev.plinth.providers.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.ContextTooLongException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LocalEngineTest {

    private final FakeNative model = new FakeNative();
    private final LocalEngine engine = new LocalEngine(model);

    private static Limits patient() {
        return Limits.within("test", Duration.ofMinutes(5), TimeSource.system(), ErrorDetails.NONE);
    }

    private static Job job(Integer maxTokens) {
        return new Job("prompt", null, maxTokens, null, null, null, null, null, null);
    }

    @Test
    void aPromptThatFillsTheContextIsRefused() {
        model.promptTokens = 10;
        assertThatThrownBy(() -> engine.start(job(null), patient()))
                .isInstanceOf(ContextTooLongException.class)
                .hasMessage("prompt: 10 tokens (expected: less than 10)");
    }

    @Test
    void asksForAsManyTokensAsThereIsRoom() {
        model.promptTokens = 4;
        for (Integer asked : new Integer[] {null, 100, 6, 2}) {
            Engine.Answer answer = engine.start(job(asked), patient());
            answer.next(patient());
            answer.next(patient());
            answer.cancel();
        }
        assertThat(model.calls)
                .containsExactly(
                        "begin 6", "next", "cancel", "begin 6", "next", "cancel", "begin 6", "next", "cancel",
                        "begin 2", "next", "cancel");
    }

    @Test
    void whatIsCancelledUnreadNeverBegins() {
        Engine.Answer answer = engine.start(job(null), patient());
        answer.next(patient());
        answer.cancel();
        assertThatThrownBy(() -> answer.next(patient())).isInstanceOf(CancelledException.class);
        assertThat(model.calls).isEmpty();
    }

    @Test
    void cancellingDoesNotWaitForNativeCodeAndStopsAfterItsToken() throws Exception {
        Engine.Answer answer = engine.start(job(null), patient());
        answer.next(patient());
        model.hold();
        FutureTask<Output> reader = started(() -> answer.next(patient()));
        model.entered.acquire();
        answer.cancel();
        answer.cancel();
        assertThat(model.calls).containsExactly("begin 9");
        model.letGo();
        reader.get();
        assertThat(model.calls).containsExactly("begin 9", "next", "cancel");
    }

    @Test
    void theNextJobWaitsForNativeCodeButNotForEver() throws Exception {
        Engine.Answer answer = engine.start(job(null), patient());
        answer.next(patient());
        model.hold();
        FutureTask<Output> reader = started(() -> answer.next(patient()));
        model.entered.acquire();
        answer.cancel();
        Limits short_ = Limits.within("test", Duration.ofMillis(20), TimeSource.system(), ErrorDetails.NONE);
        assertThatThrownBy(() -> engine.start(job(null), short_)).isInstanceOf(TimedOutException.class);
        model.letGo();
        reader.get();
        assertThat(engine.start(job(null), patient())).isNotNull();
    }

    @Test
    void whatEndedIsNotCancelled() {
        model.outputs = List.of(new Output.Ended(true));
        Engine.Answer answer = engine.start(job(null), patient());
        assertThat(answer.next(patient())).isInstanceOf(Output.Begun.class);
        assertThat(answer.next(patient())).isEqualTo(new Output.Ended(true));
        answer.cancel();
        assertThat(model.calls).containsExactly("begin 9", "next");
    }

    @Test
    void closingFreesOnceAndRefuses() {
        engine.close();
        engine.close();
        assertThat(model.calls).containsExactly("close");
        assertThatThrownBy(() -> engine.start(job(null), patient()))
                .isInstanceOf(CancelledException.class)
                .hasMessageStartingWith("model: closed");
    }

    @Test
    void anInterruptIsSeenBetweenTokens() {
        Engine.Answer answer = engine.start(job(null), patient());
        answer.next(patient());
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> answer.next(patient())).isInstanceOf(CancelledException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    private static <T> FutureTask<T> started(java.util.concurrent.Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "reader");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    /** Native code that a test can hold. */
    private static final class FakeNative implements NativeModel {
        private final List<String> calls = new CopyOnWriteArrayList<>();
        private final Semaphore entered = new Semaphore(0);
        private volatile CountDownLatch held = new CountDownLatch(0);
        private int promptTokens = 1;
        private List<Output> outputs = List.of(new Output.Piece("x", 1, true));

        void hold() {
            held = new CountDownLatch(1);
        }

        void letGo() {
            held.countDown();
        }

        @Override
        public int contextTokens() {
            return 10;
        }

        @Override
        public Output.Begun count(String prompt) {
            return new Output.Begun(promptTokens, true);
        }

        @Override
        public Run begin(Job job, int maxTokens) {
            calls.add("begin " + maxTokens);
            return new Run() {
                @Override
                public Output next() {
                    entered.release();
                    try {
                        held.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    calls.add("next");
                    return outputs.get(0);
                }

                @Override
                public void cancel() {
                    calls.add("cancel");
                }
            };
        }

        @Override
        public void close() {
            calls.add("close");
        }
    }
}
