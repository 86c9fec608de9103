package dev.plinth.tracing.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.api.context.Principal;
import dev.plinth.api.context.PromptRef;
import dev.plinth.api.context.Step;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.ForwardingEmbeddingModel;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.DeniedException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.error.TransportException;
import dev.plinth.api.layer.Layer;
import dev.plinth.api.layer.Layers;
import dev.plinth.api.layer.Stage;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.rerank.ForwardingReranker;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.rerank.RerankResponse;
import dev.plinth.api.rerank.Reranker;
import dev.plinth.api.testkit.FakeEmbeddingModel;
import dev.plinth.api.testkit.FakeReranker;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class CostLedgerTest {

    private static final Currency USD = Currency.getInstance("USD");
    private static final CallContext SUPPORT = CallContext.builder()
            .principal(new Principal("chat-app", "support", null))
            .useCase("answers")
            .prompt(new PromptRef("greet", "3"))
            .build();

    private final CostLedger ledger = CostLedger.create();

    @Test
    void aCallIsBookedOnWhoMadeItForWhat() {
        ChatModel model = booked(request -> answer(100, 20, "0.25"));
        try (Interaction interaction = Interaction.start("ask", SUPPORT)) {
            model.chat(request(interaction.context()));
        }

        CostReport.Line line = only(ledger.report().lines());
        assertThat(line.of())
                .containsEntry(Dimension.TEAM, "support")
                .containsEntry(Dimension.APPLICATION, "chat-app")
                .containsEntry(Dimension.USE_CASE, "answers")
                .containsEntry(Dimension.INTERACTION, "ask")
                .containsEntry(Dimension.PROMPT, "greet")
                .containsEntry(Dimension.PROMPT_VERSION, "3")
                .containsEntry(Dimension.OPERATION, "chat")
                .containsEntry(Dimension.PROVIDER, "fake")
                .containsEntry(Dimension.MODEL, "m-2026");
        assertThat(line.totals().calls()).isEqualTo(1);
        assertThat(line.totals().requests()).isEqualTo(1);
        assertThat(line.totals().usage().input()).hasValue(100);
        assertThat(line.totals().usage().output()).hasValue(20);
        assertThat(line.totals().cost()).isEqualTo(Amounts.of(usd("0.25")));
        assertThat(line.totals().unpriced()).isZero();
    }

    @Test
    void aStreamIsBookedWhenItIsReadToItsEnd() {
        ChatModel model = booked(request -> answer(100, 20, "0.25"));

        ChatStream stream = model.stream(request(SUPPORT));
        assertThat(ledger.report().total()).isEqualTo(Totals.NONE);
        stream.response();

        assertThat(ledger.report().total().cost()).isEqualTo(Amounts.of(usd("0.25")));
    }

    @Test
    void whatAStreamUsedThatWasGivenUpIsNotKnown() {
        ChatModel model = booked(request -> answer(100, 20, "0.25"));

        try (ChatStream stream = model.stream(request(SUPPORT))) {
            stream.iterator().next();
        }

        Totals total = ledger.report().total();
        assertThat(total.failed()).isEqualTo(1);
        assertThat(total.unreported()).isEqualTo(1);
        assertThat(total.unpriced()).isEqualTo(1);
        assertThat(total.cost().isEmpty()).isTrue();
    }

    @Test
    void eachTryIsBookedOnTheModelItWentTo() {
        Attempt failed = attempt("east", "gpt-5", "overloaded", Usage.of(90, 5), "0.20");
        Attempt answered = attempt("west", "claude", null, Usage.of(100, 20), "0.30");
        ChatModel model = booked(request -> ChatResponse.of("hi").toBuilder()
                .provider("anthropic")
                .model("claude-2026")
                .usage(Usage.of(190, 25))
                .cost(usd("0.50"))
                .attempts(List.of(failed, answered))
                .build());

        model.chat(request(SUPPORT));

        Map<String, Totals> byModel = ledger.report().by(Dimension.MODEL);
        assertThat(byModel.keySet()).containsExactly("claude-2026", "gpt-5");
        assertThat(byModel.get("gpt-5").cost()).isEqualTo(Amounts.of(usd("0.20")));
        assertThat(byModel.get("gpt-5").calls()).isZero();
        assertThat(byModel.get("claude-2026").calls()).isEqualTo(1);
        assertThat(ledger.report().total().requests()).isEqualTo(2);
        assertThat(ledger.report().total().cost()).isEqualTo(Amounts.of(usd("0.50")));
    }

    /** Several rounds of a loop have answered; the answer names who did last. */
    @Test
    void eachOfSeveralAnswersIsBookedOnTheModelItCameFrom() {
        Attempt first = attempt("east", "gpt-5", null, Usage.of(90, 5), "0.20");
        Attempt last = attempt("west", "claude", null, Usage.of(100, 20), "0.30");
        ChatModel model = booked(request -> ChatResponse.of("hi").toBuilder()
                .provider("anthropic")
                .model("claude")
                .usage(Usage.of(190, 25))
                .cost(usd("0.50"))
                .attempts(List.of(first, last))
                .build());

        model.chat(request(SUPPORT));

        Map<String, Totals> byModel = ledger.report().by(Dimension.MODEL);
        assertThat(byModel.get("gpt-5").cost()).isEqualTo(Amounts.of(usd("0.20")));
        assertThat(byModel.get("claude").cost()).isEqualTo(Amounts.of(usd("0.30")));
    }

    @Test
    void attemptsThatAreNotAllThereWasAreNotTakenForIt() {
        Attempt answered = attempt("west", "m", null, Usage.of(10, 2), "0.01");
        ChatModel model = booked(request ->
                answer(190, 25, "0.50").toBuilder().attempts(List.of(answered)).build());

        model.chat(request(SUPPORT));

        assertThat(ledger.report().total().usage().input()).hasValue(190);
        assertThat(ledger.report().total().cost()).isEqualTo(Amounts.of(usd("0.50")));
    }

    @Test
    void aFailureIsBookedWithWhatItHadUsed() {
        Attempt known = attempt("east", "m", "overloaded", Usage.of(90, 5), "0.20");
        ChatModel model = booked(request -> {
            throw new OverloadedException("busy")
                    .setPartial("", Usage.of(90, 5))
                    .setAttempts(List.of(known));
        });

        assertThatThrownBy(() -> model.chat(request(SUPPORT))).isInstanceOf(OverloadedException.class);

        Totals total = ledger.report().total();
        assertThat(total.failed()).isEqualTo(1);
        assertThat(total.requests()).isEqualTo(1);
        assertThat(total.cost()).isEqualTo(Amounts.of(usd("0.20")));
        assertThat(total.unpriced()).isZero();
    }

    @Test
    void whatAFailureUsedBesideItsAttemptsIsNotKnown() {
        Attempt known = attempt("east", "m", "overloaded", Usage.of(90, 5), "0.20");
        ChatModel model = booked(request -> {
            throw new OverloadedException("busy")
                    .setPartial("", Usage.of(500, 5))
                    .setAttempts(List.of(known));
        });

        assertThatThrownBy(() -> model.chat(request(SUPPORT))).isInstanceOf(OverloadedException.class);

        assertThat(ledger.report().total().cost()).isEqualTo(Amounts.of(usd("0.20")));
        assertThat(ledger.report().total().unpriced()).isEqualTo(1);
    }

    @Test
    void aCallThatWasInterruptedIsBookedWithItsTries() {
        Attempt known = attempt("east", "m", "overloaded", Usage.of(90, 5), "0.20");
        ChatModel model = booked(request -> {
            throw new CancelledException("thread: interrupted")
                    .setPartial("", Usage.of(90, 5))
                    .setAttempts(List.of(known));
        });

        assertThatThrownBy(() -> model.chat(request(SUPPORT))).isInstanceOf(CancelledException.class);

        assertThat(ledger.report().total().cost()).isEqualTo(Amounts.of(usd("0.20")));
        assertThat(ledger.report().total().unpriced()).isZero();
    }

    @Test
    void aRefusedCallCostsNothing() {
        ChatModel model = booked(request -> {
            throw refusal();
        });

        assertThatThrownBy(() -> model.chat(request(SUPPORT))).isInstanceOf(DeniedException.class);

        Totals total = ledger.report().total();
        assertThat(total.calls()).isEqualTo(1);
        assertThat(total.failed()).isEqualTo(1);
        assertThat(total.requests()).isZero();
        assertThat(total.unpriced()).isZero();
    }

    @Test
    void aFailureOfAStrangersKindMayHaveUsedSomething() {
        ChatModel model = booked(request -> {
            throw new IllegalStateException("broken");
        });

        assertThatThrownBy(() -> model.chat(request(SUPPORT))).isInstanceOf(IllegalStateException.class);

        assertThat(ledger.report().total().unpriced()).isEqualTo(1);
    }

    @Test
    void anUnpricedAnswerIsNoZero() {
        ChatModel model = booked(request -> answer(100, 20, null));

        model.chat(request(SUPPORT));

        assertThat(ledger.report().total().cost().isEmpty()).isTrue();
        assertThat(ledger.report().total().unpriced()).isEqualTo(1);
        assertThat(ledger.report().total().unreported()).isZero();
    }

    @Test
    void estimatedUsageIsMarked() {
        Usage estimated = Usage.builder()
                .input(10)
                .output(5)
                .source(Usage.Source.ESTIMATED)
                .build();
        ChatModel model = booked(
                request -> answer(1, 1, "0.01").toBuilder().usage(estimated).build());

        model.chat(request(SUPPORT));

        assertThat(ledger.report().total().estimated()).isEqualTo(1);
    }

    @Test
    void whatACacheSavedIsBookedBesideTheCost() {
        Layer cache = new Layer() {
            @Override
            public Stage stage() {
                return Stage.CACHE;
            }

            @Override
            public ChatModel around(ChatModel next) {
                return new Answering(request -> {
                    request.context()
                            .report(new Step.CacheLookup(
                                    "answers",
                                    Step.CacheLookup.Result.HIT,
                                    Instant.EPOCH,
                                    Duration.ZERO,
                                    Usage.of(100, 20),
                                    usd("0.25")));
                    return ChatResponse.of("kept").toBuilder()
                            .cached(true)
                            .usage(Usage.NONE)
                            .cost(usd("0"))
                            .build();
                });
            }
        };

        CostLedger second = CostLedger.create();
        Layers.of(second.layer(), ledger.layer(), cache)
                .around(new Answering(request -> answer(1, 1, "9")))
                .chat(request(SUPPORT));

        Totals total = ledger.report().total();
        assertThat(second.report().total()).as("each ledger hears of it").isEqualTo(total);
        assertThat(total.calls()).isEqualTo(1);
        assertThat(total.cached()).isEqualTo(1);
        assertThat(total.requests()).isZero();
        assertThat(total.savedTokens()).isEqualTo(120);
        assertThat(total.saved()).isEqualTo(Amounts.of(usd("0.25")));
        assertThat(total.cost().isEmpty()).isTrue();
        assertThat(total.unpriced()).isZero();
    }

    @Test
    void embeddingsAndRerankingAreBooked() {
        Usage input = Usage.builder().input(12).build();
        EmbeddingModel embeddings = ledger.layer().around(new ForwardingEmbeddingModel(FakeEmbeddingModel.create()) {
            @Override
            public EmbeddingResponse embed(EmbeddingRequest request) {
                return new EmbeddingResponse(next().embed(request).vectors(), "e-1", input, usd("0.001"), List.of());
            }
        });
        Reranker reranker = ledger.layer().around(new ForwardingReranker(FakeReranker.create()) {
            @Override
            public RerankResponse rerank(RerankRequest request) {
                return new RerankResponse(next().rerank(request).ranked(), "r-1", input);
            }
        });

        embeddings.embed(EmbeddingRequest.documents(List.of("a")).toBuilder()
                .context(SUPPORT)
                .build());
        reranker.rerank(RerankRequest.of("q", List.of("a"), 1).in(SUPPORT));

        Map<String, Totals> byOperation = ledger.report().by(Dimension.OPERATION);
        assertThat(byOperation.get("embeddings").cost()).isEqualTo(Amounts.of(usd("0.001")));
        assertThat(byOperation.get("embeddings").unreported()).isZero();
        assertThat(byOperation.get("rerank").unpriced()).isEqualTo(1);
        assertThat(ledger.report().by(Dimension.TEAM)).containsOnlyKeys("support");
    }

    @Test
    void eachTryForVectorsIsBookedOnWhereItWent() {
        Usage input = Usage.builder().input(90).build();
        List<Attempt> tried =
                List.of(to("azure", "e-1", "overloaded", input, "0.20"), to("openai", "e-1", null, input, "0.30"));
        EmbeddingModel embeddings = ledger.layer().around(new ForwardingEmbeddingModel(FakeEmbeddingModel.create()) {
            @Override
            public EmbeddingResponse embed(EmbeddingRequest request) {
                return new EmbeddingResponse(
                        next().embed(request).vectors(), "shared", input.plus(input), usd("0.50"), tried);
            }
        });

        embeddings.embed(EmbeddingRequest.query("a"));

        Map<String, Totals> byProvider = ledger.report().by(Dimension.PROVIDER);
        assertThat(byProvider.get("azure").cost()).isEqualTo(Amounts.of(usd("0.20")));
        assertThat(byProvider.get("openai").cost()).isEqualTo(Amounts.of(usd("0.30")));
        assertThat(byProvider.get("openai").calls()).isEqualTo(1);
        assertThat(ledger.report().by(Dimension.MODEL)).containsOnlyKeys("e-1", "shared");
        Totals total = ledger.report().total();
        assertThat(total.requests()).isEqualTo(2);
        assertThat(total.unreported()).isZero();
    }

    @Test
    void whatAManyTextsCallPaidBeforeItBrokeOffIsBookedAsFarAsItIsKnown() {
        Usage input = Usage.builder().input(90).build();
        List<Attempt> tried = List.of(
                to("openai", "e-1", null, input, "0.30"), to("openai", "e-1", "transport", Usage.UNKNOWN, null));
        EmbeddingModel embeddings = ledger.layer().around(new ForwardingEmbeddingModel(FakeEmbeddingModel.create()) {
            @Override
            public EmbeddingResponse embed(EmbeddingRequest request) {
                throw new TransportException("connection: reset")
                        .setAttempts(tried)
                        .setPartial("", input);
            }
        });

        assertThatThrownBy(() -> embeddings.embed(EmbeddingRequest.query("a"))).isInstanceOf(TransportException.class);

        Totals total = ledger.report().total();
        assertThat(total.requests()).isEqualTo(2);
        assertThat(total.cost()).isEqualTo(Amounts.of(usd("0.30")));
        assertThat(total.unpriced()).isEqualTo(1);
        assertThat(total.unreported()).isEqualTo(1);
    }

    @Test
    void aLateAnswerIsMarked() {
        ledger.addLate(
                SUPPORT, answer(100, 20, "0.10").toBuilder().provider("openai").build());

        assertThat(ledger.report().total().late()).isEqualTo(1);
        assertThat(ledger.report().by(Dimension.PROVIDER)).containsOnlyKeys("openai");
    }

    @Test
    void daysBeginWhereTheLedgerIsKept() {
        TestTime time = TestTime.manual();
        time.advance(Duration.ofMinutes(23 * 60 + 30));
        CostLedger berlin =
                CostLedger.builder().time(time).zone(ZoneId.of("Europe/Berlin")).build();

        berlin.addLate(SUPPORT, answer(1, 1, "0.01"));

        assertThat(berlin.report().by(Dimension.DAY)).containsOnlyKeys("2026-01-02");
    }

    @Test
    void linesAreBoundedAndTotalsStayWhole() {
        CostLedger small = CostLedger.builder().mostLines(3).build();
        for (int i = 0; i < 50; i++) {
            CallContext context = CallContext.builder()
                    .principal(new Principal("app", "team-" + i, null))
                    .build();
            small.addLate(context, answer(10, 1, "0.01"));
        }

        assertThat(small.report().lines()).hasSize(4);
        assertThat(small.report().by(Dimension.TEAM).get("_OTHER").calls()).isEqualTo(47);
        assertThat(small.report().total().cost()).isEqualTo(Amounts.of(usd("0.50")));
    }

    @Test
    void whatHasNoLineOfItsOwnStillHasItsModel() {
        CostLedger small = CostLedger.builder().mostLines(1).build();
        for (String team : List.of("a", "b", "c")) {
            CallContext context = CallContext.builder()
                    .principal(new Principal("app", team, null))
                    .build();
            small.addLate(context, by("openai", "gpt-5"));
        }

        CostReport shared = small.report().sharing("openai", "gpt-5", usd("100"));

        assertThat(shared.by(Dimension.TEAM)).containsOnlyKeys("a", "_OTHER");
        assertThat(shared.total().cost()).isEqualTo(Amounts.of(usd("100")));
    }

    @Test
    void modelsThatNobodyEndsMakeNoEndOfLines() {
        CostLedger small = CostLedger.builder().mostLines(1).build();
        for (int i = 0; i < 1_500; i++) {
            small.addLate(SUPPORT, by("openai", "model-" + i));
        }

        assertThat(small.report().lines()).hasSize(1_002);
        assertThat(small.report().by(Dimension.MODEL).get("_OTHER").calls()).isEqualTo(499);
        assertThat(small.report().total().calls()).isEqualTo(1_500);
    }

    private static ChatResponse by(String provider, String model) {
        return answer(10, 1, "0.01").toBuilder().provider(provider).model(model).build();
    }

    @Test
    void nothingIsLostBetweenDrains() throws Exception {
        List<CostReport> drained = new ArrayList<>();
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> bookings = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                bookings.add(pool.submit(() -> ledger.addLate(SUPPORT, answer(10, 1, "0.01"))));
                if (i % 20 == 0) {
                    drained.add(ledger.drain());
                }
            }
            for (Future<?> booking : bookings) {
                booking.get();
            }
        } finally {
            pool.shutdownNow();
        }
        drained.add(ledger.drain());

        CostReport all = drained.stream().reduce(CostReport.EMPTY, CostReport::plus);
        assertThat(all.total().calls()).isEqualTo(400);
        assertThat(all.total().cost()).isEqualTo(Amounts.of(usd("4.00")));
        assertThat(ledger.report().lines()).isEmpty();
    }

    private ChatModel booked(Function<ChatRequest, ChatResponse> answers) {
        return ledger.layer().around(new Answering(answers));
    }

    private record Answering(Function<ChatRequest, ChatResponse> answers) implements ChatModel {
        @Override
        public ChatResponse chat(ChatRequest request) {
            return answers.apply(request);
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

    private static ChatRequest request(CallContext context) {
        return ChatRequest.of("hi").toBuilder().context(context).build();
    }

    private static ChatResponse answer(long input, long output, String cost) {
        return ChatResponse.of("hello").toBuilder()
                .model("m-2026")
                .usage(Usage.of(input, output))
                .cost(cost == null ? null : usd(cost))
                .build();
    }

    private static Attempt to(String provider, String model, String error, Usage usage, String cost) {
        return new Attempt(
                null,
                provider,
                model,
                "first choice",
                Instant.EPOCH,
                Duration.ofMillis(10),
                error,
                usage,
                cost == null ? null : usd(cost));
    }

    private static Attempt attempt(String deployment, String model, String error, Usage usage, String cost) {
        return new Attempt(
                deployment,
                "fake",
                model,
                "first choice",
                Instant.EPOCH,
                Duration.ofMillis(10),
                error,
                usage,
                usd(cost));
    }

    private static LlmException refusal() {
        return new DeniedException("models", "platform", "model: m (expected: one that is allowed)", ErrorDetails.NONE)
                .setPartial("", Usage.NONE);
    }

    private static Cost usd(String amount) {
        return new Cost(new BigDecimal(amount), USD, LocalDate.of(2026, 11, 1));
    }

    private static <T> T only(List<T> all) {
        assertThat(all).hasSize(1);
        return all.get(0);
    }
}
