package dev.plinth.api.testkit;

import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.ForwardingEmbeddingModel;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.rerank.ForwardingReranker;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.rerank.RerankResponse;
import dev.plinth.api.rerank.Reranker;
import dev.plinth.api.retrieval.ForwardingRetriever;
import dev.plinth.api.retrieval.Retrieval;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.retrieval.Retriever;
import dev.plinth.api.time.Timeouts;
import dev.plinth.api.tool.ForwardingTool;
import dev.plinth.api.tool.Tool;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is around a part whose calls fail as a plan says; a chat model has {@link FaultyChatModel}. */
final class Faulty {
    private static final Duration LIMIT = Timeouts.DEFAULT.firstToken();

    private Faulty() {}

    static ErrorDetails.Builder details(ModelInfo info) {
        return ErrorDetails.builder().provider(info.provider()).model(info.model());
    }

    /** Throws what the fault throws, or waits as long as it makes wait. */
    static void strike(Fault fault, ErrorDetails.Builder details, Pace pace, Duration limit) {
        pace.begin();
        LlmException failure = fault.failure(details);
        if (failure != null) {
            throw failure;
        }
        if (fault.kind() == Fault.Kind.SLOW) {
            pace.pause(fault.delay(), limit);
        } else if (fault.kind() == Fault.Kind.STALLED) {
            pace.pause(Pace.FOREVER, limit);
        }
    }

    static EmbeddingModel around(EmbeddingModel model, FaultPlan plan) {
        return new ForwardingEmbeddingModel(model) {
            @Override
            public EmbeddingResponse embed(EmbeddingRequest request) {
                Duration limit = request.timeouts().orElse(Timeouts.DEFAULT).firstToken();
                Fault.Kind kind = strike(plan, details(info()), request.context(), limit);
                if (kind == Fault.Kind.EMPTY) {
                    throw new MalformedResponseException(
                            "fault: no vectors (expected: one for each text)",
                            details(info()).build(),
                            null);
                }
                EmbeddingResponse right = next().embed(request);
                return kind == Fault.Kind.WRONG_MODEL
                        ? new EmbeddingResponse(
                                right.vectors(),
                                FaultyAnswer.WRONG_MODEL,
                                right.usage(),
                                right.cost(),
                                right.attempts())
                        : right;
            }
        };
    }

    static Reranker around(Reranker reranker, FaultPlan plan) {
        return new ForwardingReranker(reranker) {
            @Override
            public RerankResponse rerank(RerankRequest request) {
                Fault.Kind kind = strike(plan, details(info()), request.context(), LIMIT);
                RerankResponse right = next().rerank(request);
                List<RerankResponse.Ranked> ranked = kind == Fault.Kind.EMPTY ? List.of() : right.ranked();
                String model = kind == Fault.Kind.WRONG_MODEL ? FaultyAnswer.WRONG_MODEL : right.model();
                return new RerankResponse(ranked, model, right.usage(), right.cost(), right.attempts());
            }
        };
    }

    static Retriever around(Retriever retriever, FaultPlan plan) {
        return new ForwardingRetriever(retriever) {
            @Override
            public Retrieval retrieve(RetrievalRequest request) {
                Fault.Kind kind = strike(plan, ErrorDetails.builder(), request.context(), LIMIT);
                Retrieval right = next().retrieve(request);
                return kind == Fault.Kind.EMPTY ? new Retrieval(right.queries(), List.of()) : right;
            }
        };
    }

    static Tool around(Tool tool, FaultPlan plan) {
        return new ForwardingTool(tool) {
            @Override
            public ToolResult call(ToolCall call, CallContext context) {
                Fault.Kind kind = strike(plan, ErrorDetails.builder(), context, LIMIT);
                ToolResult right = next().call(call, context);
                return kind == Fault.Kind.EMPTY
                        ? new ToolResult(right.callId(), right.name(), "", right.isError())
                        : right;
            }
        };
    }

    private static Fault.@Nullable Kind strike(
            FaultPlan plan, ErrorDetails.Builder details, CallContext context, Duration limit) {
        Fault fault = plan.nextOfLayer().orElse(null);
        if (fault == null) {
            return null;
        }
        strike(fault, details, new Pace(plan.time(), context), limit);
        return fault.kind();
    }
}
