package dev.plinth.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.api.context.Principal;
import dev.plinth.api.context.PromptRef;
import dev.plinth.api.context.Step;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.ForwardingEmbeddingModel;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.layer.Layer;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.rerank.RerankResponse;
import dev.plinth.api.rerank.Reranker;
import dev.plinth.api.score.Annotator;
import dev.plinth.api.score.Outcome;
import dev.plinth.api.score.Score;
import dev.plinth.api.testkit.FakeEmbeddingModel;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import dev.plinth.tracing.content.CaptureMode;
import dev.plinth.tracing.content.ContentCapture;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MetricsTest {

    private static final Cost CENT =
            new Cost(new BigDecimal("0.01"), Currency.getInstance("USD"), LocalDate.of(2026, 11, 1));
    private static final ModelInfo INFO = new ModelInfo("openai", "m", Set.of(), URI.create("https://api.example/v1"));
    private static final AttributeKey<String> TYPE = AttributeKey.stringKey("gen_ai.token.type");

    private final TestTime time = TestTime.manual();
    private final InMemoryMetricReader reader = InMemoryMetricReader.create();
    private final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
            .setMeterProvider(
                    SdkMeterProvider.builder().registerMetricReader(reader).build())
            .build();

    private Layer layer(Conventions conventions) {
        return Tracing.builder(sdk).conventions(conventions).time(time).build().layer();
    }

    private FakeChat model(ChatResponse response) {
        return new FakeChat(INFO, request -> {
            time.advance(Duration.ofMillis(300));
            return response;
        });
    }

    private static ChatResponse answer() {
        return ChatResponse.of("hello").toBuilder()
                .model("m-2026")
                .usage(Usage.builder()
                        .input(100)
                        .cachedInput(40)
                        .cacheWrite(0)
                        .output(20)
                        .reasoning(5)
                        .build())
                .cost(CENT)
                .build();
    }

    @Test
    void aCallInTheNewestWords() {
        layer(Conventions.GENAI_0_1).around(model(answer())).chat(ChatRequest.of("hi"));

        HistogramPointData duration = histogram("gen_ai.client.inference.duration");
        assertThat(duration.getSum()).isEqualTo(0.3);
        assertThat(duration.getBoundaries()).startsWith(0.01, 0.02, 0.04).endsWith(81.92);
        assertThat(duration.getAttributes().asMap())
                .containsOnly(
                        entry(GenAi.OPERATION_NAME, "chat"),
                        entry(GenAi.PROVIDER_NAME, "openai"),
                        entry(GenAi.REQUEST_MODEL, "m"),
                        entry(GenAi.RESPONSE_MODEL, "m-2026"),
                        entry(GenAi.SERVER_ADDRESS, "api.example"),
                        entry(GenAi.SERVER_PORT, 443L));
        assertThat(sum("gen_ai.client.inference.usage.input_tokens")).isEqualTo(100);
        assertThat(sum("gen_ai.client.inference.usage.output_tokens")).isEqualTo(20);
        assertThat(sum("gen_ai.client.inference.usage.cache_read.input_tokens")).isEqualTo(40);
        assertThat(sum("gen_ai.client.inference.usage.cache_write.input_tokens"))
                .isZero();
        assertThat(sum("gen_ai.client.inference.usage.reasoning.output_tokens")).isEqualTo(5);
        assertThat(histogram("gen_ai.client.inference.operation.input_tokens").getSum())
                .isEqualTo(100);
        assertThat(metrics())
                .doesNotContainKeys(
                        "gen_ai.client.token.usage",
                        "gen_ai.client.operation.duration",
                        "gen_ai.client.inference.time_to_first_chunk");
    }

    @Test
    void figuresAreOfWhoAnswered() {
        layer(Conventions.GENAI_0_1)
                .around(model(answer().toBuilder().provider("anthropic").build()))
                .chat(ChatRequest.of("hi"));

        assertThat(histogram("gen_ai.client.inference.duration").getAttributes().asMap())
                .containsOnly(
                        entry(GenAi.OPERATION_NAME, "chat"),
                        entry(GenAi.PROVIDER_NAME, "anthropic"),
                        entry(GenAi.REQUEST_MODEL, "m"),
                        entry(GenAi.RESPONSE_MODEL, "m-2026"));
        assertThat(metrics().get("plinth.client.cost").getDoubleSumData().getPoints())
                .singleElement()
                .satisfies(point -> assertThat(point.getAttributes().asMap())
                        .containsEntry(GenAi.PROVIDER_NAME, "anthropic")
                        .doesNotContainKeys(GenAi.SERVER_ADDRESS, GenAi.SERVER_PORT));
    }

    @Test
    void aSpanNamesWhoAnswered() {
        Recording recording = new Recording();
        recording
                .layer()
                .around(model(answer().toBuilder().provider("anthropic").build()))
                .chat(ChatRequest.of("hi"));
        recording.layer().around(model(answer())).chat(ChatRequest.of("hi"));

        assertThat(recording.ended())
                .extracting(span -> span.getAttributes().get(GenAi.PROVIDER_NAME))
                .containsExactly("anthropic", "openai");
    }

    @Test
    void aCallInTheOldWords() {
        layer(Conventions.V1_41).around(model(answer())).chat(ChatRequest.of("hi"));

        assertThat(histogram("gen_ai.client.operation.duration").getSum()).isEqualTo(0.3);
        Map<String, Double> tokens = metrics().get("gen_ai.client.token.usage").getHistogramData().getPoints().stream()
                .collect(Collectors.toMap(
                        point -> point.getAttributes().get(TYPE),
                        HistogramPointData::getSum,
                        Double::sum,
                        TreeMap::new));
        assertThat(tokens).containsExactly(entry("input", 100.0), entry("output", 20.0));
        assertThat(metrics().keySet()).noneMatch(name -> name.startsWith("gen_ai.client.inference"));
    }

    @Test
    void bothForDashboardsThatHaveNotMoved() {
        Tracing.builder(sdk)
                .alsoMetricsOf(Conventions.V1_41)
                .time(time)
                .build()
                .layer()
                .around(model(answer()))
                .chat(ChatRequest.of("hi"));
        assertThat(metrics()).containsKeys("gen_ai.client.token.usage", "gen_ai.client.inference.usage.input_tokens");
    }

    @Test
    void aFailedCallCountsWithItsErrorAndZeroTokens() {
        ChatModel model = layer(Conventions.GENAI_0_1).around(new FakeChat(INFO, request -> {
            throw new OverloadedException("busy");
        }));
        assertThatThrownBy(() -> model.chat(ChatRequest.of("hi"))).isInstanceOf(OverloadedException.class);
        assertThat(histogram("gen_ai.client.inference.duration").getAttributes().get(GenAi.ERROR_TYPE))
                .isEqualTo("overloaded");
        assertThat(sum("gen_ai.client.inference.usage.input_tokens")).isZero();
        assertThat(metrics()).doesNotContainKey("gen_ai.client.inference.operation.input_tokens");
    }

    @Test
    void theTimesOfPiecesAreOfStreamsOnly() {
        ChatModel model = layer(Conventions.GENAI_0_1)
                .around(new FakeChat(INFO, request -> answer())
                        .streaming(request ->
                                FakeChat.events(List.of(piece("a", 100), piece("b", 20), piece("c", 30), finished())
                                        .iterator())));
        model.stream(ChatRequest.of("hi")).response();
        assertThat(histogram("gen_ai.client.inference.time_to_first_chunk").getCount())
                .isEqualTo(1);
        assertThat(histogram("gen_ai.client.inference.time_per_output_chunk").getCount())
                .isEqualTo(2);
    }

    @Test
    void costIsPerOwnerAndPromptAndUnknownIsCountedApart() {
        CallContext context = CallContext.builder()
                .principal(new Principal("shop", "web", "user-7"))
                .useCase("support")
                .prompt(new PromptRef("greeting", "3"))
                .build();
        ChatRequest request = ChatRequest.builder().user("hi").context(context).build();
        Layer layer = layer(Conventions.GENAI_0_1);
        layer.around(model(answer())).chat(request);
        layer.around(model(answer().toBuilder().cost(null).build())).chat(request);

        MetricData cost = metrics().get("plinth.client.cost");
        assertThat(cost.getDoubleSumData().getPoints()).singleElement().satisfies(point -> {
            assertThat(point.getValue()).isEqualTo(0.01);
            assertThat(point.getAttributes().asMap())
                    .contains(
                            entry(PlinthAttributes.TEAM, "web"),
                            entry(PlinthAttributes.APPLICATION, "shop"),
                            entry(PlinthAttributes.USE_CASE, "support"),
                            entry(PlinthAttributes.PROMPT_NAME, "greeting"),
                            entry(PlinthAttributes.PROMPT_VERSION, "3"),
                            entry(PlinthAttributes.COST_CURRENCY, "USD"));
            assertThat(point.getAttributes().toString()).doesNotContain("user-7");
        });
        assertThat(sum("plinth.client.cost.unknown")).isEqualTo(1);
    }

    @Test
    void anAnswerOutOfTheCacheIsALookupAndNoCall() {
        Step hit = new Step.CacheLookup(
                "answers", Step.CacheLookup.Result.HIT, TestTime.START, Duration.ZERO, Usage.of(100, 20), CENT);
        layer(Conventions.GENAI_0_1)
                .around(new FakeChat(INFO, request -> {
                    request.context().report(hit);
                    return answer().toBuilder().cached(true).usage(Usage.NONE).build();
                }))
                .chat(ChatRequest.of("hi"));
        assertThat(metrics()).doesNotContainKeys("gen_ai.client.inference.duration", "plinth.client.cost");
        assertThat(sum("plinth.cache.lookups")).isEqualTo(1);
        assertThat(sum("plinth.cache.saved.tokens")).isEqualTo(120);
        assertThat(metrics().get("plinth.cache.saved.cost").getDoubleSumData().getPoints())
                .singleElement()
                .satisfies(point -> assertThat(point.getValue()).isEqualTo(0.01));
    }

    @Test
    void aStreamOutOfTheCacheSaysNothingOfTheModelsSpeed() {
        Step hit = new Step.CacheLookup(
                "answers", Step.CacheLookup.Result.HIT, TestTime.START, Duration.ZERO, Usage.of(100, 20), CENT);
        layer(Conventions.GENAI_0_1)
                .around(new FakeChat(INFO, request -> {
                    request.context().report(hit);
                    return answer().toBuilder().cached(true).usage(Usage.NONE).build();
                }))
                .stream(ChatRequest.of("hi"))
                .response();
        assertThat(metrics())
                .containsKey("plinth.cache.lookups")
                .doesNotContainKey("gen_ai.client.inference.time_to_first_chunk");
    }

    @Test
    void theTimeOfACallIsNotThatOfItsTelemetry() {
        ContentCapture slow = ContentCapture.builder(CaptureMode.FULL)
                .upload(content -> {
                    time.advance(Duration.ofSeconds(7));
                    return content;
                })
                .build();
        Tracing.builder(sdk)
                .time(time)
                .content(slow)
                .build()
                .layer()
                .around(model(answer()))
                .chat(ChatRequest.of("hi"));
        assertThat(histogram("gen_ai.client.inference.duration").getSum()).isEqualTo(0.3);
    }

    @Test
    void retriesCountWithWhatWentBefore() {
        Attempt failed = new Attempt(
                null, "openai", "m", "first", TestTime.START, Duration.ZERO, "overloaded", Usage.NONE, null);
        Attempt answered =
                new Attempt(null, "openai", "m", "retry", TestTime.START, Duration.ZERO, null, Usage.of(1, 1), null);
        layer(Conventions.GENAI_0_1)
                .around(model(answer().toBuilder()
                        .attempts(List.of(failed, failed, answered))
                        .build()))
                .chat(ChatRequest.of("hi"));
        assertThat(sum("plinth.client.retries")).isEqualTo(2);
    }

    @Test
    void triesForVectorsCountAsRetriesAndPartsOfManyTextsDoNot() {
        List<Attempt> tried =
                List.of(attempt(null), attempt("overloaded"), attempt(null), attempt("cancelled"), attempt("timeout"));
        EmbeddingModel model = layer(Conventions.GENAI_0_1)
                .around(new ForwardingEmbeddingModel(FakeEmbeddingModel.create()) {
                    @Override
                    public EmbeddingResponse embed(EmbeddingRequest request) {
                        return new EmbeddingResponse(next().embed(request).vectors(), "e", Usage.of(2, 0), null, tried);
                    }
                });
        model.embed(EmbeddingRequest.query("hi"));
        assertThat(sum("plinth.client.retries")).isEqualTo(1);
    }

    @Test
    void labelsStayFewWhateverUsersAskFor() {
        ChatModel model = layer(Conventions.GENAI_0_1).around(new FakeChat(INFO, request -> answer()));
        for (int i = 0; i < 300; i++) {
            model.chat(ChatRequest.builder().user("hi").model("m-" + i).build());
        }
        List<String> models = metrics().get("gen_ai.client.inference.duration").getHistogramData().getPoints().stream()
                .map(point -> point.getAttributes().get(GenAi.REQUEST_MODEL))
                .toList();
        assertThat(models).hasSize(101).contains(Labels.OTHER);
    }

    @Test
    void errorsStayFewWhateverOthersThrow() {
        AtomicInteger number = new AtomicInteger();
        for (Conventions conventions : Conventions.values()) {
            ChatModel model = layer(conventions).around(new FakeChat(INFO, request -> {
                String code = "code-" + number.incrementAndGet();
                throw new StrangersException(code).setAttempts(List.of(attempt(code), attempt(code)));
            }));
            for (int i = 0; i < 300; i++) {
                assertThatThrownBy(() -> model.chat(ChatRequest.of("hi"))).isInstanceOf(StrangersException.class);
            }
        }
        assertThat(reader.collectAllMetrics())
                .extracting(MetricData::getName)
                .contains(
                        "gen_ai.client.inference.duration",
                        "gen_ai.client.operation.duration",
                        "plinth.client.retries");
        assertLabelsAreFew();
    }

    @Test
    void serversStayFewWhereverTheyListen() {
        Layer layer = layer(Conventions.GENAI_0_1);
        for (int i = 0; i < 300; i++) {
            URI endpoint = URI.create("http://localhost:" + (40_000 + i));
            layer.around(new FakeChat(new ModelInfo("openai", "m", Set.of(), endpoint), request -> answer()))
                    .chat(ChatRequest.of("hi"));
        }
        assertLabelsAreFew();
        assertThat(metrics()
                        .get("gen_ai.client.inference.duration")
                        .getHistogramData()
                        .getPoints())
                .hasSize(101)
                .allSatisfy(point -> assertThat(point.getAttributes().get(GenAi.SERVER_ADDRESS) == null)
                        .isEqualTo(point.getAttributes().get(GenAi.SERVER_PORT) == null));
    }

    private static final class StrangersException extends LlmException {
        StrangersException(String code) {
            super(code, false, "no", ErrorDetails.NONE, null);
        }
    }

    private static Attempt attempt(String error) {
        return new Attempt(null, "openai", "m", "first", TestTime.START, Duration.ZERO, error, Usage.NONE, null);
    }

    /** Of each label of each metric: the first hundred values, and one for all others. */
    private void assertLabelsAreFew() {
        for (MetricData metric : reader.collectAllMetrics()) {
            Map<AttributeKey<?>, Set<Object>> values = new HashMap<>();
            metric.getData()
                    .getPoints()
                    .forEach(point -> point.getAttributes()
                            .forEach((label, value) -> values.computeIfAbsent(label, first -> new HashSet<>())
                                    .add(value)));
            values.forEach((label, of) ->
                    assertThat(of).as(metric.getName() + " by " + label).hasSizeLessThanOrEqualTo(101));
        }
    }

    @Test
    void whatBothVersionsWouldRecordCountsOnce() {
        Function<Conventions, Meter> meters = version ->
                sdk.meterBuilder("test").setSchemaUrl(version.schemaUrl()).build();
        EndedCall call = new EndedCall(
                Operation.RERANK, Attributes.of(GenAi.OPERATION_NAME, "rerank"), null, 0.3, Usage.UNKNOWN);
        Layer both =
                Tracing.builder(sdk).alsoMetricsOf(Conventions.V1_41).build().layer();
        both.around(reranker()).rerank(RerankRequest.of("q", List.of("a"), 1));
        assertThat(reranks()).isEqualTo(1);
        for (Set<Conventions> versions :
                List.of(Set.of(Conventions.values()), Set.of(Conventions.V1_41), Set.of(Conventions.GENAI_0_1))) {
            long before = reranks();
            CallMeters.of(versions, meters, new Labels(1)).forEach(each -> each.ended(call));
            assertThat(reranks() - before).as(versions.toString()).isEqualTo(1);
        }
    }

    private static Reranker reranker() {
        return new Reranker() {
            @Override
            public RerankResponse rerank(RerankRequest request) {
                return new RerankResponse(List.of(new RerankResponse.Ranked(0, 0.9)), "r", Usage.UNKNOWN);
            }

            @Override
            public ModelInfo info() {
                return INFO;
            }
        };
    }

    private long reranks() {
        return reader.collectAllMetrics().stream()
                .filter(metric -> metric.getName().equals("gen_ai.client.operation.duration"))
                .flatMap(metric -> metric.getHistogramData().getPoints().stream())
                .mapToLong(HistogramPointData::getCount)
                .sum();
    }

    @Test
    void aScoreThatNoHistogramTakesIsStillAResult() {
        List<String> warnings = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord warning) {
                warnings.add(warning.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("io.opentelemetry");
        logger.addHandler(handler);
        try {
            for (double value : new double[] {-1, 0, 1}) {
                Tracing.of(sdk)
                        .scores()
                        .accept(Score.builder("tone", Outcome.PASS, new Annotator(Annotator.Kind.MODEL, "judge"))
                                .value(value)
                                .build());
            }
        } finally {
            logger.removeHandler(handler);
        }
        assertThat(warnings).isEmpty();
        assertThat(histogram("plinth.evaluation.score").getCount()).isEqualTo(2);
        assertThat(sum("plinth.evaluation.results")).isEqualTo(3);
    }

    @Test
    void interactionsCount() {
        Layer layer = layer(Conventions.GENAI_0_1);
        try (Interaction interaction = Interaction.start("ask", CallContext.EMPTY, time)) {
            interaction.context().run(() -> layer.around(model(answer())).chat(ChatRequest.of("hi")));
        }
        assertThat(histogram("plinth.interaction.duration").getSum()).isEqualTo(0.3);
    }

    private StreamEvent piece(String text, int millis) {
        time.advance(Duration.ofMillis(millis));
        return new StreamEvent.TextDelta(text);
    }

    private static StreamEvent finished() {
        return new StreamEvent.Finished(answer());
    }

    private Map<String, MetricData> metrics() {
        return reader.collectAllMetrics().stream().collect(Collectors.toMap(MetricData::getName, metric -> metric));
    }

    private HistogramPointData histogram(String name) {
        List<HistogramPointData> points =
                List.copyOf(metrics().get(name).getHistogramData().getPoints());
        assertThat(points).as(name).hasSize(1);
        return points.get(0);
    }

    private long sum(String name) {
        return metrics().get(name).getLongSumData().getPoints().stream()
                .mapToLong(point -> point.getValue())
                .sum();
    }
}
