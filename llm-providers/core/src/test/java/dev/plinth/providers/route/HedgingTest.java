package dev.plinth.providers.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.testkit.Reply;
import dev.plinth.api.testkit.ScriptedChatModel;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Usage;
import dev.plinth.providers.attempt.AttemptLog;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HedgingTest {

    private final TestTime time = TestTime.manual();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void close() throws Exception {
        threads.shutdown();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS))
                .as("attempts that run on")
                .isTrue();
    }

    private ScriptedChatModel model(String name, Reply... replies) {
        return ScriptedChatModel.builder()
                .info(ModelInfo.local("vendor", name))
                .reply(replies)
                .time(time)
                .build();
    }

    private static Reply says(String text) {
        return Reply.text(text).usage(Usage.of(10, 4));
    }

    private Hedging hedging() {
        return Hedging.on(threads).after(Duration.ofSeconds(1)).budget(1, 100);
    }

    private Router router(Hedging hedging, ChatModel... models) {
        Router.Builder router = Router.builder().time(time).hedging(hedging);
        for (ChatModel model : models) {
            router.deployment(Deployment.of(model.info().model(), model));
        }
        return router.build();
    }

    private static <T> T within(Future<T> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }

    static Stream<Function<ChatModel, ChatResponse>> bothWays() {
        ChatRequest request = ChatRequest.of("Why?");
        return Stream.of(
                model -> model.chat(request), model -> model.stream(request).response());
    }

    @ParameterizedTest
    @MethodSource("bothWays")
    void theSecondAnswersForAFirstThatIsSlow(Function<ChatModel, ChatResponse> ask) throws Exception {
        ScriptedChatModel slow = model("slow", Reply.stall());
        Router router = router(hedging(), slow, model("quick", says("from quick")));
        Future<ChatResponse> call = threads.submit(() -> ask.apply(router));
        time.awaitSleepers(2); // the caller and the first
        time.advance(Duration.ofSeconds(1));
        ChatResponse response = within(call);
        assertThat(response.text()).isEqualTo("from quick");
        assertThat(response.attempts())
                .extracting(Attempt::deployment, Attempt::why, Attempt::error)
                .containsExactlyInAnyOrder(
                        tuple("slow", "first choice", "cancelled"), tuple("quick", "hedge of slow", null));
        assertThat(response.usage().input()).as("the loser was asked the same").hasValue(20);
        assertThat(response.usage().output()).hasValue(4);
        assertThat(response.usage().source()).isEqualTo(Usage.Source.ESTIMATED);
        assertThat(router.health()).allMatch(health -> health.running() == 0);
    }

    @Test
    void aFirstThatIsQuickIsNotHedged() throws Exception {
        ScriptedChatModel other = model("other");
        Router router = router(hedging(), model("quick", says("from quick")), other);
        ChatResponse response = within(threads.submit(() -> router.chat(ChatRequest.of("Why?"))));
        assertThat(response.attempts()).hasSize(1);
        assertThat(response.usage()).isEqualTo(Usage.of(10, 4));
        assertThat(other.requests()).isEmpty();
    }

    @Test
    void theFirstMayStillWin() throws Exception {
        ScriptedChatModel first = model("first", says("from first").after(Duration.ofSeconds(3)));
        ScriptedChatModel second = model("second", Reply.stall());
        Router router = router(hedging(), first, second);
        Future<ChatResponse> call = threads.submit(() -> router.chat(ChatRequest.of("Why?")));
        time.awaitSleepers(2); // the caller and the first
        time.advance(Duration.ofSeconds(1));
        time.awaitSleepers(2);
        while (second.requests().isEmpty()) {
            Thread.onSpinWait();
        }
        time.advance(Duration.ofSeconds(2));
        ChatResponse response = within(call);
        assertThat(response.text()).isEqualTo("from first");
        assertThat(response.attempts())
                .extracting(Attempt::deployment, Attempt::error)
                .containsExactlyInAnyOrder(tuple("second", "cancelled"), tuple("first", null));
    }

    @Test
    void aSingleDeploymentIsAskedTwice() throws Exception {
        ScriptedChatModel only = model("only", Reply.stall(), says("the second time"));
        Router router = router(hedging(), only);
        Future<ChatResponse> call = threads.submit(() -> router.chat(ChatRequest.of("Why?")));
        time.awaitSleepers(2); // the caller and the first
        while (only.requests().isEmpty()) {
            Thread.onSpinWait();
        }
        time.advance(Duration.ofSeconds(1));
        assertThat(within(call).text()).isEqualTo("the second time");
    }

    @Test
    void whenBothFailTheOthersAreAsked() throws Exception {
        Reply busyLater =
                Reply.error(() -> new OverloadedException("server: busy")).after(Duration.ofSeconds(2));
        Router router = router(
                hedging(),
                model("a", busyLater),
                model("b", Reply.error(() -> new OverloadedException("server: busy"))),
                model("c", says("from c")));
        Future<ChatResponse> call = threads.submit(() -> router.chat(ChatRequest.of("Why?")));
        time.awaitSleepers(2);
        time.advance(Duration.ofSeconds(1));
        time.awaitSleepers(2);
        while (router.health().get(1).running() > 0 || router.health().get(0).running() == 0) {
            Thread.onSpinWait();
        }
        time.advance(Duration.ofSeconds(1));
        ChatResponse response = within(call);
        assertThat(response.text()).isEqualTo("from c");
        assertThat(response.attempts())
                .extracting(Attempt::deployment, Attempt::error)
                .contains(tuple("a", "overloaded"), tuple("c", null));
    }

    @Test
    void theBudgetLimitsHedges() throws Exception {
        ScriptedChatModel slow = model(
                "slow",
                says("1").after(Duration.ofSeconds(2)),
                says("2").after(Duration.ofSeconds(2)),
                says("3").after(Duration.ofSeconds(2)));
        ScriptedChatModel other = model("other", Reply.stall(), Reply.stall(), Reply.stall());
        Router router = router(hedging().budget(0, 1), slow, other);
        List<String> asked = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Future<ChatResponse> call = threads.submit(() -> router.chat(ChatRequest.of("Why?")));
            time.awaitSleepers(2);
            time.advance(Duration.ofSeconds(1));
            time.awaitSleepers(2);
            time.advance(Duration.ofSeconds(1));
            within(call).attempts().forEach(attempt -> asked.add(attempt.deployment()));
            while (time.sleepers() > 0) { // who lost is interrupted, and gone a little later
                Thread.onSpinWait();
            }
        }
        assertThat(asked).containsExactlyInAnyOrder("slow", "other", "slow", "slow");
    }

    @Test
    void anExecutorThatTakesNoMoreLeavesTheCallOnItsOwnThread() {
        Hedging full = Hedging.on(task -> {
                    throw new RejectedExecutionException("full");
                })
                .after(Duration.ofSeconds(1));
        Router router = router(full, model("a", says("from a")));
        assertThat(router.chat(ChatRequest.of("Why?")).text()).isEqualTo("from a");
        assertThat(router.health()).allMatch(health -> health.running() == 0);
    }

    @ParameterizedTest
    @MethodSource("bothWays")
    void whatAnExecutorDoesNotBeginIsDoneWithoutIt(Function<ChatModel, ChatResponse> ask) {
        TestTime passing = TestTime.autoAdvancing();
        Router router = Router.builder()
                .time(passing)
                .hedging(Hedging.on(dropped -> {}).after(Duration.ofSeconds(1)))
                .deployment(Deployment.of("a", model("a", says("from a"))))
                .build();
        assertThat(ask.apply(router).text()).isEqualTo("from a");
        assertThat(passing.now()).isEqualTo(TestTime.START.plusSeconds(1));
        assertThat(router.health()).allMatch(health -> health.running() == 0);
    }

    /** Both answer in the same moment: whoever loses is counted with what it said, as far as it is known in time. */
    @Test
    void aLoserThatAnsweredIsCountedWithWhatItSaid() {
        Target target = new Target(Deployment.of("a", model("a")), CircuitBreaker.DEFAULT, time);
        AttemptLog log = new AttemptLog(time);
        TargetAttempt lost = new TargetAttempt(
                target, ChatRequest.of("Why?"), target.circuit.enter(), log.begin("a", "vendor", "a", "hedge"), false);
        lost.lost(ChatResponse.of("late").toBuilder().usage(Usage.of(1000, 500)).build());
        assertThat(log.attempts()).singleElement().satisfies(attempt -> {
            assertThat(attempt.error()).isEqualTo("cancelled");
            assertThat(attempt.usage()).isEqualTo(Usage.of(1000, 500));
        });
    }

    @Test
    void interruptingTheCallerCancelsBoth() throws Exception {
        ScriptedChatModel a = model("a", Reply.stall());
        ScriptedChatModel b = model("b", Reply.stall());
        Router router = router(hedging(), a, b);
        Thread[] caller = new Thread[1];
        Callable<ChatResponse> call = () -> {
            caller[0] = Thread.currentThread();
            return router.chat(ChatRequest.of("Why?"));
        };
        Future<ChatResponse> running = threads.submit(call);
        time.awaitSleepers(2); // the caller and the first
        time.advance(Duration.ofSeconds(1));
        while (b.requests().isEmpty()) {
            Thread.onSpinWait();
        }
        caller[0].interrupt();
        assertThatThrownBy(() -> within(running)).hasCauseInstanceOf(CancelledException.class);
        assertThat(router.health()).allMatch(health -> health.running() == 0);
    }

    @Test
    void anErrorOfTheProgramIsThrown() {
        ScriptedChatModel broken = ScriptedChatModel.builder()
                .otherwise(request -> {
                    throw new IllegalStateException("bug");
                })
                .build();
        Router router = router(hedging(), broken);
        assertThatThrownBy(() -> router.chat(ChatRequest.of("Why?"))).isInstanceOf(IllegalStateException.class);
    }

    /** Kotlin knows no checked exceptions. */
    @Test
    void anExceptionThatNobodyDeclaredIsThrown() {
        for (boolean twice : new boolean[] {false, true}) {
            ScriptedChatModel broken = ScriptedChatModel.builder()
                    .otherwise(request -> {
                        HedgingTest.<RuntimeException>sneak(new IOException("bug"));
                        return says("nothing");
                    })
                    .build();
            Router.Builder builder = Router.builder().time(time).deployment(Deployment.of("a", broken));
            Router router = (twice ? builder.hedging(hedging()) : builder).build();
            assertThatThrownBy(() -> within(threads.submit(() -> router.chat(ChatRequest.of("Why?")))))
                    .rootCause()
                    .isInstanceOf(IOException.class);
            assertThat(router.health()).allMatch(health -> health.running() == 0);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable failure) throws T {
        throw (T) failure;
    }

    @Test
    void waitsAsLongAsTheSlowestOfTheLastCalls() {
        LatencyWindow latencies = new LatencyWindow();
        Hedging usual = Hedging.on(threads).atLeast(Duration.ofMillis(1));
        for (int i = 1; i <= 19; i++) {
            latencies.add(Duration.ofMillis(i));
        }
        assertThat(usual.wait(latencies)).as("too few").isEmpty();
        latencies.add(Duration.ofMillis(20));
        assertThat(usual.wait(latencies)).hasValue(Duration.ofMillis(19));
        assertThat(usual.after(0.5).wait(latencies)).hasValue(Duration.ofMillis(10));
        assertThat(Hedging.on(threads).wait(latencies)).hasValue(Duration.ofMillis(50));
        for (int i = 0; i < 1000; i++) {
            latencies.add(Duration.ofSeconds(1));
        }
        assertThat(usual.wait(latencies)).as("old ones are forgotten").hasValue(Duration.ofSeconds(1));
    }

    @Test
    void refusesWhatMakesNoSense() {
        Hedging hedging = Hedging.on(threads);
        List.<Runnable>of(
                        () -> hedging.after(1.0),
                        () -> hedging.after(Duration.ZERO),
                        () -> hedging.atLeast(Duration.ZERO),
                        () -> hedging.budget(2, 0),
                        () -> hedging.budget(0, -1))
                .forEach(bad -> assertThatIllegalArgumentException().isThrownBy(bad::run));
    }
}
