package dev.plinth.providers.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.layer.Admission;
import dev.plinth.api.layer.Layers;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.testkit.ScriptedChatModel;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Usage;
import dev.plinth.providers.limit.Limit;
import dev.plinth.providers.limit.RateLimits;
import dev.plinth.providers.route.DeploymentHealth.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who is left alone, for how long, and what is waited for. */
class RouterHealthTest extends RouterFixture {

    @Test
    void aDeploymentThatKeepsFailingIsLeftAloneAndTriedAgain() {
        ScriptedChatModel a = model("a", busy(), busy(), says("well again"));
        Router router = router().breaker(new CircuitBreaker(2, 1, Duration.ofSeconds(5), Duration.ofSeconds(5)))
                .deployment(Deployment.of("a", a))
                .deployment(Deployment.of("b", model("b", says("from b"))))
                .build();
        for (int i = 0; i < 5; i++) {
            assertThat(router.chat(ChatRequest.of("Why?")).text()).isEqualTo("from b");
        }
        assertThat(a.requests()).hasSize(2);
        assertThat(router.health()).extracting(DeploymentHealth::state).containsExactly(State.OPEN, State.CLOSED);
        assertThat(router.health().get(0).availableIn()).isEqualTo(Duration.ofSeconds(5));
        time.advance(Duration.ofSeconds(5));
        assertThat(router.chat(ChatRequest.of("Why?")).text()).isEqualTo("well again");
        assertThat(router.health().get(0).state()).isEqualTo(State.CLOSED);
    }

    @Test
    void whenAllAreOutOfOrderNobodyIsAsked() {
        ScriptedChatModel a = model("a", busy());
        Router router = router().breaker(new CircuitBreaker(1, 1, Duration.ofSeconds(5), Duration.ofSeconds(5)))
                .deployment(Deployment.of("a", a))
                .build();
        assertThatThrownBy(() -> router.chat(ChatRequest.of("Why?"))).hasMessageStartingWith("server: busy");
        OverloadedException failure =
                catchThrowableOfType(OverloadedException.class, () -> router.chat(ChatRequest.of("Why?")));
        assertThat(failure).hasMessageStartingWith("deployments: a out of order (expected: one that may be asked)");
        assertThat(failure.details().retryAfter()).hasValue(Duration.ofSeconds(5));
        assertThat(a.requests()).hasSize(1);
        assertThat(time.sleeps()).isEmpty();
    }

    @Test
    void aPauseThatTheProviderAskedForIsWaitedForWhenThereIsNobodyElse() {
        ScriptedChatModel a = model("a", limited(Duration.ofSeconds(3)), says("from a"));
        Router router = router().deployment(Deployment.of("a", a)).build();
        assertThatThrownBy(() -> router.chat(ChatRequest.of("Why?"))).isInstanceOf(RateLimitedException.class);
        assertThat(router.chat(ChatRequest.of("Why?")).text()).isEqualTo("from a");
        assertThat(time.sleeps()).containsExactly(Duration.ofSeconds(3));
    }

    @Test
    void limitsOfOnesOwnSayNothingAboutADeployment() {
        ScriptedChatModel a = model("a", says("from a"));
        ChatModel model = Layers.of(RateLimits.builder()
                        .time(time)
                        .of("a", Limit.builder().requestsPerMinute(1).build())
                        .build())
                .around(router().deployment(Deployment.of("a", a))
                        .deployment(Deployment.of("b", model("b", says("from b"))))
                        .build());
        assertThat(model.chat(ChatRequest.of("Why?")).text()).isEqualTo("from a");
        ChatResponse second = model.chat(ChatRequest.of("Why?"));
        assertThat(second.text()).as("without a wait").isEqualTo("from b");
        assertThat(second.attempts()).extracting(Attempt::error).containsExactly("rate_limited", null);
        assertThat(second.usage()).as("what was not sent used nothing").isEqualTo(Usage.of(10, 2));
        assertThat(time.sleeps()).isEmpty();
        time.advance(Duration.ofMinutes(1));
        assertThat(model.chat(ChatRequest.of("Why?")).text()).isEqualTo("from a");
        assertThat(a.requests()).hasSize(2);
    }

