package dev.plinth.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.Media;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ReasoningEffort;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.chat.StreamEvent.TextDelta;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.api.context.Principal;
import dev.plinth.api.context.PromptRef;
import dev.plinth.api.context.Step;
import dev.plinth.api.context.Step.CacheLookup;
import dev.plinth.api.context.Step.GuardrailCheck;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.InputType;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.layer.Layer;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.rerank.RerankResponse;
import dev.plinth.api.rerank.Reranker;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Retrieval;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.retrieval.Retriever;
import dev.plinth.api.score.Annotator;
import dev.plinth.api.score.Outcome;
import dev.plinth.api.score.Score;
import dev.plinth.api.score.Target;
import dev.plinth.api.tool.Tool;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import dev.plinth.tracing.conformance.Registry;
import dev.plinth.tracing.content.CaptureMode;
import dev.plinth.tracing.content.ContentCapture;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.SimpleLogRecordProcessor;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.testing.exporter.InMemoryLogRecordExporter;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Currency;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * All that is emitted of every kind of call, spans and metrics and events, follows the version of the conventions it
 * declares, whatever is captured.
 */
class ConformanceTest {

    private static final Instant AT = Instant.parse("2026-11-01T10:00:00Z");
    private static final Cost CENT =
            new Cost(new BigDecimal("0.01"), Currency.getInstance("USD"), LocalDate.of(2026, 11, 1));
    private static final URI ENDPOINT = URI.create("https://llm.example/v1");
    private static final Usage USAGE = Usage.builder()
            .input(100)
            .cachedInput(40)
            .cacheWrite(10)
            .output(20)
            .reasoning(5)
            .build();

    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final InMemoryLogRecordExporter events = InMemoryLogRecordExporter.create();
    private final InMemoryMetricReader metrics = InMemoryMetricReader.create();
    private final Starts starts = new Starts();
    private final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(starts)
                    .addSpanProcessor(SimpleSpanProcessor.create(spans))
                    .build())
            .setLoggerProvider(SdkLoggerProvider.builder()
                    .addLogRecordProcessor(SimpleLogRecordProcessor.create(events))
                    .build())
            .setMeterProvider(
                    SdkMeterProvider.builder().registerMetricReader(metrics).build())
            .build();

    @AfterEach
    void close() {
        sdk.close();
    }

    @ParameterizedTest
    @EnumSource
    void withoutContent(Conventions conventions) {
        everything(Tracing.builder(sdk).conventions(conventions).build());

        assertConforms(conventions);
        assertThat(events.getFinishedLogRecordItems())
                .extracting(LogRecordData::getEventName)
                .containsOnly("gen_ai.evaluation.result", "gen_ai.client.operation.exception");
    }

    @ParameterizedTest
    @EnumSource
    void withCounts(Conventions conventions) {
        everything(Tracing.builder(sdk)
                .conventions(conventions)
                .content(ContentCapture.builder(CaptureMode.METADATA).build())
                .build());

        assertConforms(conventions);
    }

    @ParameterizedTest
    @EnumSource
    void withContentOnSpans(Conventions conventions) {
        everything(Tracing.builder(sdk)
                .conventions(conventions)
                .content(ContentCapture.builder(CaptureMode.FULL).build())
                .build());

        assertConforms(conventions);
        assertThat(attributes())
                .contains(
                        "gen_ai.system_instructions",
                        "gen_ai.input.messages",
                        "gen_ai.output.messages",
                        "gen_ai.tool.definitions",
                        "gen_ai.request.stop_sequences",
                        "gen_ai.tool.description",
                        "gen_ai.tool.call.id",
                        "gen_ai.tool.call.arguments",
                        "gen_ai.tool.call.result",
                        "gen_ai.retrieval.query.text",
                        "gen_ai.retrieval.documents");
    }

    @ParameterizedTest
    @EnumSource
    void withContentInEvents(Conventions conventions) {
        everything(Tracing.builder(sdk)
                .conventions(conventions)
                .content(ContentCapture.builder(CaptureMode.REDACTED)
                        .redactor(text -> text.replace("o", "0"))
                        .build())
                .contentAsEvents()
                .build());

        assertConforms(conventions);
        assertThat(events.getFinishedLogRecordItems())
                .extracting(LogRecordData::getEventName)
                .contains("gen_ai.client.inference.operation.details", "plinth.operation.details");
        assertThat(attributes()).doesNotContain("gen_ai.input.messages", "gen_ai.tool.call.arguments");
        assertDetailsAreJoined();
    }

    /** What joins content to its call, and says how that ended, is in the event as on the span. */
    private void assertDetailsAreJoined() {
        Map<String, SpanData> byId =
                spans.getFinishedSpanItems().stream().collect(Collectors.toMap(SpanData::getSpanId, span -> span));
        List<AttributeKey<?>> joining = List.of(
                GenAi.ERROR_TYPE,
                GenAi.CONVERSATION_ID,
                GenAi.REQUEST_MODEL,
                GenAi.TOOL_NAME,
                GenAi.DATA_SOURCE_ID,
                GenAi.RESPONSE_ID,
                GenAi.RESPONSE_MODEL,
                GenAi.FINISH_REASONS,
                GenAi.INPUT_TOKENS,
                GenAi.OUTPUT_TOKENS,
                PlinthAttributes.INTERACTION_ID);
        Set<AttributeKey<?>> seen = new HashSet<>();
        for (LogRecordData event : events.getFinishedLogRecordItems()) {
            if (String.valueOf(event.getEventName()).endsWith("operation.details")) {
                SpanData span = byId.get(event.getSpanContext().getSpanId());
                for (AttributeKey<?> key : joining) {
                    Object value = event.getAttributes().get(key);
                    assertThat(value)
                            .as(span.getName() + ": " + key)
                            .isEqualTo(span.getAttributes().get(key));
                    if (value != null) {
                        seen.add(key);
                    }
                }
            }
        }
        assertThat(seen).containsExactlyInAnyOrderElementsOf(joining);
    }

    @ParameterizedTest
    @EnumSource
    void withContentThatIsTooLong(Conventions conventions) {
        Tracing tracing = Tracing.builder(sdk)
                .conventions(conventions)
                .content(ContentCapture.builder(CaptureMode.FULL).maxBytes(1024).build())
                .build();
        ChatRequest.Builder talk =
                ChatRequest.builder().system("s".repeat(5_000)).user("x".repeat(5_000));
        for (int i = 0; i < 100; i++) {
            talk.user("one").message(Message.assistant("two"));
            talk.tool(new ToolSpec("tool-" + i, "does it", "{}"));
        }
        tracing.layer()
                .around(new FakeChat(remote("m"), request -> answer(FinishReason.STOP)))
                .chat(talk.build());

        assertConforms(conventions);
    }

    /** Every operation, every end, every step. */
    private void everything(Tracing tracing) {
        Interaction interaction = Interaction.start("ask", context());
        Layer layer = tracing.layer();
        try (interaction) {
            interaction.context().run(() -> {
                chats(layer);
                brokenChats(layer);
                vectorsAndOrder(layer);
                tools(layer);
            });
        }
        tracing.scores().accept(score(Target.interaction(interaction.id())));
        tracing.scores().accept(score(new Target(Target.Kind.RESPONSE, "r-1")));
        tracing.scores().accept(score(new Target(Target.Kind.CHUNK, "c-1")));
    }

    private static void chats(Layer layer) {
        ChatModel model = layer.around(new FakeChat(remote("m"), request -> {
            steps().forEach(request.context()::report);
            return answer(FinishReason.TOOL_CALLS);
        }));
        model.chat(request());
        model.stream(request()).response();
        layer.around(new FakeChat(ModelInfo.local("llamacpp", "m"), request -> ChatResponse.of("hi")))
                .chat(ChatRequest.of("hi"));
        layer.around(new FakeChat(
                        remote("cached"),
                        request -> answer(FinishReason.STOP).toBuilder()
                                .cached(true)
                                .usage(Usage.NONE)
                                .build()))
                .chat(request());
        layer.around(new FakeChat(
                        remote("tried"),
                        request -> answer(FinishReason.LENGTH).toBuilder()
                                .attempts(List.of(attempt("rate_limited"), attempt(null)))
                                .cost(CENT)
                                .build()))
                .chat(request());
    }

    private static void brokenChats(Layer layer) {
        ChatModel failing = layer.around(new FakeChat(remote("failing"), request -> {
            throw new OverloadedException("busy")
                    .setPartial("hel", Usage.of(10, 2))
                    .setAttempts(List.of(attempt("overloaded"), attempt("overloaded")));
        }));
        assertThatThrownBy(() -> failing.chat(request())).isInstanceOf(OverloadedException.class);
        assertThatThrownBy(() -> failing.stream(request()).response()).isInstanceOf(OverloadedException.class);
        ChatStream given = FakeChat.events(
                Arrays.asList(new TextDelta("a"), new TextDelta("never")).iterator());
        ChatStream stream = layer
                .around(new FakeChat(remote("given-up"), request -> ChatResponse.of("")).streaming(request -> given))
                .stream(request());
        stream.iterator().next();
        stream.close();
    }

    private static void vectorsAndOrder(Layer layer) {
        layer.around(embeddings(remote("remote"))).embed(vectors());
        layer.around(embeddings(ModelInfo.local("onnx", "local"))).embed(vectors());
        layer.around(reranker(remote("r"))).rerank(RerankRequest.of("q", List.of("a", "b"), 1));
        layer.around(reranker(ModelInfo.local("onnx", "r"))).rerank(RerankRequest.of("q", List.of("a", "b"), 1));
        layer.around(retriever()).retrieve(RetrievalRequest.of("q", 4).in(context()));
    }

    private static void tools(Layer layer) {
        ToolCall call = new ToolCall("c-1", "weather", "{\"at\": \"Bonn\"}");
        layer.around(tool(call.result("rain"))).call(call, context());
        layer.around(tool(call.error("no such place"))).call(call, context());
        assertThatThrownBy(() -> layer.around(tool(null)).call(call, context()))
                .isInstanceOf(IllegalStateException.class);
    }

    private static List<Step> steps() {
        return List.of(
                new CacheLookup("answers", CacheLookup.Result.MISS, AT, Duration.ZERO, Usage.NONE, null),
                new CacheLookup("answers", CacheLookup.Result.HIT, AT, Duration.ZERO, USAGE, CENT),
                new CacheLookup("answers", CacheLookup.Result.FAILED, AT, Duration.ZERO, Usage.NONE, null),
                new GuardrailCheck(
                        "masking",
                        GuardrailCheck.Side.INPUT,
                        GuardrailCheck.Verdict.CHANGED,
                        AT,
                        Duration.ZERO,
                        Map.of("email", 1)),
                new Step.Other("budget", "team", "granted", AT, Duration.ZERO));
    }

    private static Attempt attempt(@Nullable String error) {
        return new Attempt(
                "eu",
                "openai",
                "m",
                "first choice",
                AT,
                Duration.ZERO,
                error,
                error == null ? USAGE : Usage.NONE,
                null);
    }

    private static Score score(Target target) {
        return Score.builder("thumb", Outcome.PASS, new Annotator(Annotator.Kind.HUMAN, "user-7"))
                .value(1)
                .target(target)
                .at(AT)
                .build();
    }

    private void assertConforms(Conventions conventions) {
        Registry registry = Registry.load(conventions.version());
        List<String> problems = new ArrayList<>();
        assertThat(spans.getFinishedSpanItems()).isNotEmpty();
        for (SpanData span : spans.getFinishedSpanItems()) {
            Stream.concat(
                            registry.check(span).stream(),
                            registry.checkStart(starts.attributes.get(span.getSpanId()), span).stream())
                    .forEach(problem -> problems.add(span.getName() + ": " + problem));
        }
        for (LogRecordData event : events.getFinishedLogRecordItems()) {
            registry.check(event).forEach(problem -> problems.add(event.getEventName() + ": " + problem));
        }
        assertThat(starts.attributes).hasSameSizeAs(spans.getFinishedSpanItems());
        Collection<MetricData> all = metrics.collectAllMetrics();
        assertThat(all).isNotEmpty();
        for (MetricData metric : all) {
            registry.check(metric).forEach(problem -> problems.add(metric.getName() + ": " + problem));
        }
        assertThat(problems.stream().distinct()).isEmpty();
    }

    private Set<String> attributes() {
        return spans.getFinishedSpanItems().stream()
                .flatMap(span -> span.getAttributes().asMap().keySet().stream())
                .map(AttributeKey::getKey)
                .collect(Collectors.toSet());
    }

    private static ModelInfo remote(String model) {
        return new ModelInfo("openai", model, Set.of(), ENDPOINT);
    }

    private static CallContext context() {
        return CallContext.builder()
                .principal(new Principal("shop", "web", null))
                .session("session-1")
                .useCase("weather")
                .prompt(new PromptRef("greeting", "3"))
                .build();
    }

    private static ChatRequest request() {
        ToolCall call = new ToolCall("c-1", "weather", "{\"at\": \"Bonn\"}");
        return ChatRequest.builder()
                .system("be brief")
                .message(Message.user(
                        new Part.Text("hello"),
                        new Part.Image(Media.of(new byte[] {1}, "image/png")),
                        new Part.File(Media.of(ENDPOINT, "application/pdf"), "a.pdf"),
                        new Part.Other("openai", "odd", "{\"a\": 1}"),
                        new Part.CachePoint()))
                .message(Message.assistant(List.of(new Part.Reasoning("hm"), call)))
                .message(Message.tool(List.of(call.result("rain"))))
                .tool(new ToolSpec("weather", "tells the weather", "{\"type\": \"object\"}"))
                .stop("never")
                .reasoningEffort(ReasoningEffort.LOW)
                .temperature(0.5)
                .topP(0.9)
                .maxOutputTokens(64)
                .seed(7)
                .responseFormat(new ResponseFormat.Json())
                .context(context())
                .build();
    }

    private static ChatResponse answer(FinishReason reason) {
        return ChatResponse.of("hello").toBuilder()
                .model("m-2026-01-01")
                .id("r-1")
                .usage(USAGE)
                .finishReason(reason)
                .build();
    }

    private static EmbeddingRequest vectors() {
        return EmbeddingRequest.builder(List.of("q"), InputType.QUERY)
                .dimensions(2)
                .context(context())
                .build();
    }

    private static EmbeddingModel embeddings(ModelInfo info) {
        return new EmbeddingModel() {
            @Override
            public EmbeddingResponse embed(EmbeddingRequest request) {
                Usage usage = Usage.builder().input(3).output(0).build();
                return new EmbeddingResponse(List.of(new float[] {1, 0}), "e", usage);
            }

            @Override
            public ModelInfo info() {
                return info;
            }

            @Override
            public OptionalInt dimensions() {
                return OptionalInt.of(2);
            }
        };
    }

    private static Reranker reranker(ModelInfo info) {
        return new Reranker() {
            @Override
            public RerankResponse rerank(RerankRequest request) {
                Usage usage = Usage.builder().input(3).output(0).build();
                return new RerankResponse(List.of(new RerankResponse.Ranked(1, 0.9)), "r", usage);
            }

            @Override
            public ModelInfo info() {
                return info;
            }
        };
    }

    private static Retriever retriever() {
        return new Retriever() {
            @Override
            public Retrieval retrieve(RetrievalRequest request) {
                Chunk chunk = new Chunk(
                        "c-1", "d-1", "docs", "some text", new Chunk.Span(0, 9, 1, 1), List.of(), Metadata.NONE);
                return new Retrieval(request.query(), List.of(new Match(chunk, 0.5)));
            }

            @Override
            public String name() {
                return "docs";
            }
        };
    }

    /** A tool that gives this result; one that throws when it is null. */
    private static Tool tool(@Nullable ToolResult result) {
        return new Tool() {
            @Override
            public ToolSpec spec() {
                return new ToolSpec("weather", "tells the weather", "{}");
            }

            @Override
            public ToolResult call(ToolCall call, CallContext context) {
                if (result == null) {
                    throw new IllegalStateException("broken");
                }
                return result;
            }
        };
    }

    /** Keeps the attributes that spans start with. */
    private static final class Starts implements SpanProcessor {

        final Map<String, Attributes> attributes = new ConcurrentHashMap<>();

        @Override
        public void onStart(Context parent, ReadWriteSpan span) {
            attributes.put(span.getSpanContext().getSpanId(), span.toSpanData().getAttributes());
        }

        @Override
        public boolean isStartRequired() {
            return true;
        }

        @Override
        public void onEnd(ReadableSpan span) {}

        @Override
        public boolean isEndRequired() {
            return false;
        }
    }
}
