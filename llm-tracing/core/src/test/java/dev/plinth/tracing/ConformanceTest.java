package dev.plinth.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.chat.StreamEvent.TextDelta;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.api.context.Principal;
import dev.plinth.api.context.PromptRef;
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
import dev.plinth.api.retrieval.Retrieval;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.retrieval.Retriever;
import dev.plinth.api.tool.Tool;
import dev.plinth.api.usage.Usage;
import dev.plinth.tracing.conformance.Registry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the layer emits of every kind of call follows the conventions it declares. */
class ConformanceTest {

    private static final Registry REGISTRY = Registry.load("genai-0.1");
    private static final URI ENDPOINT = URI.create("https://llm.example/v1");
    private static final Usage USAGE = Usage.builder()
            .input(100)
            .cachedInput(40)
            .cacheWrite(10)
            .output(20)
            .reasoning(5)
            .build();

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final Starts starts = new Starts();
    private final SdkTracerProvider provider = SdkTracerProvider.builder()
            .addSpanProcessor(starts)
            .addSpanProcessor(SimpleSpanProcessor.create(exporter))
            .build();
    private final Layer layer =
            Tracing.layer(OpenTelemetrySdk.builder().setTracerProvider(provider).build());

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void chatCalls() {
        ChatModel model = layer.around(new FakeChat(remote("m"), request -> answer(FinishReason.TOOL_CALLS)));
        model.chat(request());
        model.stream(request()).response();
        layer.around(new FakeChat(ModelInfo.local("llamacpp", "m"), request -> ChatResponse.of("hi")))
                .chat(ChatRequest.of("hi"));

        assertThat(problems()).isEmpty();
    }

    @Test
    void chatCallsThatDoNotEndWell() {
        ChatModel failing = layer.around(new FakeChat(remote("m"), request -> {
            throw new OverloadedException("busy").setPartial("", Usage.of(10, 2));
        }));
        assertThatThrownBy(() -> failing.chat(request())).isInstanceOf(OverloadedException.class);
        assertThatThrownBy(() -> failing.stream(request()).response()).isInstanceOf(OverloadedException.class);
        ChatStream given = FakeChat.events(
                Arrays.asList(new TextDelta("a"), new TextDelta("never")).iterator());
        ChatStream stream =
                layer
                        .around(new FakeChat(remote("m"), request -> ChatResponse.of("")).streaming(request -> given))
                        .stream(request());
        stream.iterator().next();
        stream.close();

        assertThat(problems()).isEmpty();
    }

    @Test
    void embeddings() {
        layer.around(embeddings(remote("remote"))).embed(vectors());
        layer.around(embeddings(ModelInfo.local("onnx", "local"))).embed(vectors());

        // Known deviations, one a line; each goes with what causes it.
        assertThat(problems())
                .containsExactlyInAnyOrder(
                        "embeddings remote: gen_ai.usage.output_tokens: not an attribute of embeddings",
                        "embeddings local: gen_ai.usage.output_tokens: not an attribute of embeddings",
                        "embeddings local: kind: INTERNAL (expected: CLIENT)");
    }

    @Test
    void reranking() {
        layer.around(reranker(remote("r"))).rerank(RerankRequest.of("q", List.of("a", "b"), 1));
        layer.around(reranker(ModelInfo.local("onnx", "r"))).rerank(RerankRequest.of("q", List.of("a", "b"), 1));

        assertThat(problems()).isEmpty();
    }

    @Test
    void retrieval() {
        layer.around(retriever()).retrieve(RetrievalRequest.of("q", 4).in(context()));

        assertThat(problems()).isEmpty();
    }

    @Test
    void tools() {
        ToolCall call = new ToolCall("c-1", "weather", "{\"at\": \"Bonn\"}");
        layer.around(tool(call.result("rain"))).call(call, context());
        layer.around(tool(call.error("no such place"))).call(call, context());
        assertThatThrownBy(() -> layer.around(tool(null)).call(call, context()))
                .isInstanceOf(IllegalStateException.class);

        assertThat(problems()).isEmpty();
    }

    @Test
    void interactions() {
        Interaction interaction = Interaction.start("ask", context());
        try (interaction) {
            interaction
                    .context()
                    .run(() -> layer.around(new FakeChat(remote("m"), request -> ChatResponse.of("hi")))
                            .chat(ChatRequest.of("hi")));
        }

        assertThat(exporter.getFinishedSpanItems())
                .extracting(SpanData::getName)
                .contains("ask");
        assertThat(problems()).isEmpty();
    }

    private List<String> problems() {
        assertThat(exporter.getFinishedSpanItems()).isNotEmpty().hasSameSizeAs(starts.attributes.keySet());
        return exporter.getFinishedSpanItems().stream()
                .flatMap(span -> Stream.concat(
                                REGISTRY.check(span).stream(),
                                REGISTRY.checkStart(starts.attributes.get(span.getSpanId()), span).stream())
                        .map(problem -> span.getName() + ": " + problem))
                .toList();
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
        return ChatRequest.builder()
                .user("hello")
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
                return new RerankResponse(List.of(new RerankResponse.Ranked(1, 0.9)), "r", usage, null);
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
                return new Retrieval(request.query(), List.of());
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