    @Test
    void whereThereIsRoomNobodyGoesElsewhere() throws Exception {
        ScriptedChatModel b = model("b", says("from b"));
        ChatModel model = Layers.of(RateLimits.builder()
                        .each(Limit.builder()
                                .requestsPerMinute(1_000_000)
                                .concurrent(64)
                                .build())
                        .build())
                .around(Router.builder()
                        .deployment(Deployment.of("a", model("a", says("from a"))))
                        .deployment(Deployment.of("b", b))
                        .build());
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 2000; i++) {
                answers.add(
                        threads.submit(() -> model.chat(ChatRequest.of("Why?")).text()));
            }
            for (Future<String> answer : answers) {
                assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo("from a");
            }
        } finally {
            threads.shutdown();
        }
        assertThat(b.requests()).isEmpty();
    }

    @Test
    void whereThereIsNobodyElseAFullLimitIsWaitedFor() {
        ChatModel model = Layers.of(RateLimits.builder()
                        .time(time)
                        .each(Limit.builder().requestsPerMinute(1).build())
                        .build())
                .around(router().deployment(Deployment.of("a", model("a", says("from a"))))
                        .deployment(Deployment.of("b", model("b", says("from b"))))
                        .build());
        for (String expected : List.of("from a", "from b", "from b")) {
            assertThat(model.chat(ChatRequest.of("Why?")).text()).isEqualTo(expected);
        }
        assertThat(time.sleeps()).containsExactly(Duration.ofMinutes(1));
    }

    @Test
    void callersInAHurryDoNotBringADeploymentIntoDisrepute() {
        ScriptedChatModel a = model("a", says("from a").after(Duration.ofMillis(500)));
        Router router = router().breaker(new CircuitBreaker(2, 0.5, Duration.ofSeconds(5), Duration.ofSeconds(5)))
                .deployment(Deployment.of("a", a))
                .build();
        assertThat(router.chat(ChatRequest.of("Why?")).text()).isEqualTo("from a");
        for (int i = 0; i < 5; i++) {
            Deadline soon = Deadline.after(Duration.ofMillis(100), time);
            assertThatThrownBy(() -> router.chat(asking(CallContext.builder().deadline(soon))))
                    .isInstanceOf(TimedOutException.class);
        }
        Deadline passed = Deadline.after(Duration.ofMillis(1), time);
        time.advance(Duration.ofMillis(1));
        TimedOutException late = catchThrowableOfType(
                TimedOutException.class,
                () -> router.chat(asking(CallContext.builder().deadline(passed))));
        assertThat(late.attempts()).isEmpty();
        assertThat(late.partialUsage()).isEqualTo(Usage.NONE);
        assertThat(router.health().get(0).state()).isEqualTo(State.CLOSED);
    }

    @Test
    void aRuleThatBreaksGivesItsProbeBack() {
        ScriptedChatModel a = model("a", busy(), says("from a"));
        Router router = router().breaker(new CircuitBreaker(1, 1, Duration.ofSeconds(5), Duration.ofSeconds(5)))
                .deployment(Deployment.of("a", a))
                .build();
        assertThatThrownBy(() -> router.chat(ChatRequest.of("Why?"))).isInstanceOf(OverloadedException.class);
        time.advance(Duration.ofSeconds(5));
        Admission broken = new Admission() {
            @Override
            public void check(ModelInfo target, CallContext asked) {}

            @Override
            public void enter(ModelInfo target, CallContext asked) {
                throw new StoreException("rules: gone");
            }
        };
        CallContext context = Admission.add(broken, CallContext.EMPTY);
        assertThatThrownBy(() -> router.chat(asking(context.toBuilder()))).isInstanceOf(StoreException.class);
        assertThat(router.chat(ChatRequest.of("Why?")).text()).isEqualTo("from a");
    }

    @Test
    void whileAProbeRunsADeploymentIsNoPlaceToGo() throws Exception {
        TestTime manual = TestTime.manual();
        ScriptedChatModel b = ScriptedChatModel.builder()
                .info(ModelInfo.local("vendor", "b"))
                .time(manual)
                .reply(busy(), says("from b").after(Duration.ofSeconds(9)))
                .build();
        Router router = Router.builder()
                .time(manual)
                .breaker(new CircuitBreaker(1, 1, Duration.ofSeconds(5), Duration.ofSeconds(60)))
                .deployment(Deployment.of("b", b))
                .build();
        assertThatThrownBy(() -> router.chat(ChatRequest.of("Why?"))).isInstanceOf(OverloadedException.class);
        manual.advance(Duration.ofSeconds(5));
        Thread probe = new Thread(() -> router.chat(ChatRequest.of("Why?")));
        probe.start();
        manual.awaitSleepers(1);
        assertThat(router.health().get(0).availableIn()).isEqualTo(Duration.ofSeconds(5));
        OverloadedException refused =
                catchThrowableOfType(OverloadedException.class, () -> router.chat(ChatRequest.of("Why?")));
        assertThat(refused.details().retryAfter()).hasValue(Duration.ofSeconds(5));
        manual.advance(Duration.ofSeconds(9));
        probe.join(30_000);
        assertThat(router.health().get(0).state()).isEqualTo(State.CLOSED);
    }

    @Test
    void aBugOfAnAdapterIsNotTheQuickestDeployment() {
        ScriptedChatModel broken = ScriptedChatModel.builder()
                .info(ModelInfo.local("vendor", "broken"))
                .otherwise(request -> {
                    throw new IllegalStateException("bug");
                })
                .build();
        Router router = router().order(RouteOrder.leastLatency())
                .breaker(new CircuitBreaker(3, 1, Duration.ofMinutes(5), Duration.ofMinutes(5)))
                .deployment(Deployment.of("broken", broken))
                .deployment(Deployment.of("a", model("a", says("from a"))))
                .build();
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> router.chat(ChatRequest.of("Why?"))).isInstanceOf(IllegalStateException.class);
        }
        assertThat(router.chat(ChatRequest.of("Why?")).text()).isEqualTo("from a");
        assertThat(router.health().get(0).state()).isEqualTo(State.OPEN);
        assertThat(router.health().get(0).usualLatency()).isEmpty();
    }

    @Test
    void aPauseBeyondTheDeadlineIsNotWaitedFor() {
        ScriptedChatModel a = model("a", limited(Duration.ofSeconds(3)), says("from a"));
        Router router = router().deployment(Deployment.of("a", a)).build();
        assertThatThrownBy(() -> router.chat(ChatRequest.of("Why?"))).isInstanceOf(RateLimitedException.class);
        ChatRequest request = asking(CallContext.builder().deadline(Deadline.after(Duration.ofSeconds(2), time)));
        OverloadedException failure = catchThrowableOfType(OverloadedException.class, () -> router.chat(request));
        assertThat(failure.details().retryAfter()).hasValue(Duration.ofSeconds(3));
        assertThat(time.sleeps()).isEmpty();
    }

    @Test
    void healthIsSharedWithWrappedCopies() {
        Router router = router().breaker(new CircuitBreaker(1, 1, Duration.ofSeconds(5), Duration.ofSeconds(5)))
                .deployment(Deployment.of("a", model("a", busy())))
                .build();
        ChatModel wrapped = router.around(target -> target);
        assertThatThrownBy(() -> wrapped.chat(ChatRequest.of("Why?"))).isInstanceOf(OverloadedException.class);
        assertThat(router.health().get(0).state()).isEqualTo(State.OPEN);
        assertThat(router.targets()
                        .get(0)
                        .unwrap(Deployment.class)
                        .orElseThrow()
                        .name())
                .isEqualTo("a");
    }
}
