package dev.plinth.api.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.InputType;
import dev.plinth.api.error.TimedOutException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link EmbeddingModel} has to do. Vectors are compared by cosine. */
public abstract class EmbeddingModelContract {
    /** What a model may be unable to do. */
    public enum Behavior {
        /** Texts of similar meaning are nearer than texts of different meaning. */
        MEANING,
        /** Makes vectors of the length a request asks for; {@link #shorter()} says which. */
        CHOSEN_DIMENSIONS
    }

    /** For subclasses. */
    protected EmbeddingModelContract() {}

    /** The model; the same one or a new one each time. */
    protected abstract EmbeddingModel model();

    /** What the model cannot do; nothing unless overridden. The tests of it are reported as skipped. */
    protected Set<Behavior> unsupported() {
        return Set.of();
    }

    /** How far from 1 the cosine of two vectors of the same text may be. */
    protected double tolerance() {
        return 1e-3;
    }

    /** A length of vector the model can make, other than its own. */
    protected int shorter() {
        return 16;
    }

    /** How many texts to embed in one call: more than a provider takes at once, where that has a limit. */
    protected int many() {
        return 300;
    }

    private void isFit(EmbeddingResponse response, int texts) {
        assertThat(response.vectors()).hasSize(texts);
        int length = response.vectors().get(0).length;
        for (float[] vector : response.vectors()) {
            assertThat(vector).hasSize(length);
            assertThat(Vectors.isUsable(vector)).as("finite, not all zero").isTrue();
        }
        assertThat(response.model()).isNotBlank();
    }

    private void isSame(float[] actual, float[] expected) {
        assertThat(Vectors.cosine(actual, expected)).isCloseTo(1, within(tolerance()));
    }

    @Test
    public final void oneVectorForEachTextInOrder() {
        EmbeddingModel model = model();
        List<String> texts = List.of("The cat sleeps.", "Stock prices fell.", "The cat sleeps.", "Rain in Oslo");
        EmbeddingResponse response = model.embed(EmbeddingRequest.documents(texts));
        isFit(response, 4);
        for (int i = 0; i < texts.size(); i++) {
            isSame(
                    response.vectors().get(i),
                    model.embedDocuments(List.of(texts.get(i))).get(0));
        }
        assertThat(Vectors.cosine(response.vectors().get(0), response.vectors().get(1)))
                .isLessThan(1 - tolerance());
    }

    @Test
    public final void vectorsHaveTheLengthItSays() {
        EmbeddingModel model = model();
        float[] vector = model.embedQuery("cat");
        model.dimensions().ifPresent(dimensions -> assertThat(vector).hasSize(dimensions));
        assertThat(model.embedDocuments(List.of("dog")).get(0)).hasSize(vector.length);
    }

    @Test
    public final void lengthCanBeChosen() {
        Skips.unless(unsupported(), Behavior.CHOSEN_DIMENSIONS);
        EmbeddingRequest request = EmbeddingRequest.builder(List.of("cat", "dog"), InputType.DOCUMENT)
                .dimensions(shorter())
                .build();
        EmbeddingResponse response = model().embed(request);
        isFit(response, 2);
        assertThat(response.vectors().get(0)).hasSize(shorter());
    }

    @Test
    public final void similarTextsAreNearer() {
        Skips.unless(unsupported(), Behavior.MEANING);
        EmbeddingModel model = model();
        float[] query = model.embedQuery("How do I reset my password?");
        List<float[]> found = model.embedDocuments(List.of(
                "To reset your password, open the settings and choose a new password.",
                "The restaurant serves fresh fish on Fridays."));
        assertThat(Vectors.cosine(query, found.get(0))).isGreaterThan(Vectors.cosine(query, found.get(1)));
    }

    @Test
    public final void takesManyTextsInOneCall() {
        EmbeddingModel model = model();
        List<String> texts = IntStream.range(0, many())
                .mapToObj(i -> "Text number " + i + " of many")
                .toList();
        EmbeddingResponse response = model.embed(EmbeddingRequest.documents(texts));
        isFit(response, many());
        int firstCall = model.limits().split(texts).get(0).size();
        for (int i : new int[] {0, firstCall - 1, firstCall % many(), many() / 2, many() - 1}) {
            isSame(
                    response.vectors().get(i),
                    model.embedDocuments(List.of(texts.get(i))).get(0));
        }
    }

    @Test
    public final void takesAnyText() {
        List<String> texts =
                List.of("a", "?!", "日本語の文", "😀👩‍👩‍👧", "line\nbreak\ttab", "\"quoted\" \\ back", "שלום");
        isFit(model().embed(EmbeddingRequest.documents(texts)), texts.size());
    }

    @Test
    public final void vectorsBelongToTheCaller() {
        EmbeddingModel model = model();
        float[] first = model.embedQuery("The cat sleeps.");
        float[] kept = first.clone();
        Arrays.fill(first, 7);
        isSame(model.embedQuery("The cat sleeps."), kept);
    }

    @Test
    public final void servesManyCallersAtOnce() throws Exception {
        EmbeddingModel model = model();
        List<float[]> alone = IntStream.range(0, Together.THREADS)
                .mapToObj(i -> model.embedQuery("caller number " + i))
                .toList();
        List<float[]> together = Together.run(Together.THREADS, i -> () -> model.embedQuery("caller number " + i));
        for (int i = 0; i < alone.size(); i++) {
            isSame(together.get(i), alone.get(i));
        }
    }

    @Test
    public final void interruptedCallerIsRefused() throws Exception {
        EmbeddingModel model = model();
        Waiting.startInterrupted(() -> model.embedQuery("cat")).assertCancelled();
    }

    @Test
    public final void deadlineThatHasPassedIsRefused() {
        EmbeddingRequest request = EmbeddingRequest.query("cat").toBuilder()
                .context(Contexts.late())
                .build();
        assertThatThrownBy(() -> model().embed(request)).isInstanceOf(TimedOutException.class);
    }

    @Test
    public final void knowsItselfWithoutACall() {
        EmbeddingModel model = model();
        assertThat(model.info()).isEqualTo(model.info());
        assertThat(model.dimensions()).isEqualTo(model.dimensions());
        assertThat(model.limits()).isEqualTo(model.limits());
        assertThat(model.info().model()).isNotBlank();
    }
}
