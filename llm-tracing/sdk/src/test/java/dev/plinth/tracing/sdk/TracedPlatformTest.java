package dev.plinth.tracing.sdk;

import static io.opentelemetry.api.common.AttributeKey.stringKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.api.context.Step;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.InputType;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.layer.Platform;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.retrieval.Retrieval;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.retrieval.Retriever;
import dev.plinth.api.score.Annotator;
import dev.plinth.api.score.Outcome;
import dev.plinth.api.score.Score;
import dev.plinth.api.score.Target;
import dev.plinth.api.testkit.FakeEmbeddingModel;
import dev.plinth.api.testkit.FakeReranker;
import dev.plinth.api.testkit.Reply;
import dev.plinth.api.testkit.ScriptedChatModel;
import dev.plinth.api.tool.Tool;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import dev.plinth.servers.OtlpReceiver;
import dev.plinth.tracing.Tracing;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** A platform traced for real: what is kept, what is written and what a receiver decodes is one and the same tree. */
class TracedPlatformTest {
    private static final Cost COST =
            new Cost(new BigDecimal("0.0012"), Currency.getInstance("USD"), LocalDate.of(2026, 11, 1));

    @Example
    void oneTreeInTheProcessInTheFileAndAtTheReceiver() throws IOException {
        Path file = Files.createTempFile("traces", ".jsonl");
        try (OtlpReceiver receiver = OtlpReceiver.start()) {
            TraceExport.Builder otlp = TraceExport.builder("otlp")
                    .spans(OtlpHttpSpanExporter.builder()
                            .setEndpoint(receiver.address() + "/v1/traces")
                            .setCompression("gzip")
                            .build());
            TracingSdk sdk = TracingSdk.builder("shop").file(file).export(otlp).build();
            Interaction interaction = ask(platform(sdk));
            sdk.close();

            TraceTree tree = sdk.traces().interaction(interaction.id()).orElseThrow();
            assertThat(tree.nodes().stream().limit(7).map(TraceNode::name))
                    .contains("ask", "retrieval docs", "embeddings fake-embedding", "rerank fake-reranker");
            assertThat(tree.unended()).isZero();
            assertThat(tree.orphans()).isZero();
            assertThat(tree.usage()).isEqualTo(interaction.usage());

            List<ResourceSpans> received = receiver.resourceSpans();
            assertSameTree(tree, spans(received));
            assertSameTree(tree, spans(written(file)));
            assertThat(received.get(0).getResource().getAttributesList())
                    .contains(KeyValue.newBuilder()
                            .setKey("service.name")
                            .setValue(AnyValue.newBuilder().setStringValue("shop"))
                            .build());
        } finally {
            Files.delete(file);
        }
    }

    /** A retrieval with an embedding, a reranking, a chat that asks for a tool on another thread, a failure, a stream. */
    private static Interaction ask(Platform platform) {
        CallContext context = CallContext.builder().session("s-1").build();
        Interaction interaction = Interaction.start("ask", context);
        interaction.context().run(() -> {
            platform.retriever("docs").retrieve(RetrievalRequest.of("q", 3));
            platform.reranker("ranker").rerank(RerankRequest.of("q", List.of("a", "b"), 2));
            CompletableFuture.runAsync(interaction
                            .context()
                            .wrap(() -> platform.tool("weather")
                                    .call(new ToolCall("c-1", "weather", "{}"), CallContext.current())))
                    .join();
            assertThatThrownBy(() -> platform.chat("broken").chat(ChatRequest.of("hi")))
                    .isInstanceOf(OverloadedException.class);
            platform.chat("writer").stream(ChatRequest.of("hi")).response();
        });
        interaction.close();
        return interaction;
    }

    private static Platform platform(TracingSdk sdk) {
        ScriptedChatModel writer = ScriptedChatModel.builder()
                .otherwise(request -> Reply.of(ChatResponse.builder()
                        .message(Message.assistant("Hello there."))
                        .id("r-1")
                        .usage(Usage.of(12, 3))
                        .cost(COST)
                        .build()))
                .build();
        Platform[] self = new Platform[1];
        self[0] = Platform.builder()
                .chat("writer", writer)
                .chat("broken", ScriptedChatModel.of(Reply.error(() -> new OverloadedException("busy"))))
                .embedding("vectors", FakeEmbeddingModel.create())
                .reranker("ranker", FakeReranker.create())
                .retriever("docs", retriever(self))
                .tool(tool(self))
                .layer(Tracing.of(sdk.openTelemetry()).layer())
                .build();
        return self[0];
    }

