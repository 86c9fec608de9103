package dev.plinth.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
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
import dev.plinth.api.layer.Platform;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.rerank.RerankResponse;
import dev.plinth.api.rerank.Reranker;
import dev.plinth.api.retrieval.Retrieval;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.retrieval.Retriever;
import dev.plinth.api.tool.Tool;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.math.BigDecimal;
import java.net.URI;
import java.time.LocalDate;
import java.util.Currency;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One user prompt with six sub-calls on several threads, its stream read elsewhere and after the end. */
class TreeTest {

    private static final Vocabulary WORDS = Vocabulary.of(Conventions.newest());
    private static final Cost COST =
            new Cost(new BigDecimal("0.25"), Currency.getInstance("USD"), LocalDate.of(2026, 11, 1));

    private final Recording recording = new Recording();
    private final ExecutorService pool = Executors.newFixedThreadPool(3);
    private final ExecutorService reader = Executors.newSingleThreadExecutor();
    private final Platform platform = Platform.builder()
            .embedding("vectors", embeddings())
            .retriever("docs", retriever())
            .reranker("order", reranker())
            .chat("rewrite", model("rewriter"))
            .chat("answer", model("writer"))
            .tool(tool())
            .layer(recording.layer())
            .build();

    @AfterEach
    void stop() {
        pool.shutdownNow();
        reader.shutdownNow();
    }

    @Test
    void sixCallsMakeOneTree() throws Exception {
        runFlow();

        recording.assertOneWholeTree();
        assertThat(recording.parents())
                .containsOnly(
                        entry("ask", "-"),
                        entry("chat rewriter", "ask"),
                        entry("retrieval docs", "ask"),
                        entry("embeddings embedder", "retrieval docs"),
                        entry("rerank ranker", "ask"),
                        entry("execute_tool weather", "ask"),
                        entry("chat writer", "execute_tool weather"));
    }

