package dev.plinth.api.testkit;

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
import dev.plinth.api.error.LlmException;
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
import dev.plinth.api.tool.ForwardingTool;
import dev.plinth.api.tool.Tool;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/**
 * A layer that makes calls fail before they reach what it wraps, to see what the layers above make of it.
 *
 * <pre>{@code
 * ChatModel flaky = Layers.of(retries, Faults.first(2, () -> new OverloadedException("try later"))).around(model);
 * }</pre>
 *
 * <p>Calls are counted over everything one layer wraps, from 1. Thread-safe.
 */
public final class Faults implements Layer {
    private final IntPredicate failing;
    private final Supplier<? extends LlmException> error;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();

    private Faults(IntPredicate failing, Supplier<? extends LlmException> error) {
        this.failing = failing;
        this.error = Check.notNull(error, "error");
    }

    /** The first calls fail. */
    public static Faults first(int calls, Supplier<? extends LlmException> error) {
        Check.positive(calls, "calls");
        return new Faults(call -> call <= calls, error);
    }

    /** Those calls fail whose number fits. */
    public static Faults when(IntPredicate failing, Supplier<? extends LlmException> error) {
        return new Faults(Check.notNull(failing, "failing"), error);
    }

    /**
     * Calls fail at random, the same ones for the same seed.
     *
     * @param share of the calls that fail, 0 to 1
     */
    public static Faults randomly(double share, long seed, Supplier<? extends LlmException> error) {
        Check.within(share, 0, 1, "share");
        return new Faults(call -> new Random(seed * 31 + call * 0x9E3779B97F4A7C15L).nextDouble() < share, error);
    }

    /** How many calls there were. */
    public int calls() {
        return calls.get();
    }

    /** How many of them failed here. */
    public int failed() {
        return failed.get();
    }

    private void strike() {
        if (failing.test(calls.incrementAndGet())) {
            failed.incrementAndGet();
            throw error.get();
        }
    }

    @Override
    public Stage stage() {
        return Stage.PROVIDER;
    }

    @Override
    public ChatModel around(ChatModel next) {
        return new ForwardingChatModel(next) {
            @Override
            public ChatResponse chat(ChatRequest request) {
                strike();
                return next().chat(request);
            }

            @Override
            public ChatStream stream(ChatRequest request) {
                strike();
                return next().stream(request);
            }
        };
    }

    @Override
    public EmbeddingModel around(EmbeddingModel next) {
        return new ForwardingEmbeddingModel(next) {
            @Override
            public EmbeddingResponse embed(EmbeddingRequest request) {
                strike();
                return next.embed(request);
            }
        };
    }

    @Override
    public Reranker around(Reranker next) {
        return new ForwardingReranker(next) {
            @Override
            public RerankResponse rerank(RerankRequest request) {
                strike();
                return next.rerank(request);
            }
        };
    }

    @Override
    public Retriever around(Retriever next) {
        return new ForwardingRetriever(next) {
            @Override
            public Retrieval retrieve(RetrievalRequest request) {
                strike();
                return next.retrieve(request);
            }
        };
    }

    @Override
    public Tool around(Tool next) {
        return new ForwardingTool(next) {
            @Override
            public ToolResult call(ToolCall call, CallContext context) {
                strike();
                return next.call(call, context);
            }
        };
    }
}
