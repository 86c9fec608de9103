package dev.plinth.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.time.Timeouts;
import dev.plinth.api.usage.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many callers ask the same at the same time. */
@Timeout(60)
class SingleFlightTest {

    private static final int FOLLOWERS = 30;
    private static final ChatRequest REQUEST = ChatRequest.of("hi");

    private final ResponseCaching caching =
            ResponseCaching.builder(CaffeineResponseCache.ofEntries(100)).build();
    private final AtomicInteger asked = new AtomicInteger();
    private final CountDownLatch leading = new CountDownLatch(1);
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();

    @Test
    void oneAsksAndAllGetTheAnswer() throws Exception {
        ChatModel cached = caching.around(model(() -> ChatResponse.of("first")));
        FutureTask<ChatResponse> leader = start(() -> cached.chat(REQUEST));
        leading.await();
        List<FutureTask<ChatResponse>> followers = new ArrayList<>();
        for (int i = 0; i < FOLLOWERS; i++) {
            boolean streamed = i % 2 == 0;
            followers.add(start(() -> streamed ? cached.stream(REQUEST).response() : cached.chat(REQUEST)));
        }
        awaitWaiting();
        mayEnd.countDown();
        assertThat(leader.get().cached()).isFalse();
        for (FutureTask<ChatResponse> follower : followers) {
            assertThat(follower.get().text()).isEqualTo("first");
            assertThat(follower.get().cached()).isTrue();
        }
        assertThat(asked).hasValue(1);
        assertThat(caching.statistics().shared()).isEqualTo(FOLLOWERS);
    }

    @Test
    void theLeadersFailureIsItsOwn() throws Exception {
        followersAnswerThemselves(() -> {
            throw new OverloadedException("busy");
        });
    }

    @Test
    void theLeadersCancellationIsItsOwn() throws Exception {
        followersAnswerThemselves(() -> {
            throw new CancelledException("interrupted");
        });
    }

    @Test
    void theLeadersErrorIsItsOwn() throws Exception {
        followersAnswerThemselves(() -> {
            throw new StackOverflowError();
        });
    }

    @Test
    void anAnswerThatCannotBeKeptIsNotShared() throws Exception {
        followersAnswerThemselves(() -> ChatResponse.of("cut").toBuilder()
                .finishReason(FinishReason.LENGTH)
                .build());
    }

    private void followersAnswerThemselves(Supplier<ChatResponse> first) throws Exception {
        ChatModel cached = caching.around(model(first));
        FutureTask<ChatResponse> leader = start(() -> cached.chat(REQUEST));
        leading.await();
        List<FutureTask<ChatResponse>> followers = new ArrayList<>();
        for (int i = 0; i < FOLLOWERS; i++) {
            followers.add(start(() -> cached.chat(REQUEST)));
        }
        awaitWaiting();
        mayEnd.countDown();
        for (FutureTask<ChatResponse> follower : followers) {
            assertThat(follower.get().text()).isEqualTo("later");
        }
        threads.get(0).join();
        assertThat(leader).isDone();
        assertThat(asked).hasValue(1 + FOLLOWERS);
        assertThat(cached.chat(REQUEST).cached()).isTrue();
    }

    @Test
    void aFollowerCanBeInterrupted() throws Exception {
        ChatModel cached = caching.around(model(() -> ChatResponse.of("first")));
        FutureTask<ChatResponse> leader = start(() -> cached.chat(REQUEST));
        leading.await();
        AtomicReference<Boolean> flag = new AtomicReference<>();
        FutureTask<ChatResponse> follower = start(() -> {
            try {
                return cached.chat(REQUEST);
            } finally {
                flag.set(Thread.currentThread().isInterrupted());
            }
        });
        awaitWaiting();
        threads.get(1).interrupt();
        assertThatThrownBy(follower::get)
                .cause()
                .isInstanceOfSatisfying(
                        CancelledException.class,
                        failure -> assertThat(failure.partialUsage()).isEqualTo(Usage.NONE));
        assertThat(flag).hasValue(true);
        mayEnd.countDown();
        assertThat(leader.get().text()).isEqualTo("first");
    }

    @Test
    void aFollowerWaitsNoLongerThanItMay() throws Exception {
        ChatModel cached = caching.around(model(() -> ChatResponse.of("first")));
        FutureTask<ChatResponse> leader = start(() -> cached.chat(REQUEST));
        leading.await();
        ChatRequest impatient = REQUEST.toBuilder()
                .timeouts(Timeouts.DEFAULT.withTotal(Duration.ofMillis(1)))
                .build();
        assertThatThrownBy(() -> cached.chat(impatient))
                .isInstanceOfSatisfying(
                        TimedOutException.class,
                        failure -> assertThat(failure.partialUsage()).isEqualTo(Usage.NONE));
        TestTime time = TestTime.manual();
        Deadline deadline = Deadline.after(Duration.ofSeconds(1), time);
        time.advance(Duration.ofSeconds(1));
        ChatRequest late = REQUEST.toBuilder()
                .context(CallContext.builder().deadline(deadline).build())
                .build();
        assertThatThrownBy(() -> cached.chat(late)).isInstanceOf(TimedOutException.class);
        mayEnd.countDown();
        leader.get();
    }

    @Test
    void aCallWithinTheCallDoesNotWaitForItself() {
        AtomicReference<ChatModel> self = new AtomicReference<>();
        ChatModel cached = caching.around(new Answering(
                request -> asked.getAndIncrement() == 0 ? self.get().chat(request) : ChatResponse.of("inner")));
        self.set(cached);
        assertThat(cached.chat(REQUEST).text()).isEqualTo("inner");
    }

    @Test
    void differentQuestionsDoNotWaitForEachOther() throws Exception {
        ChatModel cached = caching.around(model(() -> ChatResponse.of("first")));
        FutureTask<ChatResponse> leader = start(() -> cached.chat(REQUEST));
        leading.await();
        assertThat(cached.chat(ChatRequest.of("something else")).text()).isEqualTo("later");
        mayEnd.countDown();
        leader.get();
    }

    /** The first call waits and then answers so; later ones answer at once. */
    private ChatModel model(Supplier<ChatResponse> first) {
        return new Answering(request -> {
            if (asked.getAndIncrement() > 0) {
                return ChatResponse.of("later");
            }
            leading.countDown();
            try {
                mayEnd.await();
            } catch (InterruptedException interruption) {
                throw new IllegalStateException(interruption);
            }
            return first.get();
        });
    }

    private FutureTask<ChatResponse> start(Supplier<ChatResponse> call) {
        FutureTask<ChatResponse> task = new FutureTask<>(call::get);
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
        return task;
    }

    private void awaitWaiting() {
        for (Thread thread : threads) {
            while (thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
        }
    }

    private record Answering(Function<ChatRequest, ChatResponse> answer) implements ChatModel {
        @Override
        public ChatResponse chat(ChatRequest request) {
            return answer.apply(request);
        }

        @Override
        public ChatStream stream(ChatRequest request) {
            return ChatStream.replay(chat(request));
        }

        @Override
        public ModelInfo info() {
            return ModelInfo.local("fake", "m");
        }
    }
}
