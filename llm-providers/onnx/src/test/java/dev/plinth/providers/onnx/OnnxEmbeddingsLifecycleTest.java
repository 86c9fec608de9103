package dev.plinth.providers.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.time.Timeouts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxEmbeddingsLifecycleTest {

    private static final PackagedModel MODEL = PackagedModel.MINI_LM_L6_V2;
    private static final List<String> TEXTS = Collections.nCopies(20, "a text");

    @Test
    void useAfterCloseIsATypedError() {
        OnnxEmbeddings model = OnnxEmbeddings.miniLm();
        model.close();
        model.close();
        assertThatThrownBy(() -> model.embedQuery("a text"))
                .isInstanceOf(CancelledException.class)
                .hasMessageStartingWith("model: closed (expected: open)");
        assertThat(model.info().model()).startsWith("all-MiniLM-L6-v2-q@");
        assertThat(model.dimensions()).hasValue(384);
    }

    @Test
    void closeInTheMidstOfCallsIsSafe() throws Exception {
        OnnxEmbeddings model = OnnxEmbeddings.miniLm();
        model.embedQuery("warm");
        Thread caller = new Thread(() -> {
            while (true) {
                try {
                    model.embedDocuments(TEXTS);
                } catch (CancelledException e) {
                    return;
                }
            }
        });
        caller.start();
        model.close();
        caller.join();
        assertThatThrownBy(() -> model.embedQuery("a text")).isInstanceOf(CancelledException.class);
    }

    // The clock ticks once for each look at it: 20 looks while the texts are tokenised, the others between batches.
    @Test
    void theDeadlineIsCheckedBetweenBatches() {
        TickingTime time = new TickingTime(Integer.MAX_VALUE);
        try (OnnxEmbeddings model = OnnxEmbeddings.miniLm()) {
            assertThatThrownBy(() -> model.embed(request(Deadline.after(Duration.ofMillis(40), time))))
                    .isInstanceOf(TimedOutException.class);
            assertThat(time.looks()).isBetween(40, 45);
        }
    }

    @Test
    void theTotalLimitOfARequestCountsToo() {
        TickingTime time = new TickingTime(Integer.MAX_VALUE);
        EmbeddingRequest request = EmbeddingRequest.documents(TEXTS).toBuilder()
                .timeouts(Timeouts.DEFAULT.withTotal(Duration.ofMillis(40)))
                .build();
        try (OnnxEmbeddings model = OnnxEmbeddings.builder(MODEL).time(time).build()) {
            assertThatThrownBy(() -> model.embed(request)).isInstanceOf(TimedOutException.class);
        }
    }

    @Test
    void anInterruptEndsTheCallBetweenBatches() {
        TickingTime time = new TickingTime(40);
        try (OnnxEmbeddings model = OnnxEmbeddings.miniLm()) {
            assertThatThrownBy(() -> model.embed(request(Deadline.after(Duration.ofHours(1), time))))
                    .isInstanceOf(CancelledException.class);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(time.looks()).isLessThan(45);
            assertThat(model.embedDocuments(TEXTS)).hasSameSizeAs(TEXTS);
        }
    }

    @Test
    void filesOfYourOwnAreTheSameModel(@TempDir Path folder) throws IOException {
        Path onnx = TestModels.copy(MODEL.weights(), folder);
        Path tokenizer = TestModels.copy(MODEL.tokenizer(), folder);
        try (OnnxEmbeddings packaged = OnnxEmbeddings.miniLm();
                OnnxEmbeddings own = OnnxEmbeddings.fromFiles(onnx, tokenizer, MODEL.profile())) {
            assertThat(own.info()).isEqualTo(packaged.info());
            assertThat(own.embedQuery("a text")).isEqualTo(packaged.embedQuery("a text"));
        }
    }

    @Test
    void theVersionChangesWithTheProfile() {
        Weights files = Weights.of(MODEL);
        EmbeddingProfile other =
                EmbeddingProfile.builder("all-MiniLM-L6-v2-q").maxTokens(128).build();
        assertThat(ModelVersion.of(files, MODEL.profile().canonical()))
                .matches("[0-9a-f]{12}")
                .isEqualTo(ModelVersion.of(files, MODEL.profile().canonical()))
                .isNotEqualTo(ModelVersion.of(files, other.canonical()));
    }

    @Test
    void aTokenizerOfYourOwnReplacesOurs() {
        try (OnnxEmbeddings model = OnnxEmbeddings.builder(MODEL)
                .tokenizer(text -> new int[] {101, 7592, 102})
                .build()) {
            assertThat(model.embedQuery("one")).isEqualTo(model.embedQuery("hello"));
        }
    }

    @Test
    void refusesFilesThatAreNotWhatTheyShouldBe(@TempDir Path folder) throws IOException {
        Path tokenizer = TestModels.copy(MODEL.tokenizer(), folder);
        Path broken = Files.writeString(folder.resolve("broken.onnx"), "no model");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OnnxEmbeddings.fromFiles(broken, tokenizer, MODEL.profile()))
                .withMessage("onnx: not loadable (expected: an ONNX model of an encoder)");
        assertThatThrownBy(() -> OnnxEmbeddings.fromFiles(folder.resolve("none"), tokenizer, MODEL.profile()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("none (expected: a readable file)");
        EmbeddingProfile wide = EmbeddingProfile.builder("wide").dimensions(768).build();
        Path onnx = TestModels.copy(MODEL.weights(), folder);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OnnxEmbeddings.fromFiles(onnx, tokenizer, wide))
                .withMessage(
                        "onnx output last_hidden_state: FLOAT [-1, -1, 384] (expected: floats, texts x tokens x 768"
                                + " dimensions)");
    }

    private static EmbeddingRequest request(Deadline deadline) {
        return EmbeddingRequest.documents(TEXTS).toBuilder()
                .context(CallContext.builder().deadline(deadline).build())
                .build();
    }
}
