package dev.plinth.api.layer;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.ForwardingChatModel;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.check.Check;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.ForwardingEmbeddingModel;
import dev.plinth.api.rerank.ForwardingReranker;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.rerank.RerankResponse;
import dev.plinth.api.rerank.Reranker;
import dev.plinth.api.retrieval.ForwardingRetriever;
import dev.plinth.api.retrieval.Retrieval;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.retrieval.Retriever;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.time.TimeSource;
import dev.plinth.api.tool.ForwardingTool;
import dev.plinth.api.tool.Tool;
import java.time.Duration;

/**
 * Gives every call a deadline: so long after it began, unless its context has an earlier one. All that happens for the
 * call (waiting for its turn, retries, fallbacks) has to fit in; calls within it, such as those of tools, share what is
 * left of it.
 *
 * <pre>{@code
 * Platform.builder().chat("support", model).layer(TimeBudget.of(Duration.ofSeconds(20)))...
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class TimeBudget implements Layer {

    private final Duration budget;
    private final TimeSource time;

    private TimeBudget(Duration budget, TimeSource time) {
        this.budget = Check.positive(budget, "budget");
        this.time = Check.notNull(time, "time");
    }

    /** A budget of this much time for each call. */
    public static TimeBudget of(Duration budget) {
        return of(budget, TimeSource.system());
    }

    /** A budget that is counted on this clock. */
    public static TimeBudget of(Duration budget, TimeSource time) {
        return new TimeBudget(budget, time);
    }

    @Override
    public Stage stage() {
        return Stage.ADMIT;
    }

    private CallContext limited(CallContext context) {
        return context.until(Deadline.after(budget, time));
    }

    @Override
    public ChatModel around(ChatModel next) {
        return new ForwardingChatModel(next) {
            @Override
            public ChatResponse chat(ChatRequest request) {
                return next().chat(limitedRequest(request));
            }

            @Override
            public ChatStream stream(ChatRequest request) {
                return next().stream(limitedRequest(request));
            }

            private ChatRequest limitedRequest(ChatRequest request) {
                return request.toBuilder().context(limited(request.context())).build();
            }
        };
    }

    @Override
    public EmbeddingModel around(EmbeddingModel next) {
        return new ForwardingEmbeddingModel(next) {
            @Override
            public EmbeddingResponse embed(EmbeddingRequest request) {
                return next.embed(
                        request.toBuilder().context(limited(request.context())).build());
            }
        };
    }

    @Override
    public Reranker around(Reranker next) {
        return new ForwardingReranker(next) {
            @Override
            public RerankResponse rerank(RerankRequest request) {
                return next.rerank(request.in(limited(request.context())));
            }
        };
    }

    @Override
    public Retriever around(Retriever next) {
        return new ForwardingRetriever(next) {
            @Override
            public Retrieval retrieve(RetrievalRequest request) {
                return next.retrieve(request.in(limited(request.context())));
            }
        };
    }

    @Override
    public Tool around(Tool next) {
        return new ForwardingTool(next) {
            @Override
            public ToolResult call(ToolCall call, CallContext context) {
                return next.call(call, limited(context));
            }
        };
    }
}
