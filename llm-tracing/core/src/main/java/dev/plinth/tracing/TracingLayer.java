package dev.plinth.tracing;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.ForwardingChatModel;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.ForwardingEmbeddingModel;
import dev.plinth.api.layer.ChatWatch;
import dev.plinth.api.layer.Layer;
import dev.plinth.api.layer.Stage;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.rerank.ForwardingReranker;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.rerank.RerankResponse;
import dev.plinth.api.rerank.Reranker;
import dev.plinth.api.retrieval.ForwardingRetriever;
import dev.plinth.api.retrieval.Retrieval;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.retrieval.Retriever;
import dev.plinth.api.tool.ForwardingTool;
import dev.plinth.api.tool.Tool;
import dev.plinth.tracing.TracedCall.Answer;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes one span of every call. */
final class TracingLayer implements Layer {

    /** Vectors say nothing to a reader, and the texts they are of are on the spans around. */
    private static final TracedCall.Content NO_CONTENT = (capture, notable) -> null;

    private final Telemetry telemetry;
    private final Spans spans;

    TracingLayer(Telemetry telemetry) {
        this.telemetry = telemetry;
        this.spans = new Spans(telemetry);
    }

    @Override
    public Stage stage() {
        return Stage.TRACE;
    }

    @Override
    public ChatModel around(ChatModel next) {
        telemetry.guard.run(() -> telemetry.reportedElsewhere.check(next, next.info()));
        ChatModel plain = watched(next, false);
        ChatModel streamed = watched(next, true);
        return new ForwardingChatModel(plain) {
            @Override
            public ChatStream stream(ChatRequest request) {
                return streamed.stream(request);
            }
        };
    }

    private ChatModel watched(ChatModel next, boolean streamed) {
        return ChatWatch.around(next, request -> ChatSpan.start(telemetry, spans, next.info(), request, streamed));
    }

    @Override
    public EmbeddingModel around(EmbeddingModel next) {
        telemetry.guard.run(() -> telemetry.reportedElsewhere.check(next, next.info()));
        return new ForwardingEmbeddingModel(next) {
            @Override
            public EmbeddingResponse embed(EmbeddingRequest request) {
                CallContext context = request.context();
                String model = request.model().orElse(next.info().model());
                return traced(
                        model(
                                Operation.EMBEDDINGS,
                                next.info(),
                                model,
                                context,
                                span -> request.dimensions()
                                        .ifPresent(length ->
                                                span.setAttribute(GenAi.EMBEDDING_DIMENSIONS, (long) length))),
                        context,
                        carrying ->
                                next.embed(request.toBuilder().context(carrying).build()),
                        (call, response) -> call.answered(Answer.of(response), NO_CONTENT, () -> {}),
                        NO_CONTENT);
            }
        };
    }

    @Override
    public Reranker around(Reranker next) {
        return new ForwardingReranker(next) {
            @Override
            public RerankResponse rerank(RerankRequest request) {
                CallContext context = request.context();
                return traced(
                        model(
                                Operation.RERANK,
                                next.info(),
                                next.info().model(),
                                context,
                                span -> span.setAttribute(PlinthAttributes.RERANK_DOCUMENTS, (long)
                                        request.documents().size())),
                        context,
                        carrying -> next.rerank(request.in(carrying)),
                        (call, response) -> call.answered(Answer.of(response), NO_CONTENT, () -> {}),
                        NO_CONTENT);
            }
        };
    }

    private @Nullable TracedCall model(
            Operation operation, ModelInfo info, String model, CallContext context, Consumer<SpanBuilder> more) {
        SpanKind kind = operation == Operation.EMBEDDINGS ? SpanKind.CLIENT : ModelAttributes.kind(info);
        return begin(() -> TracedCall.of(
                telemetry,
                operation,
                context,
                info,
                model,
                at -> telemetry.reportedElsewhere.has(info)
                        ? spans.startOfReportedElsewhere(operation, model, context, at)
                        : spans.start(operation, model, kind, context, at, builder -> {
                            ModelAttributes.request(builder, operation, info, model);
                            more.accept(builder);
                        })));
    }

