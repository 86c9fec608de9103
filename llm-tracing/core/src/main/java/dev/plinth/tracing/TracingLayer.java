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
import io.opentelemetry.api.trace.SpanKind;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

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
        telemetry.reportedElsewhere.check(next, next.info());
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
        telemetry.reportedElsewhere.check(next, next.info());
        return new ForwardingEmbeddingModel(next) {
            @Override
            public EmbeddingResponse embed(EmbeddingRequest request) {
                CallContext context = request.context();
                String model = request.model().orElse(next.info().model());
                TracedCall call = model(Operation.EMBEDDINGS, next.info(), model, context);
                if (request.dimensions().isPresent()) {
                    call.span().set(GenAi.EMBEDDING_DIMENSIONS, (long)
                            request.dimensions().getAsInt());
                }
                return traced(
                        call,
                        context,
                        carrying ->
                                next.embed(request.toBuilder().context(carrying).build()),
                        response -> call.answered(
                                new Answer(response.model(), response.usage(), response.cost(), List.of(), false),
                                NO_CONTENT,
                                () -> {}),
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
                TracedCall call =
                        model(Operation.RERANK, next.info(), next.info().model(), context);
                call.span().set(PlinthAttributes.RERANK_DOCUMENTS, (long)
                        request.documents().size());
                return traced(
                        call,
                        context,
                        carrying -> next.rerank(request.in(carrying)),
                        response -> call.answered(
                                new Answer(response.model(), response.usage(), response.cost(), List.of(), false),
                                NO_CONTENT,
                                () -> {}),
                        NO_CONTENT);
            }
        };
    }

    private TracedCall model(Operation operation, ModelInfo info, String model, CallContext context) {
        if (telemetry.reportedElsewhere.has(info)) {
            CallSpan span = spans.startOfReportedElsewhere(operation, model, context);
            return TracedCall.of(telemetry, operation, context, info, model, span);
        }
        CallSpan span = spans.start(
                operation,
                model,
                operation == Operation.EMBEDDINGS ? SpanKind.CLIENT : ModelAttributes.kind(info),
                context,
                builder -> ModelAttributes.request(builder, operation, info, model));
        return TracedCall.of(telemetry, operation, context, info, model, span);
    }

    @Override
    public Retriever around(Retriever next) {
        return new ForwardingRetriever(next) {
            @Override
            public Retrieval retrieve(RetrievalRequest request) {
                CallContext context = request.context();
                TracedCall call = retrieval(next.name(), request);
                return traced(
                        call,
                        context,
                        carrying -> next.retrieve(request.in(carrying)),
                        retrieval -> call.done(
                                null,
                                (capture, notable) -> capture.retrieval(request, retrieval, notable),
                                () -> call.span().set(PlinthAttributes.RETRIEVAL_FOUND, (long)
                                        retrieval.matches().size())),
                        (capture, notable) -> capture.retrieval(request, null, notable));
            }
        };
    }

    private TracedCall retrieval(String name, RetrievalRequest request) {
        CallSpan span = spans.start(Operation.RETRIEVAL, name, SpanKind.CLIENT, request.context(), builder -> {
            builder.setAttribute(GenAi.OPERATION_NAME, Operation.RETRIEVAL.word())
                    .setAttribute(GenAi.DATA_SOURCE_ID, name);
            telemetry.vocabulary.retrievalTopK().accept(builder, request.k());
        });
        return TracedCall.of(
                telemetry, Operation.RETRIEVAL, request.context(), PlinthAttributes.RETRIEVAL_SOURCE, name, span);
    }

    @Override
    public Tool around(Tool next) {
        return new ForwardingTool(next) {
            @Override
            public ToolResult call(ToolCall asked, CallContext context) {
                TracedCall call = tool(next.spec(), asked, context);
                return traced(
                        call,
                        context,
                        carrying -> next.call(asked, carrying),
                        result -> call.done(
                                result.isError() ? "tool_error" : null,
                                (capture, notable) -> capture.tool(asked, result, context, notable),
                                () -> {}),
                        (capture, notable) -> capture.tool(asked, null, context, notable));
            }
        };
    }

    private TracedCall tool(ToolSpec spec, ToolCall asked, CallContext context) {
        String name = spec.name(); // not the call's, which the model may have made up
        CallSpan span = spans.start(
                Operation.EXECUTE_TOOL,
                name,
                SpanKind.INTERNAL,
                context,
                builder -> builder.setAttribute(GenAi.OPERATION_NAME, Operation.EXECUTE_TOOL.word())
                        .setAttribute(GenAi.TOOL_NAME, name)
                        .setAttribute(GenAi.TOOL_TYPE, "function")
                        .setAttribute(GenAi.TOOL_CALL_ID, asked.id()));
        return TracedCall.of(telemetry, Operation.EXECUTE_TOOL, context, GenAi.TOOL_NAME, name, span);
    }

    private static <R> R traced(
            TracedCall call,
            CallContext context,
            Function<CallContext, R> work,
            Consumer<R> result,
            TracedCall.Content contentOfFailure) {
        CallContext carrying = call.span().carriedBy(context);
        R done;
        try {
            done = carrying.call(() -> work.apply(carrying));
        } catch (RuntimeException | Error failure) {
            call.failed(failure, contentOfFailure);
            throw failure;
        }
        result.accept(done);
        return done;
    }
}
