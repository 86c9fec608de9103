package dev.plinth.providers.limit;

import static dev.plinth.providers.limit.Calls.request;
import static dev.plinth.providers.limit.Calls.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.embedding.EmbeddingLimits;
import dev.plinth.api.embedding.ForwardingEmbeddingModel;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.ContextTooLongException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.error.TransportException;
import dev.plinth.api.error.UnsupportedCapabilityException;
import dev.plinth.api.limit.Rate;
import dev.plinth.api.limit.RateStore;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.testkit.FakeEmbeddingModel;
import dev.plinth.api.testkit.FakeReranker;
import dev.plinth.api.testkit.Reply;
import dev.plinth.api.testkit.ScriptedChatModel;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.api.tokens.TokenCount;
import dev.plinth.api.usage.RateLimit;
import dev.plinth.api.usage.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RateLimitsTest {

    private static final Rate TOKENS = Rate.perMinute(600);

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final TestTime time = TestTime.manual();
    private final InMemoryRateStore store = new InMemoryRateStore(time);

    private RateLimits.Builder limits(Limit.Builder each) {
        return RateLimits.builder().each(each.build()).store(store).time(time);
    }

    private static ChatModel answering(RateLimits limits, Reply reply) {
        return limits.around(
                ScriptedChatModel.builder().otherwise(request -> reply).build());
    }

    private static ChatModel answering(RateLimits limits) {
        return answering(limits, Reply.text("yes"));
    }

    private static String bucket(String what) {
        return "scripted%2Fscripted//" + what;
    }

    /** How many tokens are left in the bucket of {@link #TOKENS}. */
    private long tokensLeft() {
        long left = 0;
        for (long step = 512; step > 0; step /= 2) {
            while (left + step <= TOKENS.amount()
                    && store.take(bucket("tokens"), TOKENS, left + step).isZero()) {
                store.settle(bucket("tokens"), TOKENS, left + step);
                left += step;
            }
        }
        return left;
    }

    @Test
    void passesAsManyAsAllowedAndThenWaitsForTheTurn() throws Exception {
        ChatModel model = answering(limits(Limit.builder().requestsPerMinute(2)).build());
        model.chat(request(CallContext.EMPTY));
        model.chat(request(CallContext.EMPTY));
        Calls.Running<String> third = Calls.chat(model, request(CallContext.EMPTY));
        time.awaitSleepers(1);
        time.advance(Duration.ofSeconds(29));
        assertThat(third.isDone()).isFalse();
        time.advanceToNextSleeper();
        assertThat(third.end()).isEqualTo("yes");
        assertThat(time.now()).isEqualTo(TestTime.START.plusSeconds(30));
    }

    @Test
    void failsAtOnceWhenTheTurnCannotComeInTime() {
        ChatModel model = answering(limits(Limit.builder().requestsPerMinute(2)).build());
        model.chat(request(CallContext.EMPTY));
        model.chat(request(CallContext.EMPTY));
        RateLimitedException refused = catchThrowableOfType(
                RateLimitedException.class, () -> model.chat(request(within(Duration.ofSeconds(10), time))));
        assertThat(refused)
                .hasMessageContaining("requests per minute: 2 on scripted/scripted (expected: a turn in time)");
        assertThat(refused.details().retryAfter()).contains(Duration.ofSeconds(30));
        assertThat(refused.details().httpStatus()).isEmpty();
        assertThat(time.now()).isEqualTo(TestTime.START);
    }

    @Test
    void waitsNoLongerThanTheLongestWait() {
        RateLimits limits = limits(Limit.builder().requestsPerMinute(2))
                .maxWait(Duration.ofSeconds(29))
                .build();
        ChatModel model = answering(limits);
        model.chat(request(CallContext.EMPTY));
        model.chat(request(CallContext.EMPTY));
        assertThatThrownBy(() -> model.chat(request(CallContext.EMPTY))).isInstanceOf(RateLimitedException.class);
    }

    @Test
    void aQueueThatCannotEmptyInTimeRefusesAtOnce() throws Exception {
        ChatModel model = answering(limits(Limit.builder().requestsPerMinute(6)).build());
        for (int i = 0; i < 6; i++) {
            model.chat(request(CallContext.EMPTY));
        }
        List<Calls.Running<String>> waiting = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            waiting.add(Calls.chat(model, request(within(Duration.ofSeconds(35), time))));
            time.awaitSleepers(i);
        }
        RateLimitedException fourth = catchThrowableOfType(
                RateLimitedException.class, () -> model.chat(request(within(Duration.ofSeconds(35), time))));
        assertThat(fourth.details().retryAfter()).contains(Duration.ofSeconds(40));
        for (Calls.Running<String> call : waiting) {
            time.advance(Duration.ofSeconds(10));
            assertThat(call.end()).isEqualTo("yes");
        }
    }

    @Test
    void onlySoManyRunAtOnce() throws Exception {
        RateLimits limits = limits(Limit.builder().concurrent(2)).build();
        ChatModel model = answering(limits);
        ChatStream first = model.stream(request(CallContext.EMPTY));
        ChatStream second = model.stream(request(CallContext.EMPTY));
        assertThat(first.iterator().hasNext()).isTrue();
        assertThat(second.iterator().hasNext()).isTrue();
        assertThat(limits.running()).isEqualTo(2);
        Calls.Running<String> third = Calls.chat(model, request(CallContext.EMPTY));
        time.awaitSleepers(1);
        first.response();
        assertThat(third.end()).isEqualTo("yes");
        second.close();
        assertThat(limits.running()).isZero();
    }

    @Test
    void aPlaceThatDoesNotGetFreeIsNotWaitedForBeyondTheDeadline() throws Exception {
        ChatModel model = answering(limits(Limit.builder().concurrent(1)).build());
        ChatStream first = model.stream(request(CallContext.EMPTY));
        first.iterator().next();
        Calls.Running<String> second = Calls.chat(model, request(within(Duration.ofSeconds(5), time)));
        time.awaitSleepers(1);
        time.advance(Duration.ofSeconds(5));
        assertThatThrownBy(second::end)
                .isInstanceOf(RateLimitedException.class)
                .hasMessageContaining("concurrent calls: 1 on scripted/scripted");
        first.close();
        assertThat(model.chat(request(CallContext.EMPTY)).text()).isEqualTo("yes");
    }

    @Test
    void tokensAreEstimatedAndCorrectedByTheUsage() {
        RateLimits limits = limits(Limit.builder().tokens(TOKENS)).build();
        List<Long> during = new ArrayList<>();
        ChatModel model = limits.around(ScriptedChatModel.builder()
                .otherwise(request -> {
                    during.add(tokensLeft());
                    return Reply.text("yes").usage(Usage.of(5, 7));
                })
                .build());
        model.chat(request("nine char", 100, CallContext.EMPTY)); // 3 + 100
        assertThat(during).containsExactly(497L);
        assertThat(tokensLeft()).isEqualTo(588);
        model.stream(request("nine char", 100, CallContext.EMPTY)).response();
        assertThat(tokensLeft()).isEqualTo(576);
    }

    @Test
    void moreThanEstimatedIsOwed() {
        ChatModel model = answering(
                limits(Limit.builder().tokens(TOKENS)).build(),
                Reply.text("yes").usage(Usage.of(400, 800)));
        model.chat(request("four", 9, CallContext.EMPTY));
        assertThat(store.take(bucket("tokens"), TOKENS, 1)).isEqualTo(Duration.ofMillis(60_100));
    }

    @Test
    void withoutAMaximumTheExpectedOutputCountsAndTheCounterCountsTheInput() {
        RateLimits limits = limits(Limit.builder().tokens(TOKENS))
                .expectedOutput(50)
                .counter(request -> new TokenCount(40, Usage.Source.ESTIMATED))
                .build();
        ChatModel model = answering(limits);
        model.chat(ChatRequest.of("whatever"));
        assertThat(tokensLeft()).isEqualTo(510); // the answer did not say what it used
    }

    @Test
    void aCallGreaterThanTheBucketCostsTheWholeBucket() {
        ChatModel model = answering(limits(Limit.builder().tokens(TOKENS)).build());
        assertThat(model.chat(request("x", 10_000, CallContext.EMPTY)).text()).isEqualTo("yes");
        assertThat(tokensLeft()).isZero();
        assertThatThrownBy(() -> model.chat(request("x", 10_000, within(Duration.ofSeconds(59), time))))
                .isInstanceOf(RateLimitedException.class)
                .hasMessageContaining("tokens per minute: 600");
    }

    @Test
    void aCallGreaterThanTheBucketIsCorrectedByTheUsageToo() {
        ChatModel model = answering(
                limits(Limit.builder().tokens(TOKENS)).build(),
                Reply.text("yes").usage(Usage.of(1, 1_199)));
        model.chat(request("four", 1_199, CallContext.EMPTY));
        assertThat(store.take(bucket("tokens"), TOKENS, 1)).isEqualTo(Duration.ofMillis(60_100));
    }

    @Test
    void whatTheProviderRefusesUsesNoTokens() {
        Reply refused = Reply.error(() -> new ContextTooLongException("context: 9 (expected: less)"));
        ChatModel model = answering(limits(Limit.builder().tokens(TOKENS)).build(), refused);
        assertThatThrownBy(() -> model.chat(request(CallContext.EMPTY))).isInstanceOf(ContextTooLongException.class);
        assertThatThrownBy(() -> model.stream(request(CallContext.EMPTY)).response())
                .isInstanceOf(ContextTooLongException.class);
        assertThat(tokensLeft()).isEqualTo(600);
    }

    @Test
    void whatIsNotKnownOfAFailureStaysEstimated() {
        Reply broken = Reply.text("one two three").breakingAfter(1, () -> new TransportException("reset"));
        RateLimits limits = limits(Limit.builder().tokens(TOKENS).concurrent(1)).build();
        ChatModel model = answering(limits, broken);
        assertThatThrownBy(() -> model.stream(request(CallContext.EMPTY)).response())
                .isInstanceOf(TransportException.class);
        assertThat(tokensLeft()).isEqualTo(588);
        ChatStream closed = model.stream(request(CallContext.EMPTY));
        closed.iterator().next();
        closed.close();
        closed.close();
        assertThat(tokensLeft()).isEqualTo(576);
        assertThat(limits.running()).isZero();
    }

    @Test
    void usageThatAFailureReportsCounts() {
        ChatModel model = answering(limits(Limit.builder().tokens(TOKENS)).build(), Reply.error(() -> {
            TransportException failure = new TransportException("reset");
            failure.setPartial("", Usage.builder().input(200).build());
            return failure;
        }));
        assertThatThrownBy(() -> model.chat(request("x", 50, CallContext.EMPTY)))
                .isInstanceOf(TransportException.class);
        assertThat(tokensLeft()).isEqualTo(350);
    }

    @Test
    void whatWasNeverSentCountsForNothing() {
        ChatModel model = answering(
                limits(Limit.builder().tokens(TOKENS).requestsPerMinute(1)).build(),
                Reply.error(() -> new UnsupportedCapabilityException("tools", "none", ErrorDetails.NONE)));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> model.chat(request(CallContext.EMPTY)))
                    .isInstanceOf(UnsupportedCapabilityException.class);
        }
        assertThat(tokensLeft()).isEqualTo(600);
    }

    @Test
    void interruptedWhileItWaits() throws Exception {
        RateLimits limits = limits(Limit.builder().requestsPerMinute(1))
                .maxWait(Duration.ofHours(1))
                .build();
        ChatModel model = answering(limits);
        model.chat(request(CallContext.EMPTY));
        Calls.Running<Boolean> second = Calls.start(() -> {
            CancelledException stopped =
                    catchThrowableOfType(CancelledException.class, () -> model.chat(request(CallContext.EMPTY)));
            assertThat(stopped.partialUsage()).as("nothing was sent").isEqualTo(Usage.NONE);
            return Thread.interrupted();
        });
        time.awaitSleepers(1);
        Calls.Running<String> third = Calls.chat(model, request(CallContext.EMPTY));
        time.awaitSleepers(2);
        second.interrupt();
        assertThat(second.end()).isTrue();
        time.awaitSleepers(1);
        time.advance(Duration.ofMinutes(1));
        assertThat(third.end()).isEqualTo("yes"); // the turn was passed on
        assertThat(limits.running()).isZero();
    }

    @Test
    void closingAStreamEndsItsWait() throws Exception {
        RateLimits limits = limits(Limit.builder().requestsPerMinute(1)).build();
        ChatModel model = answering(limits);
        model.chat(request(CallContext.EMPTY));
        ChatStream stream = model.stream(request(CallContext.EMPTY));
        Calls.Running<Boolean> reading = Calls.start(() -> {
            assertThatThrownBy(stream::response).isInstanceOf(CancelledException.class);
            return Thread.interrupted();
        });
        time.awaitSleepers(1);
        stream.close();
        assertThat(reading.end()).as("interrupted").isFalse();
        assertThat(limits.running()).isZero();
        time.advance(Duration.ofMinutes(1));
        assertThat(model.chat(request(CallContext.EMPTY)).text()).isEqualTo("yes");
    }

    @Test
    void keysAndDeploymentsHaveLimitsOfTheirOwn() {
        RateLimits limits = limits(Limit.builder().requestsPerMinute(1))
                .of("scripted/large", Limit.builder().requestsPerMinute(3).build())
                .perKey(context -> context.principal().orElseThrow().team())
                .maxWait(Duration.ofSeconds(1))
                .build();
        ChatModel model = answering(limits);
        ChatModel large = limits.around(ScriptedChatModel.builder()
                .info(ModelInfo.local("scripted", "large"))
                .otherwise(request -> Reply.text("large"))
                .build());
        ChatRequest one =
                ChatRequest.builder().user("x").context(Calls.team("one")).build();
        ChatRequest other =
                ChatRequest.builder().user("x").context(Calls.team("other")).build();
        model.chat(one);
        model.chat(other);
        for (int i = 0; i < 3; i++) {
            large.chat(one);
        }
        assertThatThrownBy(() -> model.chat(one)).isInstanceOf(RateLimitedException.class);
        assertThatThrownBy(() -> large.chat(one)).isInstanceOf(RateLimitedException.class);
        large.chat(other);
    }

    @Test
    void embeddingsAndRerankersWaitToo() {
        RateLimits limits = limits(Limit.builder().requestsPerMinute(1))
                .maxWait(Duration.ofSeconds(1))
                .build();
        var embedding = limits.around(FakeEmbeddingModel.create());
        embedding.embedQuery("a");
        assertThatThrownBy(() -> embedding.embedQuery("b")).isInstanceOf(RateLimitedException.class);
        var reranker = limits.around(FakeReranker.create());
        reranker.rerank(RerankRequest.of("a", List.of("b"), 1));
        assertThatThrownBy(() -> reranker.rerank(RerankRequest.of("a", List.of("b"), 1)))
                .isInstanceOf(RateLimitedException.class);
    }

    @Test
    void textsThatTheModelSendsInSeveralRequestsCountAsSoMany() {
        RateLimits limits = limits(Limit.builder().requestsPerMinute(5))
                .maxWait(Duration.ofSeconds(1))
                .build();
        var twoAtATime = limits.around(new ForwardingEmbeddingModel(FakeEmbeddingModel.create()) {
            @Override
            public EmbeddingLimits limits() {
                return EmbeddingLimits.NONE.withTexts(2);
            }
        });
        twoAtATime.embedDocuments(List.of("a", "b", "c"));
        twoAtATime.embedDocuments(List.of("a", "b", "c", "d", "e"));
        assertThatThrownBy(() -> twoAtATime.embedQuery("f"))
                .isInstanceOf(RateLimitedException.class)
                .hasMessageContaining("requests per minute: 5");
    }

    /** A store that fails: no call passes unlimited, but what was answered is not lost for a correction. */
    @Test
    void withoutItsStoreNoCallPasses() {
        AtomicInteger takes = new AtomicInteger();
        RateStore failing = new RateStore() {
            @Override
            public Duration take(String bucket, Rate rate, long amount) {
                if (takes.incrementAndGet() > 2) {
                    throw new StoreException("store: down (expected: up)");
                }
                return Duration.ZERO;
            }

            @Override
            public void settle(String bucket, Rate rate, long amount) {
                throw new StoreException("store: down (expected: up)");
            }

            @Override
            public void close() {}
        };
        RateLimits limits = RateLimits.builder()
                .each(Limit.builder()
                        .requestsPerMinute(9)
                        .tokensPerMinute(9_000)
                        .build())
                .store(failing)
                .time(time)
                .build();
        ScriptedChatModel scripted = ScriptedChatModel.builder()
                .otherwise(request -> Reply.text("yes").usage(Usage.of(1, 1)))
                .build();
        ChatModel model = limits.around(scripted);
        assertThat(model.chat(request(CallContext.EMPTY)).text()).isEqualTo("yes");
        assertThatThrownBy(() -> model.chat(request(CallContext.EMPTY))).isInstanceOf(StoreException.class);
        assertThat(scripted.requests()).hasSize(1);
        assertThat(limits.running()).isZero();
    }

    @Test
    void aRefusalOfTheProviderPausesTheOthers() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        RateLimits limits = limits(Limit.builder()).build();
        ChatModel model = limits.around(ScriptedChatModel.builder()
                .otherwise(request -> calls.incrementAndGet() > 1
                        ? Reply.text("yes")
                        : Reply.error(() -> {
                            ErrorDetails details = ErrorDetails.builder()
                                    .httpStatus(429)
                                    .retryAfter(Duration.ofSeconds(7))
                                    .rateLimits(List.of(new RateLimit("requests", 10L, 0L, Duration.ofSeconds(9))))
                                    .build();
                            return new RateLimitedException("rate: over (expected: slower)", details, null);
                        }))
                .build());
        assertThatThrownBy(() -> model.chat(request(CallContext.EMPTY))).hasMessageContaining("rate: over");
        RateLimitedException refused = catchThrowableOfType(
                RateLimitedException.class, () -> model.chat(request(within(Duration.ofSeconds(8), time))));
        assertThat(refused.details().retryAfter()).contains(Duration.ofSeconds(9));
        assertThat(refused).hasMessageContaining("requests: as many as the provider has left");
        Calls.Running<String> waiting = Calls.chat(model, request(CallContext.EMPTY));
        time.awaitSleepers(1);
        time.advance(Duration.ofSeconds(9));
        assertThat(waiting.end()).isEqualTo("yes");
    }

    @Test
    void idleKeysAreForgotten() {
        Gates gates = new Gates(new Settings(
                Limit.NONE, Map.of(), context -> context.tags().get("key"), context -> "", store, MINUTE, time));
        List<Pass> open = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            CallContext context = CallContext.builder().tag("key", "key-" + i).build();
            Pass pass = gates.enter("model", ModelInfo.local("p", "m"), context, Amounts.call(1, 1));
            if (i % 50 == 0) {
                open.add(pass);
            } else {
                pass.cancelled();
            }
        }
        assertThat(gates.size()).isLessThan(1_200);
        assertThat(gates.running()).isEqualTo(100);
        open.forEach(Pass::cancelled);
        open.forEach(Pass::cancelled);
        assertThat(gates.running()).isZero();
    }
}
