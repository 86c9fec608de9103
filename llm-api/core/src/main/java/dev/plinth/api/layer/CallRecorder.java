package dev.plinth.api.layer;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.api.context.OpenCall;
import dev.plinth.api.context.SubCall.Kind;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.ForwardingEmbeddingModel;
import dev.plinth.api.error.CancelledException;
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
import dev.plinth.api.usage.Usage;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Records every call with the interaction of its context, if there is one, as a child of the call around it. */
final class CallRecorder implements Layer {

    @Override
    public Stage stage() {
        return Stage.TRACE;
    }

    @Override
    public ChatModel around(ChatModel next) {
        return ChatWatch.around(next, request -> watch(request, next.info()));
    }

    private static ChatWatch watch(ChatRequest request, ModelInfo info) {
        CallContext context = request.context();
        Optional<Interaction> interaction = context.interaction();
        if (interaction.isEmpty()) {
            return NOT_RECORDED;
        }
        String model = request.model().orElse(info.model());
        return new RecordingWatch(interaction.get().open(Kind.CHAT, model, context));
    }

    private static final ChatWatch NOT_RECORDED = new ChatWatch() {};

    private record RecordingWatch(OpenCall call) implements ChatWatch {
        @Override
        public ChatRequest request(ChatRequest request) {
            return request.toBuilder().context(call.childContext()).build();
        }

        @Override
        public void done(ChatResponse response) {
            call.done(
                    response.model().orElse(null),
                    response.usage(),
                    response.cost().orElse(null),
                    response.cached(),
                    response.attempts());
        }

        @Override
        public void failed(Throwable failure) {
            call.failed(failure);
        }

        @Override
        public void cancelled(@Nullable CancelledException told) {
            call.cancelled(told);
        }
    }

    @Override
    public EmbeddingModel around(EmbeddingModel next) {
        return new ForwardingEmbeddingModel(next) {
            @Override
            public EmbeddingResponse embed(EmbeddingRequest request) {
                return recorded(
                        Kind.EMBEDDING,
                        request.model().orElse(next.info().model()),
                        request.context(),
                        context ->
                                next.embed(request.toBuilder().context(context).build()),
                        (call, response) -> call.done(
                                response.model(), response.usage(), response.cost(), false, response.attempts()));
            }
        };
    }

    @Override
    public Reranker around(Reranker next) {
        return new ForwardingReranker(next) {
            @Override
            public RerankResponse rerank(RerankRequest request) {
                return recorded(
                        Kind.RERANK,
                        next.info().model(),
                        request.context(),
                        context -> next.rerank(request.in(context)),
                        (call, response) -> call.done(
                                response.model(), response.usage(), response.cost(), false, response.attempts()));
            }
        };
    }

    @Override
    public Retriever around(Retriever next) {
        return new ForwardingRetriever(next) {
            @Override
            public Retrieval retrieve(RetrievalRequest request) {
                return recorded(
                        Kind.RETRIEVAL,
                        next.name(),
                        request.context(),
                        context -> next.retrieve(request.in(context)),
                        (call, retrieval) -> call.done(null, Usage.NONE, null, false));
            }
        };
    }

    @Override
    public Tool around(Tool next) {
        return new ForwardingTool(next) {
            @Override
            public ToolResult call(ToolCall toolCall, CallContext context) {
                return recorded(
                        Kind.TOOL,
                        toolCall.name(),
                        context,
                        child -> next.call(toolCall, child),
                        (call, result) -> call.done(null, Usage.NONE, null, false));
            }
        };
    }

    private static <R> R recorded(
            Kind kind, String name, CallContext context, Function<CallContext, R> work, BiConsumer<OpenCall, R> done) {
        Optional<Interaction> interaction = context.interaction();
        if (interaction.isEmpty()) {
            return work.apply(context);
        }
        OpenCall call = interaction.get().open(kind, name, context);
        CallContext child = call.childContext();
        R result;
        try {
            result = child.call(() -> work.apply(child));
        } catch (Throwable failure) {
            call.failed(failure);
            throw failure;
        }
        done.accept(call, result);
        return result;
    }
}