    @Override
    public Retriever around(Retriever next) {
        return new ForwardingRetriever(next) {
            @Override
            public Retrieval retrieve(RetrievalRequest request) {
                CallContext context = request.context();
                return traced(
                        retrieval(next.name(), request, context),
                        context,
                        carrying -> next.retrieve(request.in(carrying)),
                        (call, retrieval) -> call.done(
                                null,
                                (capture, notable) -> capture.retrieval(request, retrieval, notable),
                                () -> call.span().set(PlinthAttributes.RETRIEVAL_FOUND, (long)
                                        retrieval.matches().size())),
                        (capture, notable) -> capture.retrieval(request, null, notable));
            }
        };
    }

    private @Nullable TracedCall retrieval(String name, RetrievalRequest request, CallContext context) {
        return begin(() -> TracedCall.of(
                telemetry,
                Operation.RETRIEVAL,
                context,
                PlinthAttributes.RETRIEVAL_SOURCE,
                name,
                at -> spans.start(Operation.RETRIEVAL, name, SpanKind.CLIENT, context, at, builder -> {
                    builder.setAttribute(GenAi.OPERATION_NAME, Operation.RETRIEVAL.word())
                            .setAttribute(GenAi.DATA_SOURCE_ID, name);
                    telemetry.vocabulary.retrievalTopK().accept(builder, request.k());
                })));
    }

    @Override
    public Tool around(Tool next) {
        return new ForwardingTool(next) {
            @Override
            public ToolResult call(ToolCall asked, CallContext context) {
                return traced(
                        tool(next.spec(), context),
                        context,
                        carrying -> next.call(asked, carrying),
                        (call, result) -> call.done(
                                result.isError() ? "tool_error" : null,
                                (capture, notable) -> capture.tool(next.spec(), asked, result, context, notable),
                                () -> {}),
                        (capture, notable) -> capture.tool(next.spec(), asked, null, context, notable));
            }
        };
    }

    private @Nullable TracedCall tool(ToolSpec spec, CallContext context) {
        String name = spec.name(); // not the call's, which the model may have made up
        return begin(() -> TracedCall.of(
                telemetry,
                Operation.EXECUTE_TOOL,
                context,
                GenAi.TOOL_NAME,
                name,
                at -> spans.start(
                        Operation.EXECUTE_TOOL,
                        name,
                        SpanKind.INTERNAL,
                        context,
                        at,
                        builder -> builder.setAttribute(GenAi.OPERATION_NAME, Operation.EXECUTE_TOOL.word())
                                .setAttribute(GenAi.TOOL_NAME, name)
                                .setAttribute(GenAi.TOOL_TYPE, "function"))));
    }

    /** Null when the span could not be started: then the call goes on without one. */
    private @Nullable TracedCall begin(Supplier<TracedCall> start) {
        return telemetry
                .guard
                .get(() -> Optional.of(start.get()), Optional.<TracedCall>empty())
                .orElse(null);
    }

    private <R> R traced(
            @Nullable TracedCall call,
            CallContext context,
            Function<CallContext, R> work,
            BiConsumer<TracedCall, R> result,
            TracedCall.Content contentOfFailure) {
        if (call == null) {
            return work.apply(context);
        }
        CallContext carrying = call.span().carriedBy(context);
        R done;
        try {
            done = carrying.call(() -> work.apply(carrying));
        } catch (Throwable failure) {
            call.failed(failure, contentOfFailure);
            throw failure;
        }
        try {
            result.accept(call, done);
        } catch (Throwable unreadable) { // such as an answer that is null
            telemetry.guard.failed(unreadable);
            call.failed(unreadable, NO_CONTENT);
        }
        return done;
    }
}
