package dev.plinth.api.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.batch.Batch;
import dev.plinth.api.batch.BatchRequest;
import dev.plinth.api.batch.BatchResult;
import dev.plinth.api.batch.BatchResults;
import dev.plinth.api.batch.ChatBatches;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.ForwardingChatModel;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.DeniedException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.fake.FakeModel;
import dev.plinth.api.fake.FakeStream;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.rerank.ForwardingReranker;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.rerank.RerankResponse;
import dev.plinth.api.rerank.Reranker;
import dev.plinth.api.tool.Tool;
import dev.plinth.api.tool.ToolLoop;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Price;
import dev.plinth.api.usage.Price.Rates;
import dev.plinth.api.usage.PriceBook;
import dev.plinth.api.usage.Usage;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Currency;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class PricingTest {

    private static final Currency USD = Currency.getInstance("USD");
    private static final LocalDate DAY = LocalDate.of(2026, 11, 1);
    private static final Usage MILLION = Usage.of(1_000_000, 0);
    private static final ChatRequest HELLO = ChatRequest.of("hi");

    private final PriceBook book = bookOf(Map.of(
            "fake/fake-1",
            builder(2)
                    .tier("flex", builder(1).build())
                    .batch(builder(1).build())
                    .build(),
            "fake/fake-2",
            builder(8).build(),
            "other/fake-1",
            builder(32).build()));
    private final Pricing pricing = Pricing.by(book);

    private static Price.Builder builder(int input) {
        return Price.builder(Rates.of(BigDecimal.valueOf(input), BigDecimal.valueOf(2 * input)), USD, DAY);
    }

    private static PriceBook bookOf(Map<String, Price> prices) {
        return (provider, model) -> Optional.ofNullable(prices.get(provider + "/" + model));
    }

    private static ChatResponse answer(Usage usage) {
        return ChatResponse.of("hello").toBuilder().usage(usage).build();
    }

    private BigDecimal costOf(ChatResponse response) {
        return costOf(response, HELLO);
    }

    private BigDecimal costOf(ChatResponse response, ChatRequest request) {
        ChatModel priced = pricing.around(FakeModel.of(response));
        Optional<Cost> cost = priced.chat(request).cost();
        assertThat(priced.stream(request).response().cost()).isEqualTo(cost);
        return cost.map(Cost::amount).map(BigDecimal::stripTrailingZeros).orElse(null);
    }

    @Test
    void standsAroundRoutersAndWithinCaches() {
        assertThat(pricing.stage()).isEqualTo(Stage.ROUTE);
    }

    @Test
    void answersAndStreamsStateTheirCost() {
        assertThat(costOf(answer(Usage.of(1_000_000, 500_000)))).isEqualByComparingTo("4");
        assertThat(costOf(answer(Usage.UNKNOWN))).isNull();
        assertThat(costOf(answer(MILLION.toBuilder().cachedInput(1).build()))).isNull();
        Cost stated = new Cost(BigDecimal.TEN, USD, DAY);
        assertThat(costOf(answer(MILLION).toBuilder().cost(stated).build())).isEqualByComparingTo("10");
        assertThat(costOf(answer(MILLION).toBuilder().cached(true).build())).isEqualByComparingTo("0");
    }

    @Test
    void theModelThatAnsweredHasThePrice() {
        ChatResponse answer = answer(MILLION);
        assertThat(costOf(answer.toBuilder().model("fake-2").build())).isEqualByComparingTo("8");
        assertThat(costOf(answer.toBuilder().model("fake-1-2026-08-07").build()))
                .as("a dated name")
                .isEqualByComparingTo("2");
        assertThat(costOf(answer.toBuilder().provider("other").model("fake-1").build()))
                .isEqualByComparingTo("32");
        assertThat(costOf(answer.toBuilder().provider("third").model("fake-1").build()))
                .isNull();
        ChatRequest asking = ChatRequest.builder().model("fake-2").user("hi").build();
        assertThat(costOf(answer, asking)).isEqualByComparingTo("8");
        assertThat(costOf(answer, asking.toBuilder().model("fake-3").build())).isNull();
    }

    @Test
    void whatIsListedWithoutAPriceIsNotBilledAsSomethingElse() {
        PriceBook silent = new PriceBook() {
            @Override
            public Optional<Price> price(String provider, String model) {
                return book.price(provider, model);
            }

            @Override
            public boolean lists(String provider, String model) {
                return true;
            }
        };
        ChatResponse other = answer(MILLION).toBuilder().model("fake-9").build();
        assertThat(Pricing.by(silent).around(FakeModel.of(other)).chat(HELLO).cost())
                .isEmpty();
    }

    @Test
    void theTierIsTheOneThatWasServed() {
        ChatResponse answer = answer(MILLION);
        assertThat(costOf(answer.toBuilder().serviceTier("flex").build())).isEqualByComparingTo("1");
        assertThat(costOf(answer.toBuilder().serviceTier("default").build())).isEqualByComparingTo("2");
        assertThat(costOf(answer.toBuilder().serviceTier("priority").build())).isNull();
        ChatRequest asking = HELLO.toBuilder().serviceTier("flex").build();
        assertThat(costOf(answer, asking)).as("nobody says otherwise").isEqualByComparingTo("1");
        assertThat(costOf(answer.toBuilder().serviceTier("default").build(), asking))
                .isEqualByComparingTo("2");
    }

    @Test
    void everyAttemptHasItsOwnPrice() {
        List<Attempt> attempts = List.of(
                attempt("fake", "fake-2", "overloaded", MILLION),
                attempt("fake", "fake-1", "overloaded", Usage.NONE),
                attempt("fake", "fake-1", null, MILLION));
        ChatResponse response = answer(Usage.of(2_000_000, 0)).toBuilder()
                .attempts(attempts)
                .model("fake-1-2026")
                .serviceTier("flex")
                .build();
        ChatModel model = pricing.around(FakeModel.of(response));
        ChatResponse priced = model.chat(HELLO);
        assertThat(priced.attempts())
                .extracting(each -> each.cost().amount().intValueExact())
                .containsExactly(8, 0, 1);
        assertThat(priced.cost().orElseThrow().amount()).isEqualByComparingTo("9");
        ChatResponse asked =
                model.chat(HELLO.toBuilder().serviceTier("priority").build());
        assertThat(asked.attempts().get(0).cost())
                .as("of the tier it was asked for")
                .isNull();
        assertThat(asked.cost()).isEmpty();
    }

    /** Over a router, which lists the attempts of each round. */
    @Test
    void aLoopCostsAsMuchAsAllItsRounds() {
        ToolCall call = new ToolCall("id-1", "echo", "{}");
        ChatResponse first = answer(MILLION).toBuilder()
                .message(Message.assistant(List.of(call)))
                .finishReason(FinishReason.TOOL_CALLS)
                .attempts(List.of(attempt("fake", "fake-2", null, MILLION)))
                .build();
        ChatResponse last = answer(MILLION).toBuilder()
                .attempts(List.of(attempt("fake", "fake-1", null, MILLION)))
                .build();
        assertThat(priced(loop(first, last)).amount()).isEqualByComparingTo("10");
        assertThat(priced(loop(first.toBuilder().attempts(List.of()).build(), last))
                        .amount())
                .as("the attempts of one round are not known")
                .isEqualByComparingTo("4");
    }

    private Cost priced(ChatModel model) {
        return pricing.around(model).chat(HELLO).cost().orElseThrow();
    }

    private static ChatModel loop(ChatResponse first, ChatResponse last) {
        return ToolLoop.builder(FakeModel.of(first, last)).tools(new Echo()).build();
    }

    private static final class Echo implements Tool {
        @Override
        public ToolSpec spec() {
            return new ToolSpec("echo", "", "{}");
        }

        @Override
        public ToolResult call(ToolCall call, CallContext context) {
            return call.result(call.arguments());
        }
    }

    @Test
    void attemptsThatLeaveSomethingOutAreNotTheWhole() {
        ChatResponse part = answer(Usage.of(2_000_000, 0)).toBuilder()
                .attempts(List.of(attempt("fake", "fake-1", null, MILLION)))
                .build();
        assertThat(costOf(part)).isEqualByComparingTo("4");
    }

    @Test
    void theAttemptsOfAFailureArePriced() {
        OverloadedException failure = new OverloadedException("busy"); // as a retry throws it: with what was tried
        failure.setAttempts(List.of(attempt("fake", "fake-2", "overloaded", MILLION)));
        ChatModel failing = pricing.around(new FakeModel(request -> {
            throw failure;
        }));
        assertThat(catchThrowableOfType(OverloadedException.class, () -> failing.chat(HELLO))
                        .attempts())
                .extracting(each -> each.cost().amount().intValueExact())
                .containsExactly(8);
        FakeStream broken = new FakeStream()
                .text("so ")
                .failing(() -> new OverloadedException("busy")
                        .setAttempts(List.of(attempt("fake", "fake-1", "overloaded", MILLION))));
        OverloadedException late = catchThrowableOfType(
                OverloadedException.class,
                () -> pricing.around(streaming(broken)).stream(HELLO).response());
        assertThat(late.attempts())
                .extracting(each -> each.cost().amount().intValueExact())
                .containsExactly(2);
        assertThat(late.partialText()).isEqualTo("so ");
    }

    @Test
    void aStreamThatIsClosedClosesTheOneBelow() {
        FakeStream below = new FakeStream().text("so ").stalled();
        ChatStream stream = pricing.around(streaming(below)).stream(HELLO);
        stream.iterator().next();
        stream.close();
        assertThatExceptionOfType(CancelledException.class).isThrownBy(stream::response);
        assertThat(below.releases).hasValue(1);
    }

    private static ChatModel streaming(ChatStream stream) {
        return new ForwardingChatModel(FakeModel.of("")) {
            @Override
            public ChatStream stream(ChatRequest request) {
                return stream;
            }
        };
    }

    @Test
    void aRoutersAnswerHasThePriceThatAllItsTargetsHave() {
        ChatModel one = named("fake", "fake-1");
        ChatModel two = named("fake", "fake-2");
        ChatModel other = named("other", "fake-1");
        assertThat(routed(HELLO, one, one)).isEqualByComparingTo("2");
        assertThat(routed(HELLO, one, two)).as("nobody says which").isNull();
        ChatRequest asking = ChatRequest.builder().model("fake-2").user("hi").build();
        assertThat(routed(asking, one, two)).isEqualByComparingTo("8");
        assertThat(routed(asking, one, other))
                .as("another provider may have answered")
                .isNull();
        Admission rule = (target, context) -> {
            if (target.provider().equals("other")) {
                throw new DeniedException("rule", "owner", "no other", ErrorDetails.NONE);
            }
        };
        ChatRequest ruled = asking.toBuilder()
                .context(Admission.add(rule, asking.context()))
                .build();
        assertThat(routed(ruled, one, other)).as("it may not").isEqualByComparingTo("8");
    }

    private BigDecimal routed(ChatRequest request, ChatModel... targets) {
        ChatModel router = new FirstOf(List.of(targets));
        return Layers.of(pricing)
                .around(router)
                .chat(request)
                .cost()
                .map(Cost::amount)
                .orElse(null);
    }

    private static ChatModel named(String provider, String model) {
        return new ForwardingChatModel(FakeModel.of(answer(MILLION))) {
            @Override
            public ModelInfo info() {
                return ModelInfo.local(provider, model);
            }
        };
    }

    private static final class FirstOf extends ForwardingChatModel implements Routed<ChatModel> {
        private final List<ChatModel> targets;

        FirstOf(List<ChatModel> targets) {
            super(targets.get(0));
            this.targets = targets;
        }

        @Override
        public List<ChatModel> targets() {
            return targets;
        }

        @Override
        public ChatModel around(UnaryOperator<ChatModel> wrap) {
            return new FirstOf(targets.stream().map(wrap).toList());
        }
    }

    @Test
    void vectorsAndRanksHaveNoOutput() {
        Usage input = Usage.builder().input(1_000_000).build();
        EmbeddingModel embeddings = pricing.around(embeddings(input));
        assertThat(embeddings.embed(EmbeddingRequest.query("a")).cost().amount())
                .isEqualByComparingTo("2");
        assertThat(pricing.around(embeddings(Usage.UNKNOWN))
                        .embed(EmbeddingRequest.query("a"))
                        .cost())
                .isNull();
        Reranker reranker = pricing.around(reranker(input));
        assertThat(reranker.rerank(RerankRequest.of("q", List.of("a"), 1))
                        .cost()
                        .amount())
                .isEqualByComparingTo("2");
    }

    @Test
    void theAttemptsOfFailedEmbeddingsArePriced() {
        EmbeddingModel failing = pricing.around(new Embeddings(request -> {
            throw new OverloadedException("busy")
                    .setAttempts(List.of(attempt(
                            "fake",
                            "fake-1",
                            "overloaded",
                            Usage.builder().input(1_000_000).build())));
        }));
        assertThat(catchThrowableOfType(OverloadedException.class, () -> failing.embed(EmbeddingRequest.query("a")))
                        .attempts())
                .extracting(each -> each.cost().amount().intValueExact())
                .containsExactly(2);
    }

    @Test
    void vectorsAndRanksCostAsMuchAsAllTheirAttempts() {
        Usage million = Usage.builder().input(1_000_000).build();
        List<Attempt> tried =
                List.of(attempt("fake", "fake-1", "overloaded", million), attempt("fake", "fake-1", null, million));
        EmbeddingModel embeddings = pricing.around(new Embeddings(request ->
                new EmbeddingResponse(List.of(new float[] {1}), "fake-1-dated", million.plus(million), null, tried)));
        EmbeddingResponse vectors = embeddings.embed(EmbeddingRequest.query("a"));
        assertThat(vectors.cost().amount()).isEqualByComparingTo("4");
        assertThat(vectors.attempts())
                .extracting(each -> each.cost().amount().intValueExact())
                .containsExactly(2, 2);
        Reranker reranker = pricing.around(new ForwardingReranker(reranker(million)) {
            @Override
            public RerankResponse rerank(RerankRequest request) {
                return new RerankResponse(List.of(), "fake-1", million.plus(million), null, tried);
            }
        });
        assertThat(reranker.rerank(RerankRequest.of("q", List.of("a"), 1))
                        .cost()
                        .amount())
                .isEqualByComparingTo("4");
    }

    @Test
    void attemptsThatAreNotAllAreNotPassedOffAsTheWhole() {
        Usage million = Usage.builder().input(1_000_000).build();
        EmbeddingModel embeddings = pricing.around(new Embeddings(request -> new EmbeddingResponse(
                List.of(new float[] {1}),
                "fake-1",
                million.plus(million),
                null,
                List.of(attempt("fake", "fake-1", null, million)))));
        assertThat(embeddings.embed(EmbeddingRequest.query("a")).cost().amount())
                .isEqualByComparingTo("4");
    }

    private static EmbeddingModel embeddings(Usage usage) {
        return new Embeddings(request -> new EmbeddingResponse(List.of(new float[] {1}), "fake-1-dated", usage));
    }

    private record Embeddings(Function<EmbeddingRequest, EmbeddingResponse> answers) implements EmbeddingModel {
        @Override
        public EmbeddingResponse embed(EmbeddingRequest request) {
            return answers.apply(request);
        }

        @Override
        public ModelInfo info() {
            return ModelInfo.local("fake", "fake-1");
        }

        @Override
        public OptionalInt dimensions() {
            return OptionalInt.of(1);
        }
    }

    private static Reranker reranker(Usage usage) {
        return new Reranker() {
            @Override
            public RerankResponse rerank(RerankRequest request) {
                return new RerankResponse(List.of(new RerankResponse.Ranked(0, 1)), "fake-1", usage);
            }

            @Override
            public ModelInfo info() {
                return ModelInfo.local("fake", "fake-1");
            }
        };
    }

    @Test
    void batchesHaveTheirOwnPrice() {
        ChatResponse answer = answer(MILLION).toBuilder().model("fake-1").build();
        Cost stated = new Cost(BigDecimal.TEN, USD, DAY);
        List<BatchResult> results = List.of(
                BatchResult.answered(
                        "a", answer.toBuilder().serviceTier("batch").build()),
                BatchResult.answered("b", answer.toBuilder().model("fake-2").build()),
                BatchResult.answered("c", answer.toBuilder().model(null).build()),
                BatchResult.failed("d", new OverloadedException("busy")),
                BatchResult.answered("e", answer.toBuilder().cost(stated).build()));
        AtomicInteger released = new AtomicInteger();
        List<BatchResult> priced = new ArrayList<>();
        try (BatchResults all = pricing.around(batches(results, released)).results("batch-1")) {
            all.forEach(priced::add);
        }
        assertThat(priced).extracting(BatchResult::id).containsExactly("a", "b", "c", "d", "e");
        assertThat(cost(priced.get(0))).isEqualByComparingTo("1");
        assertThat(cost(priced.get(1))).as("no price of batches is listed").isNull();
        assertThat(cost(priced.get(2))).as("nobody says which model it was").isNull();
        assertThat(priced.get(3).error()).isPresent();
        assertThat(cost(priced.get(4))).isEqualByComparingTo("10");
        assertThat(released).hasValue(1);
        pricing.around(batches(results, released)).results("batch-2").close();
        assertThat(released).hasValue(2);
    }

    private static BigDecimal cost(BatchResult result) {
        return result.response().flatMap(ChatResponse::cost).map(Cost::amount).orElse(null);
    }

    private static ChatBatches batches(List<BatchResult> results, AtomicInteger released) {
        Iterator<BatchResult> each = results.iterator();
        return new ChatBatches() {
            @Override
            public BatchResults results(String id) {
                return new BatchResults() {
                    @Override
                    protected BatchResult advance() {
                        return each.hasNext() ? each.next() : null;
                    }

                    @Override
                    protected void release() {
                        released.incrementAndGet();
                    }
                };
            }

            @Override
            public ModelInfo info() {
                return ModelInfo.local("fake", "fake-1");
            }

            @Override
            public Batch submit(List<BatchRequest> requests) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Batch get(String id) {
                throw new UnsupportedOperationException();
            }

            @Override
            public List<Batch> recent(int count) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Batch await(String id, Duration limit, Consumer<? super Batch> progress) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Batch cancel(String id) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void delete(String id) {
                throw new UnsupportedOperationException();
            }
        };
    }

    private static Attempt attempt(String provider, String model, String error, Usage usage) {
        return new Attempt(null, provider, model, "its turn", Instant.EPOCH, Duration.ZERO, error, usage, null);
    }
}