    @Test
    void everySpanSaysWhatWasAskedAndUsed() throws Exception {
        Interaction interaction = runFlow();

        SpanData chat = recording.named("chat writer");
        assertThat(chat.getKind()).isEqualTo(SpanKind.CLIENT);
        assertThat(chat.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        assertThat(chat.getInstrumentationScopeInfo().getSchemaUrl())
                .isEqualTo(Conventions.newest().schemaUrl());
        assertThat(chat.getAttributes().asMap())
                .containsEntry(GenAi.OPERATION_NAME, "chat")
                .containsEntry(GenAi.PROVIDER_NAME, "fake")
                .containsEntry(GenAi.REQUEST_MODEL, "writer")
                .containsEntry(GenAi.RESPONSE_MODEL, "writer-2026-01-01")
                .containsEntry(GenAi.RESPONSE_ID, "r-1")
                .containsEntry(GenAi.FINISH_REASONS, List.of("stop"))
                .containsEntry(GenAi.REQUEST_TEMPERATURE, 0.5)
                .containsEntry(GenAi.REQUEST_TOP_P, 0.9)
                .containsEntry(GenAi.REQUEST_MAX_TOKENS, 64L)
                .containsEntry(GenAi.REQUEST_SEED, 7L)
                .containsEntry(GenAi.REQUEST_STREAM, true)
                .containsEntry(GenAi.INPUT_TOKENS, 100L)
                .containsEntry(GenAi.OUTPUT_TOKENS, 20L)
                .containsEntry(GenAi.CACHE_READ_TOKENS, 40L)
                .containsEntry(WORDS.cacheWriteTokens(), 10L)
                .containsEntry(GenAi.REASONING_TOKENS, 5L)
                .containsEntry(GenAi.SERVER_ADDRESS, "llm.example")
                .containsEntry(GenAi.SERVER_PORT, 8443L)
                .containsEntry(GenAi.CONVERSATION_ID, "session-1")
                .containsEntry(WORDS.promptName(), "greeting")
                .containsEntry(WORDS.promptVersion(), "3")
                .containsEntry(PlinthAttributes.INTERACTION_ID, interaction.id())
                .containsEntry(PlinthAttributes.COST_AMOUNT, 0.25)
                .containsEntry(PlinthAttributes.COST_CURRENCY, "USD")
                .containsEntry(PlinthAttributes.CACHED, false)
                .containsKey(GenAi.TIME_TO_FIRST_CHUNK)
                .doesNotContainKeys(GenAi.ERROR_TYPE, GenAi.OUTPUT_TYPE);
        assertThat(recording.named("embeddings embedder").getAttributes().asMap())
                .containsEntry(GenAi.OPERATION_NAME, "embeddings")
                .containsEntry(GenAi.EMBEDDING_DIMENSIONS, 2L)
                .containsEntry(GenAi.INPUT_TOKENS, 3L)
                .doesNotContainKey(GenAi.SERVER_ADDRESS);
        assertThat(recording.named("embeddings embedder").getKind()).isEqualTo(SpanKind.CLIENT);
        assertThat(recording.named("retrieval docs").getAttributes().asMap())
                .containsEntry(GenAi.DATA_SOURCE_ID, "docs")
                .containsEntry(AttributeKey.longKey("gen_ai.retrieval.top_k"), 4L)
                .containsEntry(PlinthAttributes.RETRIEVAL_FOUND, 0L);
        assertThat(recording.named("rerank ranker").getAttributes().asMap())
                .containsEntry(PlinthAttributes.RERANK_DOCUMENTS, 2L);
        assertThat(recording.named("execute_tool weather").getAttributes().asMap())
                .containsEntry(GenAi.TOOL_NAME, "weather");
    }

    @Test
    void theInteractionSaysWhoAskedAndTheTotals() throws Exception {
        Interaction interaction = runFlow();

        SpanData span = recording.named("ask");
        assertThat(span.getAttributes().asMap())
                .containsEntry(PlinthAttributes.INTERACTION_ID, interaction.id())
                .containsEntry(PlinthAttributes.INTERACTION_CALLS, 6L)
                .containsEntry(PlinthAttributes.APPLICATION, "shop")
                .containsEntry(PlinthAttributes.TEAM, "web")
                .containsEntry(PlinthAttributes.INTERACTION_INPUT_TOKENS, 206L)
                .doesNotContainKey(GenAi.INPUT_TOKENS);
        long nanos = span.getEndEpochNanos() - span.getStartEpochNanos();
        assertThat(nanos).isEqualTo(interaction.duration().toNanos());
    }

    @Test
    void totalsAreOfWholeInteractionsOnly() {
        ChatStream open;
        try (Interaction interaction = Interaction.start("ask", CallContext.EMPTY)) {
            CallContext context = interaction.context();
            context.run(() -> platform.chat("rewrite").chat(ChatRequest.of("rewrite it")));
            open = context.call(() -> platform.chat("answer").stream(ChatRequest.of("hello")));
        }

        assertThat(recording.named("ask").getAttributes().asMap())
                .containsEntry(PlinthAttributes.INTERACTION_CALLS, 2L)
                .doesNotContainKeys(
                        PlinthAttributes.INTERACTION_INPUT_TOKENS,
                        PlinthAttributes.INTERACTION_OUTPUT_TOKENS,
                        PlinthAttributes.INTERACTION_COST_AMOUNT);
        open.close();
        assertThat(recording.openSpans()).isZero();
    }

    @Test
    void anInteractionsSpanEndsWhateverItsOtherEndingsThrow() {
        Interaction interaction = Interaction.start("ask", CallContext.EMPTY);
        interaction.context().run(() -> platform.chat("rewrite").chat(ChatRequest.of("rewrite it")));
        interaction.onClose(() -> {
            throw new LinkageError("broken");
        });

        assertThatThrownBy(interaction::close).isInstanceOf(LinkageError.class);

        recording.assertOneWholeTree();
        assertThat(recording.named("ask").getAttributes().get(PlinthAttributes.INTERACTION_COST_AMOUNT))
                .isEqualTo(0.25);
    }

    private Interaction runFlow() throws Exception {
        CallContext asker = CallContext.builder()
                .principal(new Principal("shop", "web", null))
                .session("session-1")
                .build();
        Interaction interaction = Interaction.start("ask", asker);
        try (interaction) {
            CallContext context = interaction.context();
            context.call(() -> platform.chat("rewrite").chat(ChatRequest.of("rewrite it")));
            Future<Retrieval> found = pool.submit(() -> platform.retriever("docs")
                    .retrieve(RetrievalRequest.of("q", 4).in(context)));
            Future<RerankResponse> ordered = pool.submit(() -> platform.reranker("order")
                    .rerank(RerankRequest.of("q", List.of("a", "b"), 1).in(context)));
            found.get();
            ordered.get();
            pool.submit(() -> platform.tool("weather").call(new ToolCall("call-1", "weather", "{}"), context))
                    .get();
        }
        return interaction;
    }

    private FakeChat model(String name) {
        ModelInfo info = new ModelInfo("fake", name, Set.of(), URI.create("https://llm.example:8443/v1"));
        Usage usage = Usage.builder()
                .input(100)
                .cachedInput(40)
                .cacheWrite(10)
                .output(20)
                .reasoning(5)
                .build();
        return new FakeChat(
                info,
                request -> ChatResponse.of("hello").toBuilder()
                        .model(name + "-2026-01-01")
                        .id("r-1")
                        .usage(usage)
                        .cost(COST)
                        .build());
    }

    /** A tool that streams from a model: opened on its thread, read on another. */
    private Tool tool() {
        ToolSpec spec = new ToolSpec("weather", "tells the weather", "{}");
        return new Tool() {
            @Override
            public ToolSpec spec() {
                return spec;
            }

            @Override
            public ToolResult call(ToolCall call, CallContext context) {
                ChatRequest request = ChatRequest.builder()
                        .user("hello")
                        .temperature(0.5)
                        .topP(0.9)
                        .maxOutputTokens(64)
                        .seed(7)
                        .context(context.toBuilder()
                                .prompt(new PromptRef("greeting", "3"))
                                .build())
                        .build();
                ChatStream stream = platform.chat("answer").stream(request);
                return call.result(read(stream));
            }
        };
    }

    private String read(ChatStream stream) {
        try {
            return reader.submit(() -> stream.response().text()).get();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private Retriever retriever() {
        return new Retriever() {
            @Override
            public Retrieval retrieve(RetrievalRequest request) {
                platform.embedding("vectors")
                        .embed(EmbeddingRequest.builder(List.of(request.query()), InputType.QUERY)
                                .dimensions(2)
                                .build());
                return new Retrieval(request.query(), List.of());
            }

            @Override
            public String name() {
                return "docs";
            }
        };
    }

    private static EmbeddingModel embeddings() {
        return new EmbeddingModel() {
            @Override
            public EmbeddingResponse embed(EmbeddingRequest request) {
                Usage usage = Usage.builder().input(3).output(0).build();
                return new EmbeddingResponse(List.of(new float[] {1, 0}), "embedder", usage);
            }

            @Override
            public ModelInfo info() {
                return ModelInfo.local("fake", "embedder");
            }

            @Override
            public OptionalInt dimensions() {
                return OptionalInt.of(2);
            }
        };
    }

    private static Reranker reranker() {
        return new Reranker() {
            @Override
            public RerankResponse rerank(RerankRequest request) {
                Usage usage = Usage.builder().input(3).output(0).build();
                return new RerankResponse(List.of(new RerankResponse.Ranked(1, 0.9)), "ranker", usage);
            }

            @Override
            public ModelInfo info() {
                return ModelInfo.local("fake", "ranker");
            }
        };
    }
}