    private static Retriever retriever(Platform[] platform) {
        return new Retriever() {
            @Override
            public Retrieval retrieve(RetrievalRequest request) {
                platform[0]
                        .embedding("vectors")
                        .embed(EmbeddingRequest.builder(List.of("q"), InputType.QUERY)
                                .build());
                return new Retrieval(request.query(), List.of());
            }

            @Override
            public String name() {
                return "docs";
            }
        };
    }

    private static Tool tool(Platform[] platform) {
        return new Tool() {
            @Override
            public ToolSpec spec() {
                return new ToolSpec("weather", "tells the weather", "{}");
            }

            @Override
            public ToolResult call(ToolCall call, CallContext context) {
                return call.result(
                        platform[0].chat("writer").chat(ChatRequest.of("rain?")).text());
            }
        };
    }

    private static List<ResourceSpans> written(Path file) throws IOException {
        List<ResourceSpans> resources = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            resources.addAll(OtlpJsonReader.read(line.getBytes(StandardCharsets.UTF_8), TracesData.getDefaultInstance())
                    .getResourceSpansList());
        }
        return resources;
    }

    private static List<Span> spans(List<ResourceSpans> resources) {
        return resources.stream()
                .flatMap(resource -> resource.getScopeSpansList().stream())
                .flatMap(scope -> scope.getSpansList().stream())
                .toList();
    }

    private static void assertSameTree(TraceTree tree, List<Span> spans) {
        Map<String, Span> byId = new HashMap<>();
        spans.forEach(span -> byId.put(hex(span.getSpanId().toByteArray()), span));
        assertThat(byId).hasSameSizeAs(spans).hasSize(tree.nodes().size());
        for (TraceNode node : tree.nodes()) {
            Span span = byId.get(node.spanId());
            assertThat(hex(span.getTraceId().toByteArray())).isEqualTo(tree.traceId());
            assertThat(hex(span.getParentSpanId().toByteArray()))
                    .isEqualTo(node.parentSpanId().orElse(""));
            assertThat(span.getName()).isEqualTo(node.name());
            assertThat(texts(span)).isEqualTo(texts(node.attributes()));
            assertThat(span.getEndTimeUnixNano() - span.getStartTimeUnixNano())
                    .isEqualTo(node.duration().toNanos());
        }
        assertThat(spans.stream().filter(span -> span.getParentSpanId().isEmpty()))
                .hasSize(1);
    }

    private static Map<String, String> texts(Attributes attributes) {
        Map<String, String> texts = new TreeMap<>();
        attributes.forEach((key, value) -> texts.put(key.getKey(), value.toString()));
        return texts;
    }

    private static Map<String, String> texts(Span span) {
        Map<String, String> texts = new TreeMap<>();
        span.getAttributesList().forEach(attribute -> texts.put(attribute.getKey(), text(attribute.getValue())));
        return texts;
    }

    private static String text(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> value.getStringValue();
            case INT_VALUE -> Long.toString(value.getIntValue());
            case DOUBLE_VALUE -> Double.toString(value.getDoubleValue());
            case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
            case ARRAY_VALUE ->
                value.getArrayValue().getValuesList().stream()
                        .map(TracedPlatformTest::text)
                        .toList()
                        .toString();
            default -> throw new AssertionError(value.getValueCase());
        };
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Example
    void stepsTriesAndJudgementsAreInTheTree() {
        TracingSdk sdk = TracingSdk.builder("shop").build();
        Tracing tracing = Tracing.of(sdk.openTelemetry());
        Interaction interaction = judged(tracing);
        sdk.close();

        TraceTree tree = sdk.traces().interaction(interaction.id()).orElseThrow();
        assertThat(tree.nodes())
                .extracting(TraceNode::kind)
                .containsExactlyInAnyOrder(
                        TraceNode.Kind.INTERACTION,
                        TraceNode.Kind.CHAT,
                        TraceNode.Kind.GUARDRAIL,
                        TraceNode.Kind.CACHE,
                        TraceNode.Kind.ATTEMPT,
                        TraceNode.Kind.ATTEMPT);
        TraceNode chat = tree.nodes().get(1);
        assertThat(tree.roots().get(0).scores())
                .extracting(TraceScore::name, TraceScore::outcome)
                .containsExactly(tuple("thumb", Outcome.FAIL));
        assertThat(chat.scores())
                .containsExactly(new TraceScore("grounded", Outcome.PASS, 0.9, "pass", null, Annotator.Kind.MODEL));
        assertThat(tree.usage()).isEqualTo(interaction.usage());
        assertThat(sdk.traces().figures()).containsEntry("tracing.local.scores.unmatched", 0.0);
    }

    @Example
    void aThumbDownThatComesInTimeKeepsTheTrace() {
        Passed passed = new Passed();
        TailSampling sampling =
                TailSampling.builder(passed, 0).waitFor(Duration.ofHours(1)).build();
        OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(sampling.spanProcessor())
                        .build())
                .setLoggerProvider(SdkLoggerProvider.builder()
                        .addLogRecordProcessor(sampling.logRecordProcessor())
                        .build())
                .build();
        Tracing tracing = Tracing.of(sdk);
        for (boolean down : List.of(true, false)) {
            Platform platform = Platform.builder()
                    .chat("m", ScriptedChatModel.of("ok"))
                    .layer(tracing.layer())
                    .build();
            Interaction interaction = Interaction.start(down ? "bad" : "good", CallContext.EMPTY);
            interaction.context().run(() -> platform.chat("m").chat(ChatRequest.of("hi")));
            interaction.close();
            tracing.scores().accept(thumb(interaction, down ? Outcome.FAIL : Outcome.PASS));
        }
        sdk.close();
        assertThat(passed.names()).containsExactlyInAnyOrder("bad", "chat scripted");
    }

    @Example
    void aHedgeThatLostIsShownAndIsNoReasonToKeepTheTrace() {
        Passed passed = new Passed();
        TailSampling sampling =
                TailSampling.builder(passed, 0).waitFor(Duration.ofHours(1)).build();
        LocalTraces traces = LocalTraces.create();
        OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(sampling.spanProcessor())
                        .addSpanProcessor(traces.spanProcessor())
                        .build())
                .build();
        Instant at = Instant.parse("2026-11-01T10:00:00Z");
        Duration brief = Duration.ofMillis(1);
        List<Attempt> attempts = List.of(
                new Attempt("a", "fake", "m", "first choice", at, brief, "cancelled", Usage.NONE, null),
                new Attempt("b", "fake", "m", "hedge", at, brief, null, Usage.of(9, 2), COST));
        ScriptedChatModel model = ScriptedChatModel.builder()
                .otherwise(request -> Reply.of(ChatResponse.builder()
                        .message(Message.assistant("ok"))
                        .attempts(attempts)
                        .build()))
                .build();
        Tracing.of(sdk).layer().around(model).chat(ChatRequest.of("hi"));
        assertThat(traces.recent(1).get(0).lines())
                .anySatisfy(line -> assertThat(line).contains("attempt m").endsWith("first choice, cancelled"))
                .noneMatch(line -> line.contains("failed"));
        sdk.close();
        assertThat(passed.names()).isEmpty();
    }

    /** A masked question, a look into a cache, two tries, a verdict on the answer and a thumb on the whole. */
    private static Interaction judged(Tracing tracing) {
        Instant at = Instant.parse("2026-11-01T10:00:00Z");
        Duration brief = Duration.ofMillis(1);
        List<Attempt> attempts = List.of(
                new Attempt("a", "fake", "m", "first choice", at, brief, "overloaded", Usage.NONE, null),
                new Attempt("b", "fake", "m", "fallback from a: overloaded", at, brief, null, Usage.of(9, 2), COST));
        ScriptedChatModel model = ScriptedChatModel.builder()
                .otherwise(request -> {
                    request.context()
                            .report(new Step.GuardrailCheck(
                                    "masking",
                                    Step.GuardrailCheck.Side.INPUT,
                                    Step.GuardrailCheck.Verdict.CHANGED,
                                    at,
                                    brief,
                                    Map.of("email", 1)));
                    request.context()
                            .report(new Step.CacheLookup(
                                    "answers", Step.CacheLookup.Result.MISS, at, brief, Usage.NONE, null));
                    return Reply.of(ChatResponse.builder()
                            .message(Message.assistant("ok"))
                            .id("r-7")
                            .usage(Usage.of(9, 2))
                            .cost(COST)
                            .attempts(attempts)
                            .build());
                })
                .build();
        Platform platform =
                Platform.builder().chat("m", model).layer(tracing.layer()).build();
        Interaction interaction = Interaction.start("ask", CallContext.EMPTY);
        interaction.context().run(() -> platform.chat("m").chat(ChatRequest.of("hi")));
        interaction.close();
        tracing.scores().accept(thumb(interaction, Outcome.FAIL));
        tracing.scores()
                .accept(Score.builder("grounded", Outcome.PASS, new Annotator(Annotator.Kind.MODEL, "judge"))
                        .value(0.9)
                        .target(new Target(Target.Kind.RESPONSE, "r-7"))
                        .build());
        return interaction;
    }

    private static Score thumb(Interaction interaction, Outcome outcome) {
        return Score.builder("thumb", outcome, new Annotator(Annotator.Kind.HUMAN, "user-7"))
                .target(Target.interaction(interaction.id()))
                .build();
    }

    /** What a call of a model says of itself; the cost may be null. */
    record Answer(Usage usage, Cost cost, boolean cached, boolean fails, boolean nested) {}

    @Provide
    Arbitrary<List<Answer>> answers() {
        Arbitrary<Usage> usages = Arbitraries.oneOf(
                Arbitraries.of(Usage.UNKNOWN, Usage.NONE),
                Combinators.combine(
                                Arbitraries.integers().between(-1, 100),
                                Arbitraries.integers().between(-1, 100),
                                Arbitraries.integers().between(-1, 9),
                                Arbitraries.of(Usage.Source.REPORTED, Usage.Source.ESTIMATED))
                        .as((input, output, cached, source) -> Usage.builder()
                                .input(input)
                                .output(output)
                                .cachedInput(cached)
                                .source(source)
                                .build())
                        .filter(usage ->
                                usage.input().isPresent() || usage.output().isPresent()));
        Arbitrary<Cost> costs = Combinators.combine(
                        Arbitraries.integers().between(0, 1_000_000),
                        Arbitraries.frequency(Tuple.of(9, "USD"), Tuple.of(1, "EUR")))
                .as((millionths, currency) ->
                        new Cost(BigDecimal.valueOf(millionths, 6), Currency.getInstance(currency), COST.priceDate()))
                .injectNull(0.1);
        Arbitrary<Boolean> rarely = Arbitraries.frequency(Tuple.of(8, false), Tuple.of(1, true));
        return Combinators.combine(usages, costs, rarely, rarely, Arbitraries.of(true, false))
                .as(Answer::new)
                .list()
                .ofMaxSize(5);
    }

    @Property(tries = 300)
    void totalsAreThoseOfTheInteraction(@ForAll("answers") List<Answer> answers) {
        TracingSdk sdk = TracingSdk.builder("test").build();
        Interaction interaction = Interaction.start("ask", CallContext.EMPTY);
        interaction.context().run(() -> call(sdk, answers, 0));
        interaction.close();
        sdk.close();
        if (answers.isEmpty()) {
            assertThat(sdk.traces().interaction(interaction.id())).isEmpty();
            return;
        }
        TraceTree tree = sdk.traces().interaction(interaction.id()).orElseThrow();
        assertThat(tree.usage()).isEqualTo(interaction.usage());
        assertThat(tree.cost().map(TraceNode.Money::currency))
                .isEqualTo(interaction.cost().map(cost -> cost.currency().getCurrencyCode()));
        assertThat(tree.cost().map(money -> money.amount().stripTrailingZeros()))
                .isEqualTo(interaction.cost().map(cost -> cost.amount().stripTrailingZeros()));
        assertThat(tree.nodes().get(0).attributes().get(stringKey("plinth.interaction.id")))
                .isEqualTo(interaction.id());
    }

    /** Calls the rest of the models after this one, or within it. */
    private static void call(TracingSdk sdk, List<Answer> answers, int position) {
        if (position == answers.size()) {
            return;
        }
        Answer answer = answers.get(position);
        ScriptedChatModel model = ScriptedChatModel.builder()
                .otherwise(request -> {
                    if (answer.nested) {
                        call(sdk, answers, position + 1);
                    }
                    return answer.fails ? Reply.error(() -> new OverloadedException("busy")) : reply(answer);
                })
                .build();
        Platform platform = Platform.builder()
                .chat("m", model)
                .layer(Tracing.of(sdk.openTelemetry()).layer())
                .build();
        try {
            platform.chat("m").chat(ChatRequest.of("hi"));
        } catch (OverloadedException expected) {
            assertThat(answer.fails).isTrue();
        }
        if (!answer.nested) {
            call(sdk, answers, position + 1);
        }
    }

    private static Reply reply(Answer answer) {
        ChatResponse.Builder response = ChatResponse.builder()
                .message(Message.assistant("ok"))
                .usage(answer.usage)
                .cost(answer.cost)
                .cached(answer.cached);
        return Reply.of(response.build());
    }
}
