package dev.plinth.api.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.fake.FakeModel;
import dev.plinth.api.fake.FakeTime;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.rerank.RerankResponse;
import dev.plinth.api.rerank.Reranker;
import dev.plinth.api.retrieval.Retrieval;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.retrieval.Retriever;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.tool.Tool;
import dev.plinth.api.usage.Usage;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every call gets what is left, whatever is called. */
class TimeBudgetTest {
    private static final FakeTime TIME = new FakeTime();
    private static final Layer BUDGET = TimeBudget.of(Duration.ofSeconds(20), TIME);

    /** One of the interfaces: called in a context, it returns the one that came through. */
    private record Part(String name, UnaryOperator<CallContext> call) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static CallContext passed;

    static Stream<Part> parts() {
        ChatModel chat = BUDGET.around(new FakeModel(request -> {
            passed = request.context();
            return ChatResponse.of("Hi");
        }));
        ChatRequest hello = ChatRequest.of("Hello");
        EmbeddingModel embedding = BUDGET.around(new Embedding());
        Reranker reranker = BUDGET.around(new Ranking());
        Retriever retriever = BUDGET.around(new Retrieving());
        Tool tool = BUDGET.around(new Working());
        return Stream.of(
                new Part("chat", context -> {
                    chat.chat(hello.toBuilder().context(context).build());
                    return passed;
                }),
                new Part("stream", context -> {
                    chat.stream(hello.toBuilder().context(context).build()).response();
                    return passed;
                }),
                new Part("embedding", context -> {
                    embedding.embed(EmbeddingRequest.query("q").toBuilder()
                            .context(context)
                            .build());
                    return passed;
                }),
                new Part("reranker", context -> {
                    reranker.rerank(RerankRequest.of("q", List.of("a"), 1).in(context));
                    return passed;
                }),
                new Part("retriever", context -> {
                    retriever.retrieve(RetrievalRequest.of("q", 1).in(context));
                    return passed;
                }),
                new Part("tool", context -> {
                    tool.call(new ToolCall("1", "work", "{}"), context);
                    return passed;
                }));
    }

    private static Duration left(Part part, CallContext context) {
        CallContext within = part.call().apply(context);
        assertThat(within.session()).as("the rest of the context").isEqualTo(context.session());
        return within.deadline().orElseThrow().remaining();
    }

    @ParameterizedTest
    @MethodSource("parts")
    void callWithoutADeadlineGetsTheWholeBudget(Part part) {
        CallContext context = CallContext.builder().session("s").build();
        assertThat(left(part, context)).isEqualTo(Duration.ofSeconds(20));
        TIME.advance(Duration.ofSeconds(7));
        assertThat(left(part, context)).as("each call anew").isEqualTo(Duration.ofSeconds(20));
    }

    @ParameterizedTest
    @MethodSource("parts")
    void earlierDeadlineWins(Part part) {
        Deadline soon = Deadline.after(Duration.ofSeconds(5), TIME);
        Deadline late = Deadline.after(Duration.ofMinutes(5), TIME);
        assertThat(left(part, CallContext.EMPTY.until(soon))).isEqualTo(Duration.ofSeconds(5));
        assertThat(left(part, CallContext.EMPTY.until(late))).isEqualTo(Duration.ofSeconds(20));
        TIME.advance(Duration.ofSeconds(6));
        assertThat(left(part, CallContext.EMPTY.until(soon))).isZero();
    }

    @Test
    void standsWhereCallsAreAdmitted() {
        assertThat(BUDGET.stage()).isEqualTo(Stage.ADMIT);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TimeBudget.of(Duration.ZERO))
                .withMessage("budget: PT0S (expected: > 0)");
    }

    private static final class Embedding implements EmbeddingModel {
        @Override
        public EmbeddingResponse embed(EmbeddingRequest request) {
            passed = request.context();
            return new EmbeddingResponse(List.of(new float[] {1}), "m", Usage.UNKNOWN);
        }

        @Override
        public ModelInfo info() {
            return ModelInfo.local("p", "m");
        }

        @Override
        public OptionalInt dimensions() {
            return OptionalInt.of(1);
        }
    }

    private static final class Ranking implements Reranker {
        @Override
        public RerankResponse rerank(RerankRequest request) {
            passed = request.context();
            return new RerankResponse(List.of(), "m", Usage.UNKNOWN);
        }

        @Override
        public ModelInfo info() {
            return ModelInfo.local("p", "m");
        }
    }

    private static final class Retrieving implements Retriever {
        @Override
        public Retrieval retrieve(RetrievalRequest request) {
            passed = request.context();
            return new Retrieval(request.query(), List.of());
        }

        @Override
        public String name() {
            return "r";
        }
    }

    private static final class Working implements Tool {
        @Override
        public ToolSpec spec() {
            return new ToolSpec("work", "", "{}");
        }

        @Override
        public ToolResult call(ToolCall call, CallContext context) {
            passed = context;
            return call.result("");
        }
    }
}
