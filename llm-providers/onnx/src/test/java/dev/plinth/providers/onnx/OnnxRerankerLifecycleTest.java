package dev.plinth.providers.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.time.Deadline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OnnxRerankerLifecycleTest {

    /** The two ways to score. */
    enum Kind {
        CROSS_ENCODER,
        LATE_INTERACTION
    }

    private static final RerankRequest REQUEST = RerankRequest.of("a text", Collections.nCopies(20, "another text"), 3);

    @TempDir
    private Path folder;

    private OnnxReranker load(Kind kind) {
        return switch (kind) {
            case CROSS_ENCODER ->
                OnnxReranker.crossEncoder(
                        TestModels.overlap(folder), TestModels.tokenizer(folder), CrossEncoderProfile.of("counting"));
            case LATE_INTERACTION -> OnnxReranker.lateInteraction(PackagedModel.MINI_LM_L6_V2);
        };
    }

    @AfterEach
    void noInterruptIsLeft() {
        assertThat(Thread.interrupted()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void useAfterCloseIsATypedError(Kind kind) {
        OnnxReranker reranker = load(kind);
        reranker.close();
        reranker.close();
        assertThatThrownBy(() -> reranker.rerank(REQUEST))
                .isInstanceOf(CancelledException.class)
                .hasMessageStartingWith("model: closed (expected: open)");
        assertThat(reranker.info().provider()).isEqualTo("onnx");
    }

    @ParameterizedTest
    @EnumSource
    void closeInTheMidstOfCallsIsSafe(Kind kind) throws Exception {
        OnnxReranker reranker = load(kind);
        reranker.rerank(REQUEST);
        Thread caller = new Thread(() -> {
            while (true) {
                try {
                    reranker.rerank(REQUEST);
                } catch (CancelledException e) {
                    return;
                }
            }
        });
        caller.start();
        reranker.close();
        caller.join();
        assertThatThrownBy(() -> reranker.rerank(REQUEST)).isInstanceOf(CancelledException.class);
    }

    // The clock ticks once for each look at it: 20 looks while the documents are tokenised, then between runs.
    @ParameterizedTest
    @EnumSource
    void theDeadlineIsCheckedBetweenDocuments(Kind kind) {
        TickingTime time = new TickingTime(Integer.MAX_VALUE);
        try (OnnxReranker reranker = load(kind)) {
            assertThatThrownBy(() -> reranker.rerank(within(Duration.ofMillis(40), time)))
                    .isInstanceOf(TimedOutException.class);
            assertThat(time.looks()).isBetween(40, 45);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptEndsTheCallBetweenDocuments(Kind kind) {
        TickingTime time = new TickingTime(40);
        try (OnnxReranker reranker = load(kind)) {
            assertThatThrownBy(() -> reranker.rerank(within(Duration.ofHours(1), time)))
                    .isInstanceOf(CancelledException.class);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(time.looks()).isLessThan(45);
            assertThat(reranker.rerank(REQUEST).ranked()).hasSize(3);
        }
    }

    private static RerankRequest within(Duration duration, TickingTime time) {
        CallContext context =
                CallContext.builder().deadline(Deadline.after(duration, time)).build();
        return REQUEST.in(context);
    }
}
