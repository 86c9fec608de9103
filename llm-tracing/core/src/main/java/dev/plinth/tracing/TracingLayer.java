package dev.plinth.tracing;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.ForwardingEmbeddingModel;
import dev.plinth.api.layer.ChatWatch;
import dev.plinth.api.layer.Layer;
import dev.plinth.api.layer.Stage;
import dev.plinth.api.rerank.ForwardingReranker;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.rerank.RerankResponse;
import dev.plinth.api.rerank.Reranker;
import dev.plinth.api.retrieval.ForwardingRetriever;
import dev.plinth.api.retrieval.Retrieval;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.retrieval.Retriever;
import dev.plinth.api.time.TimeSource;
import dev.plinth.api.tool.ForwardingTool;
import dev.plinth.api.tool.Tool;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Scope;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Makes one span of every call. */
final class TracingLayer implements Layer {

    private final Spans spans;
    private final TimeSource time;

    TracingLayer(Spans spans, TimeSource time) {
        this.spans = spans;
        this.time = time;
    }

    @Override
    public Stage stage() {
        return Stage.TRACE;
    }

    @Override
    public ChatModel around(ChatModel next) {
        return ChatWatch.around(
                new CurrentSpanChatModel(next), request -> ChatSpan.start(spans, time, next.info(), request));
    }

    @Override
    public EmbeddingModel around(EmbeddingModel next) {
        return new ForwardingEmbeddingModel(next) {
            @Override
            public EmbeddingResponse embed(EmbeddingRequest request) {
                CallContext context = request.context();
                String model = request.model().orElse(next.info().model());
                CallSpan span = spans.start(
                        "embeddings " + model,
                        ModelAttributes.kind(next.info()),
                        context,
                        builder -> ModelAttributes.request(builder, "embeddings", next.info(), model));
                if (request.dimensions().isPresent()) {
                    span.set(SpanAttributes.EMBEDDING_DIMENSIONS, (long)
                            request.dimensions().getAsInt());
                }
                return traced(
                        span,
                        context,
                        carrying ->
                                next.embed(request.toBuilder().context(carrying).build()),
                        TracingLayer::embedded);
            }
        };
    }

    private static void embedded(CallSpan span, EmbeddingResponse response) {
        span.set(SpanAttributes.RESPONSE_MODEL, response.model());
        span.usage(response.usage());
        span.cost(response.cost());
    }

    @Override
    public Reranker around(Reranker next) {
        return new ForwardingReranker(next) {
            @Override
            public RerankResponse rerank(RerankRequest request) {
                CallContext context = request.context();
                String model = next.info().model();
                CallSpan span = spans.start(
                        "rerank " + model,
                        ModelAttributes.kind(next.info()),
                        context,
                        builder -> ModelAttributes.request(builder, "rerank", next.info(), model));
                span.set(PlinthAttributes.RERANK_DOCUMENTS, (long)
                        request.documents().size());
                return traced(span, context, carrying -> next.rerank(request.in(carrying)), TracingLayer::reranked);
            }
        };
    }

    private static void reranked(CallSpan span, RerankResponse response) {
        span.set(SpanAttributes.RESPONSE_MODEL, response.model());
        span.usage(response.usage());
        span.cost(response.cost());
    }

    @Override
    public Retriever around(Retriever next) {
        return new ForwardingRetriever(next) {
            @Override
            public Retrieval retrieve(RetrievalRequest request) {
                CallContext context = request.context();
                CallSpan span = spans.start(
                        "retrieval " + next.name(),
                        SpanKind.CLIENT,
                        context,
                        builder -> builder.setAttribute(SpanAttributes.OPERATION_NAME, "retrieval")
                                .setAttribute(SpanAttributes.DATA_SOURCE_ID, next.name())
                                .setAttribute(SpanAttributes.RETRIEVAL_TOP_K, (long) request.k()));
                return traced(
                        span,
                        context,
                        carrying -> next.retrieve(request.in(carrying)),
                        (ended, retrieval) -> ended.set(PlinthAttributes.RETRIEVAL_FOUND, (long)
                                retrieval.matches().size()));
            }
        };
    }

    @Override
    public Tool around(Tool next) {
        return new ForwardingTool(next) {
            @Override
            public ToolResult call(ToolCall call, CallContext context) {
                String name = next.spec().name(); // not the call's, which the model may have made up
                CallSpan span = spans.start(
                        "execute_tool " + name, SpanKind.INTERNAL, context, builder -> tool(builder, name, call));
                return traced(span, context, carrying -> next.call(call, carrying), TracingLayer::toolEnded);
            }
        };
    }

    private static SpanBuilder tool(SpanBuilder builder, String name, ToolCall call) {
        return builder.setAttribute(SpanAttributes.OPERATION_NAME, "execute_tool")
                .setAttribute(SpanAttributes.TOOL_NAME, name)
                .setAttribute(SpanAttributes.TOOL_TYPE, "function")
                .setAttribute(SpanAttributes.TOOL_CALL_ID, call.id());
    }

    private static void toolEnded(CallSpan span, ToolResult result) {
        if (result.isError()) {
            span.error("tool_error");
        }
    }

    private <R> R traced(
            CallSpan span, CallContext context, Function<CallContext, R> work, BiConsumer<CallSpan, R> result) {
        CallContext carrying = Spans.carry(context, span);
        R done;
        try (Scope scope = span.context().makeCurrent()) {
            done = carrying.call(() -> work.apply(carrying));
        } catch (RuntimeException | Error failure) {
            span.endFailed(failure);
            throw failure;
        }
        span.endWith(() -> result.accept(span, done));
        return done;
    }
}
