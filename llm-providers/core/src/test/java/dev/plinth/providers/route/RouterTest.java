package dev.plinth.providers.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.Media;
import dev.plinth.api.chat.Message;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.ContentFilteredException;
import dev.plinth.api.error.ContextTooLongException;
import dev.plinth.api.error.DeniedException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.InvalidRequestException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.ModelNotFoundException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.error.TransportException;
import dev.plinth.api.error.UnsupportedCapabilityException;
import dev.plinth.api.layer.Admission;
import dev.plinth.api.layer.Layers;
import dev.plinth.api.model.Capability;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.testkit.Reply;
import dev.plinth.api.testkit.ScriptedChatModel;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Usage;
import dev.plinth.providers.limit.Limit;
import dev.plinth.providers.limit.RateLimits;
import dev.plinth.providers.retry.Retries;
import dev.plinth.providers.route.DeploymentHealth.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RouterTest {

    private final TestTime time = TestTime.autoAdvancing();

    private Router.Builder router() {
        return Router.builder().time(time);
    }

    /** A model that gives these replies in order, and the last one for ever. */
    private ScriptedChatModel model(String name, Reply... replies) {
        List<Reply> first = new ArrayList<>(List.of(replies));
        Reply last = first.remove(first.size() - 1);
        return ScriptedChatModel.builder()
                .info(new ModelInfo("vendor-" + name, "model-" + name, Requests.ALL, null))
                .reply(first.toArray(Reply[]::new))
                .otherwise(request -> last)
                .time(time)
                .build();
    }

    private static Reply says(String text) {
        return Reply.text(text).cut(text.split("(?<= )")).usage(Usage.of(10, 2));
    }

    private static Reply fails(Supplier<? extends LlmException> failure) {
        return Reply.error(failure);
    }

    private static Reply busy() {
        return fails(() -> new OverloadedException("server: busy"));
    }

    private static Reply limited(Duration wait) {
        ErrorDetails details = ErrorDetails.builder()
                .provider("vendor")
                .httpStatus(429)
                .retryAfter(wait)
                .build();
        return fails(() -> new RateLimitedException("rate: over", details, null));
    }

    private static ChatRequest asking(CallContext.Builder context) {
        return ChatRequest.builder().user("Why?").context(context.build()).build();
    }

    static Stream<Function<ChatRequest, Function<ChatModel, ChatResponse>>> bothWays() {
        return Stream.of(
                request -> model -> model.chat(request),
                request -> model -> model.stream(request).response());
    }

    @ParameterizedTest
    @MethodSource("bothWays")
    void theFirstThatIsGivenAnswersAndIsNamed(Function<ChatRequest, Function<ChatModel, ChatResponse>> ask) {
        Router router = router().deployment(Deployment.of("a", model("a", says("from a"))))
                .deployment(Deployment.of("b", model("b", says("from b"))))
                .build();
        ChatResponse response = ask.apply(ChatRequest.of("Why?")).apply(router);
        assertThat(response.text()).isEqualTo("from a");
        assertThat(response.degraded()).isFalse();
        assertThat(response.attempts()).singleElement().satisfies(attempt -> {
            assertThat(attempt.deployment()).isEqualTo("a");
            assertThat(attempt.provider()).isEqualTo("vendor-a");
            assertThat(attempt.model()).isEqualTo("model-a");
            assertThat(attempt.why()).isEqualTo("first choice");
            assertThat(attempt.succeeded()).isTrue();
        });
    }

    static Stream<Supplier<LlmException>> ofTheDeployment() {
        return Stream.of(
                () -> new OverloadedException("server: busy"),
                () -> new RateLimitedException("rate: over"),
                () -> new TransportException("connection: reset"),
                () -> new TimedOutException("timeouts.total: passed"),
                () -> new MalformedResponseException("body: broken"),
                () -> new AuthenticationException("key: wrong"),
                () -> new ModelNotFoundException("model: gone"));
    }

    @ParameterizedTest
    @MethodSource("ofTheDeployment")
    void failuresOfADeploymentGoOnToTheNext(Supplier<LlmException> failure) {
        Router router = router().deployment(Deployment.of("a", model("a", fails(failure))))
                .deployment(Deployment.of("b", model("b", says("from b"))))
                .build();
        for (ChatResponse response : List.of(
                router.chat(ChatRequest.of("Why?")),
                router.stream(ChatRequest.of("Why?")).response())) {
            assertThat(response.text()).isEqualTo("from b");
            assertThat(response.attempts()).extracting(Attempt::deployment).endsWith("b");
            assertThat(response.attempts().get(response.attempts().size() - 1).why())
                    .startsWith(
                            response.attempts().size() == 1
                                    ? "first choice; not a (out of order)"
                                    : "fallback from a: ");
        }
    }

    @Test
    void aRefusedRequestGoesNowhere() {
        ScriptedChatModel b = model("b", says("from b"));
        Router router = router().deployment(
                        Deployment.of("a", model("a", fails(() -> new InvalidRequestException("request: wrong")))))
                .deployment(Deployment.of("b", b))
                .build();
        assertThatThrownBy(() -> router.chat(ChatRequest.of("Why?"))).isInstanceOf(InvalidRequestException.class);
        assertThat(b.requests()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("bothWays")
    void whenNobodyAnswersOneErrorHoldsAll(Function<ChatRequest, Function<ChatModel, ChatResponse>> ask) {
        Router router = router().deployment(Deployment.of("a", model("a", busy())))
                .deployment(Deployment.of("b", model("b", fails(() -> new TransportException("connection: reset")))))
                .deployment(Deployment.of("c", model("c", limited(Duration.ofMinutes(2)))))
                .build();
        OverloadedException failure = catchThrowableOfType(
                OverloadedException.class,
                () -> ask.apply(ChatRequest.of("Why?")).apply(router));
        assertThat(failure)
                .hasMessageStartingWith(
                        "deployments: a overloaded, b transport, c rate_limited" + " (expected: one that answers)");
        assertThat(failure.attempts())
                .extracting(Attempt::deployment, Attempt::error)
                .containsExactly(tuple("a", "overloaded"), tuple("b", "transport"), tuple("c", "rate_limited"));
        assertThat(failure).hasCauseInstanceOf(OverloadedException.class);
        assertThat(failure.getSuppressed()).hasSize(2);
        assertThat(failure.details().retryAfter()).hasValue(Duration.ofMinutes(2));
        assertThat(failure.isRetryable()).isTrue();
    }

    @Test
    void aStreamThatHasBegunNeverSwitches() {
        ScriptedChatModel b = model("b", says("from b"));
        Reply broken = says("from a and on").breakingAfter(2, () -> new TransportException("connection: reset"));
        Router router = router().deployment(Deployment.of("a", model("a", broken)))
                .deployment(Deployment.of("b", b))
                .build();
        ChatStream stream = router.stream(ChatRequest.of("Why?"));
        TransportException failure = catchThrowableOfType(TransportException.class, stream::response);
        assertThat(failure.partialText()).isEqualTo("from a ");
        assertThat(failure.attempts())
                .singleElement()
                .extracting(Attempt::error)
                .isEqualTo("transport");
        assertThat(b.requests()).isEmpty();
    }

    @Test
    void aStreamThatBreaksBeforeItsFirstContentGoesOn() {
        Reply broken = says("from a").breakingAfter(0, () -> new TransportException("connection: reset"));
        Router router = router().deployment(Deployment.of("a", model("a", broken)))
                .deployment(Deployment.of("b", model("b", says("from b"))))
                .build();
        assertThat(router.stream(ChatRequest.of("Why?")).response().text()).isEqualTo("from b");
    }

    @Test
    void policyIsAskedBeforeEveryTarget() {
        ScriptedChatModel a = model("a", busy());
        ScriptedChatModel b = model("b", says("from b"));
        ScriptedChatModel c = model("c", says("from c"));
        Router router = router().deployment(Deployment.of("a", a))
                .deployment(Deployment.of("b", b))
                .deployment(Deployment.of("c", c))
                .build();
        CallContext context = Admission.add(RouterTest::notB, CallContext.EMPTY);
        ChatResponse response = router.chat(asking(context.toBuilder()));
        assertThat(response.text()).isEqualTo("from c");
        assertThat(response.attempts().get(0).why()).isEqualTo("first choice; not b (denied by no-b)");
        assertThat(b.requests()).isEmpty();
        CallContext nowhere = Admission.add(
                (target, asked) -> {
                    throw new DeniedException("nothing", "owner", "model: any", ErrorDetails.NONE);
                },
                CallContext.EMPTY);
        assertThatThrownBy(() -> router.chat(asking(nowhere.toBuilder()))).isInstanceOf(DeniedException.class);
        assertThatThrownBy(() -> router.stream(asking(nowhere.toBuilder()))).isInstanceOf(DeniedException.class);
        assertThat(b.requests()).isEmpty();
    }

    @Test
    void policyIsAskedAgainRightBeforeACallIsSent() {
        boolean[] stopped = new boolean[1];
        ScriptedChatModel b = model("b", says("from b"));
        Router router = router().deployment(Deployment.of("a", model("a", fails(() -> {
                    stopped[0] = true; // somebody throws a switch while the first one works
                    return new OverloadedException("server: busy");
                }))))
                .deployment(Deployment.of("b", b))
                .deployment(Deployment.of("c", model("c", says("from c"))))
                .build();
        CallContext context = Admission.add(
                (target, asked) -> {
                    if (stopped[0]) {
                        notB(target, asked);
                    }
                },
                CallContext.EMPTY);
        assertThat(router.chat(asking(context.toBuilder())).text()).isEqualTo("from c");
        assertThat(b.requests()).isEmpty();
        assertThat(router.health()).allMatch(health -> health.running() == 0);
    }

    private static void notB(ModelInfo target, CallContext asked) {
        if (target.model().equals("model-b")) {
            throw new DeniedException("no-b", "owner", "model: model-b", ErrorDetails.NONE);
        }
    }

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
    void afterTheDeadlineNobodyElseIsAsked() {
        ScriptedChatModel b = model("b", says("from b"));
        Router router = router().deployment(Deployment.of("a", model("a", Reply.stall())))
                .deployment(Deployment.of("b", b))
                .build();
        ChatRequest request = asking(CallContext.builder().deadline(Deadline.after(Duration.ofSeconds(2), time)));
        TimedOutException failure = catchThrowableOfType(TimedOutException.class, () -> router.chat(request));
        assertThat(failure.attempts()).hasSize(1);
        assertThat(b.requests()).isEmpty();
    }

    @Test
    void aRequestThatWasTooLongGoesWhereMoreFits() {
        ScriptedChatModel small = model("small", says("no"));
        Router router = router().deployment(Deployment.builder(
                                "a", model("a", fails(() -> new ContextTooLongException("prompt: too long"))))
                        .contextTokens(8_000)
                        .build())
                .deployment(
                        Deployment.builder("small", small).contextTokens(4_000).build())
                .deployment(Deployment.of("unknown", small))
                .deployment(Deployment.builder("long", model("long", says("from long")))
                        .contextTokens(100_000)
                        .build())
                .build();
        ChatResponse response = router.chat(ChatRequest.of("Why?"));
        assertThat(response.text()).isEqualTo("from long");
        assertThat(response.attempts()).last().extracting(Attempt::why).isEqualTo("fallback from a: context_too_long");
        assertThat(small.requests()).isEmpty();
        assertThat(router.health().get(0).state()).isEqualTo(State.CLOSED);
    }

    @Test
    void afterAContentFilterOnlyThoseForThatAreAsked() {
        ScriptedChatModel b = model("b", says("from b"));
        Router router = router().deployment(Deployment.of(
                        "a",
                        model("a", fails(() -> new ContentFilteredException("content: filtered")), says("from a"))))
                .deployment(Deployment.of("b", b))
                .deployment(Deployment.builder("lenient", model("lenient", says("from lenient")))
                        .afterContentFilter()
                        .build())
                .build();
        assertThat(router.chat(ChatRequest.of("Why?")).text()).isEqualTo("from lenient");
        assertThat(router.chat(ChatRequest.of("Why?")).text()).isEqualTo("from a");
        assertThat(b.requests()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("bothWays")
    void aFilterThatSpeaksInGoodOrderGoesOnToo(Function<ChatRequest, Function<ChatModel, ChatResponse>> ask) {
        Reply filtered = Reply.of(ChatResponse.builder()
                .finishReason(FinishReason.CONTENT_FILTER)
                .usage(Usage.of(9, 0))
                .build());
        Router.Builder builder = router().deployment(Deployment.of("a", model("a", filtered)));
        ChatResponse alone = ask.apply(ChatRequest.of("Why?")).apply(builder.build());
        assertThat(alone.finishReason()).isEqualTo(FinishReason.CONTENT_FILTER);
        ScriptedChatModel lenient = model("lenient", says("from lenient"), busy());
        Router router = builder.deployment(Deployment.builder("lenient", lenient)
                        .afterContentFilter()
                        .build())
                .build();
        ChatResponse response = ask.apply(ChatRequest.of("Why?")).apply(router);
        assertThat(response.text()).isEqualTo("from lenient");
        assertThat(response.usage()).isEqualTo(Usage.of(19, 2));
        assertThat(response.attempts()).extracting(Attempt::error).containsExactly("content_filtered", null);
        ChatResponse whenThatFails = ask.apply(ChatRequest.of("Why?")).apply(router);
        assertThat(whenThatFails.finishReason()).as("the filtered answer").isEqualTo(FinishReason.CONTENT_FILTER);
        assertThat(whenThatFails.attempts()).hasSize(2);
        Router refusing = router().deployment(Deployment.of("a", model("a", filtered)))
                .deployment(Deployment.builder(
                                "lenient", model("b", fails(() -> new InvalidRequestException("request: wrong"))))
                        .afterContentFilter()
                        .build())
                .build();
        assertThat(ask.apply(ChatRequest.of("Why?")).apply(refusing).finishReason())
                .as("better than the failure of who was to do better")
                .isEqualTo(FinishReason.CONTENT_FILTER);
    }

    @Test
    void answersAreChecked() {
        ScriptedChatModel empty =
                model("a", Reply.of(ChatResponse.builder().usage(Usage.of(4, 0)).build()));
        ScriptedChatModel wrong = model(
                "b",
                Reply.of(ChatResponse.of("from somebody").toBuilder()
                        .model("other-1")
                        .build()));
        ScriptedChatModel broken = model(
                "c",
                Reply.of(ChatResponse.of("I am").toBuilder()
                        .finishReason(FinishReason.ERROR)
                        .rawFinishReason("engine_error")
                        .build()));
        Router router = router().deployment(Deployment.builder("a", empty)
                        .check(AnswerCheck.notEmpty())
                        .build())
                .deployment(Deployment.builder("b", wrong)
                        .check(AnswerCheck.answeredBy("model-b"))
                        .build())
                .deployment(Deployment.of("c", broken))
                .deployment(Deployment.builder("d", model("d", says("from d")))
                        .check(AnswerCheck.notEmpty())
                        .check(AnswerCheck.answeredBy("model-d"))
                        .build())
                .build();
        ChatResponse response = router.chat(ChatRequest.of("Why?"));
        assertThat(response.text()).isEqualTo("from d");
        assertThat(response.attempts()).hasSize(4);
        assertThat(response.attempts().get(0).usage())
                .as("an empty answer is billed")
                .isEqualTo(Usage.of(4, 0));
        MalformedResponseException failure = catchThrowableOfType(
                MalformedResponseException.class,
                () -> Deployment.builder("b", wrong).check(AnswerCheck.answeredBy("model-b")).build().stream(
                                ChatRequest.of("Why?"))
                        .response());
        assertThat(failure).hasMessageStartingWith("model: other-1 (expected: model-b)");
        assertThat(failure.partialText()).isEqualTo("from somebody");
    }

    @Test
    void whatADeploymentCannotDoIsNotAskedOfIt() {
        ScriptedChatModel blind = ScriptedChatModel.builder()
                .info(ModelInfo.local("v", "blind"))
                .otherwise(request -> says("blind"))
                .build();
        Router router = router().deployment(Deployment.of("blind", blind))
                .deployment(Deployment.of("seeing", model("seeing", says("a cat"))))
                .build();
        ChatRequest picture = ChatRequest.builder()
                .messages(List.of(
                        Message.user(new dev.plinth.api.chat.Part.Image(Media.of(new byte[] {1}, "image/png")))))
                .build();
        assertThat(router.info().can(Capability.IMAGE_INPUT)).isTrue();
        assertThat(router.chat(picture).text()).isEqualTo("a cat");
        assertThat(router.chat(ChatRequest.of("Why?")).text()).isEqualTo("blind");
        Router none = router().deployment(Deployment.of("blind", blind)).build();
        assertThatThrownBy(() -> none.chat(picture)).isInstanceOf(UnsupportedCapabilityException.class);
    }

    @Test
    void aRequestThatNamesAModelGoesToItsDeploymentsOnly() {
        ScriptedChatModel a = model("a", says("from a"));
        ScriptedChatModel b = model("b", says("from b"));
        Router router = router().deployment(Deployment.of("a", a))
                .deployment(Deployment.of("b", b))
                .build();
        ChatRequest byModel =
                ChatRequest.of("Why?").toBuilder().model("model-b").build();
        ChatRequest byName = ChatRequest.of("Why?").toBuilder().model("b").build();
        assertThat(router.chat(byModel).text()).isEqualTo("from b");
        assertThat(router.chat(byName).text()).isEqualTo("from b");
        assertThat(b.requests())
                .allMatch(request -> request.model().orElseThrow().equals("model-b"));
        assertThatThrownBy(() -> router.chat(
                        ChatRequest.of("Why?").toBuilder().model("c").build()))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageStartingWith("deployment: none for this request (expected: one that takes it;"
                        + " not a (another model), b (another model))");
    }

    @Test
    void aRegionBindsACall() {
        ScriptedChatModel us = model("us", says("from us"));
        Router router = router().deployment(
                        Deployment.builder("us", us).region("us").build())
                .deployment(Deployment.builder("eu", model("eu", busy()))
                        .region("eu")
                        .build())
                .deployment(Deployment.of("unknown", us))
                .build();
        CallContext.Builder european = CallContext.builder().tag("region", "eu");
        assertThatThrownBy(() -> router.chat(asking(european))).isInstanceOf(OverloadedException.class);
        assertThat(us.requests()).isEmpty();
        assertThatThrownBy(() -> router.chat(asking(CallContext.builder().tag("region", "ch"))))
                .isInstanceOf(ModelNotFoundException.class);
        assertThat(router.chat(ChatRequest.of("Why?")).text()).isEqualTo("from us");
    }

    @Test
    void tiersGoDownAndNeverUp() {
        Router router = router().deployment(Deployment.builder("bronze", model("bronze", says("bronze")))
                        .tier(Tier.BRONZE)
                        .build())
                .deployment(Deployment.builder("silver", model("silver", busy()))
                        .tier(Tier.SILVER)
                        .build())
                .deployment(Deployment.builder("gold", model("gold", says("gold")))
                        .tier(Tier.GOLD)
                        .build())
                .build();
        assertThat(router.chat(asking(CallContext.builder().tag("tier", "gold")))
                        .text())
                .isEqualTo("gold");
        ChatResponse silver = router.chat(asking(CallContext.builder().tag("tier", "silver")));
        assertThat(silver.text()).isEqualTo("bronze");
        assertThat(silver.degraded()).isTrue();
        assertThat(silver.attempts()).extracting(Attempt::deployment).containsExactly("silver", "bronze");
        ChatResponse bronze = router.chat(asking(CallContext.builder().tag("tier", "bronze")));
        assertThat(bronze.degraded()).isFalse();
        assertThat(router.chat(ChatRequest.of("Why?")).text())
                .as("the first, whatever its tier")
                .isEqualTo("bronze");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> router.chat(asking(CallContext.builder().tag("tier", "iron"))))
                .withMessage("tags.tier: iron (expected: bronze, silver or gold)");
    }

    @Test
    void aStandInComesLastAndIsDeclared() {
        Router router = router().deployment(Deployment.builder("fixed", model("fixed", says("We are out of order.")))
                        .standIn()
                        .build())
                .deployment(Deployment.of("a", model("a", busy())))
                .build();
        ChatResponse response = router.chat(ChatRequest.of("Why?"));
        assertThat(response.text()).isEqualTo("We are out of order.");
        assertThat(response.degraded()).isTrue();
        assertThat(response.attempts()).extracting(Attempt::deployment).containsExactly("a", "fixed");
    }

    @Test
    void onlyTheLastTargetIsTriedAgain() {
        ScriptedChatModel a = model("a", busy());
        ScriptedChatModel b = model("b", busy(), says("from b"));
        ChatModel model = Layers.of(Retries.builder().time(time).build())
                .around(router().deployment(Deployment.of("a", a))
                        .deployment(Deployment.of("b", b))
                        .build());
        ChatResponse response = model.chat(ChatRequest.of("Why?"));
        assertThat(response.text()).isEqualTo("from b");
        assertThat(response.attempts())
                .extracting(Attempt::deployment, Attempt::why)
                .containsExactly(
                        tuple("a", "first choice"),
                        tuple("b", "fallback from a: overloaded"),
                        tuple("b", "retry after overloaded"));
        assertThat(time.sleeps()).hasSize(1);
    }

    @Test
    void namesAreUniqueAndSomebodyIsAskedByEverybody() {
        ScriptedChatModel a = model("a", says("from a"));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Router.builder().deployment(Deployment.of("a", a)).deployment(Deployment.of("a", a)));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Router.builder().canary(Deployment.of("a", a), 5).build());
        assertThatIllegalArgumentException().isThrownBy(() -> Router.builder().build());
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

    /** What models in these tests can do. */
    private static final class Requests {
        static final java.util.Set<Capability> ALL = java.util.Set.of(
                Capability.TOOLS, Capability.IMAGE_INPUT, Capability.TEMPERATURE, Capability.JSON_OUTPUT);
    }
}
