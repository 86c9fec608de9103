package dev.plinth.rag.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.IncompleteEmbeddingException;
import dev.plinth.api.error.ContentFilteredException;
import dev.plinth.api.error.ContextTooLongException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.InvalidRequestException;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.usage.Usage;
import dev.plinth.rag.WordVectors;
import dev.plinth.rag.index.InMemoryIndex;
import dev.plinth.rag.ingest.IngestReport.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the model or the store refuses for what it is, is the document's own failure. */
class RefusedDocumentsTest {
    private final Shelf shelf = new Shelf(true);
    private final Refusing model = new Refusing();
    private final InMemoryIndex index = InMemoryIndex.forModel(model).build();

    /** Does with a text what its first word says. */
    private static final class Refusing implements EmbeddingModel {
        private final WordVectors words = new WordVectors();
        private int requests;
        private int tooLong;
        private OptionalInt dimensions = OptionalInt.of(WordVectors.DIMENSIONS);

        @Override
        public EmbeddingResponse embed(EmbeddingRequest request) {
            requests++;
            List<float[]> vectors = new ArrayList<>();
            for (String text : request.texts()) {
                vectors.add(vector(text, request));
            }
            return new EmbeddingResponse(vectors, "word-vectors", Usage.NONE);
        }

        private float[] vector(String text, EmbeddingRequest request) {
            return switch (text.split(" ", 2)[0]) {
                case "long" -> throw new ContextTooLongException("text: long", ErrorDetails.NONE, null);
                case "filtered" -> throw new ContentFilteredException("text: bad", ErrorDetails.NONE, null);
                case "invalid" -> throw new InvalidRequestException("text: odd");
                case "incomplete" ->
                    throw new IncompleteEmbeddingException(
                            request,
                            List.of(),
                            new EmbeddingResponse(List.of(), "word-vectors", Usage.NONE),
                            new InvalidRequestException("text: odd"));
                case "zero" -> new float[WordVectors.DIMENSIONS];
                default -> grown(WordVectors.vector(text));
            };
        }

        private float[] grown(float[] vector) {
            float[] longer = new float[vector.length + tooLong];
            System.arraycopy(vector, 0, longer, 0, vector.length);
            return longer;
        }

        @Override
        public ModelInfo info() {
            return words.info();
        }

        @Override
        public OptionalInt dimensions() {
            return dimensions;
        }
    }

    private IngestReport run() {
        return Ingestion.into(index, model).run(shelf);
    }

    @ParameterizedTest
    @ValueSource(strings = {"long", "filtered", "invalid", "incomplete", "zero"})
    void areNotedAndQuarantinedAndHoldNothingUp(String kind) {
        shelf.put("a", "good words");
        for (int i = 0; i < 7; i++) {
            shelf.put("bad" + i, kind + " words " + i);
        }
        shelf.put("z", "good words, too");
        List<Status> statuses = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            IngestReport report = run();
            assertThat(report.failed()).isEqualTo(7);
            assertThat(report.problems().get(0).reason()).doesNotContain("not tried");
            statuses.add(report.problems().get(0).status());
            assertThat(index.checkpoint("shelf").orElseThrow().cursor()).endsWith("\nsince 9");
            assertThat(index.size()).as("the good ones").isEqualTo(2);
        }
        assertThat(statuses).containsExactly(Status.FAILED, Status.FAILED, Status.QUARANTINED, Status.QUARANTINED);
        int requests = model.requests;
        run();
        assertThat(model.requests).as("left alone").isEqualTo(requests);

        shelf.put("bad3", "good at last");
        assertThat(run().count(Status.ADDED)).isEqualTo(1);
    }

    @Test
    void keepTheNoteOfWhatMayHaveBeenWritten() {
        shelf.put("a", "zero words");
        run();
        Ledger.Entry entry = index.find("shelf", List.of("a")).get("a");
        assertThat(entry.pending()).isNotNull();
        assertThat(entry.failure()).isNotNull();
    }

    @Test
    void aModelOfAnotherLengthIsRefused() {
        model.dimensions = OptionalInt.of(7);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ingestion.into(index, model))
                .withMessage("dimensions: 7 (expected: 64, as of the vectors that are held)");
    }

    @Test
    void aModelThatTurnsOutToBeOfAnotherLengthIsNoFaultOfTheDocuments() {
        shelf.put("a", "good words").put("b", "good words, too");
        model.dimensions = OptionalInt.empty();
        model.tooLong = 1;
        for (int i = 0; i < 4; i++) {
            IngestReport report = run();
            assertThat(report.count(Status.FAILED)).isEqualTo(2);
            assertThat(report.problems().get(0).reason()).contains("dimensions: 65 (expected: 64, as of the store)");
        }
        assertThat(index.find("shelf", List.of("a", "b")).values())
                .extracting(entry -> entry.failure().times())
                .containsExactly(1, 1);
        model.tooLong = 0;
        assertThat(run().count(Status.ADDED)).isEqualTo(2);
    }
}
