package dev.plinth.rag.retrieve;

import static dev.plinth.rag.Chunks.chunk;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.rag.WordVectors;
import dev.plinth.rag.index.InMemoryIndex;
import dev.plinth.rag.quality.Judgement;
import dev.plinth.rag.quality.RetrievalTrial;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VectorWeightTest {
    private final WordVectors model = new WordVectors();
    private final InMemoryIndex index = InMemoryIndex.forModel(model).build();

    /** Chunks that their words find, under vectors that point anywhere: the words are all that helps. */
    private List<Judgement> judgements(int count) {
        Random random = new Random(7);
        List<Judgement> judgements = new ArrayList<>();
        List<Embedded> chunks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] anywhere = WordVectors.vector("noise" + random.nextInt(1000) + " other" + random.nextInt(1000));
            chunks.add(new Embedded(chunk("c" + i, "topic" + i + " shared words of all"), anywhere));
            judgements.add(new Judgement("words of topic" + i, Map.of("c" + i, 1)));
        }
        index.upsert(chunks);
        return judgements;
    }

    @Test
    void findsThatOnlyTheWordsHelp() {
        List<Judgement> judgements = judgements(40);
        HybridRetriever present =
                HybridRetriever.builder(index, model).vectorWeight(0.9).build();
        VectorWeight tuned = VectorWeight.tune(present, trial(judgements));
        assertThat(tuned.gain().shown()).isTrue();
        assertThat(tuned.weight()).isLessThanOrEqualTo(0.5);
    }

    @Test
    void keepsTheWeightInUseWhereNoGainIsShown() {
        List<Judgement> judgements = judgements(40);
        HybridRetriever present =
                HybridRetriever.builder(index, model).vectorWeight(0.11).build();
        VectorWeight tuned = VectorWeight.tune(present, trial(judgements));
        assertThat(tuned.gain().shown()).isFalse();
        assertThat(tuned.weight()).isEqualTo(0.11);
    }

    @Test
    void needsTenQuestions() {
        HybridRetriever present = HybridRetriever.over(index, model);
        assertThatThrownBy(() -> VectorWeight.tune(present, trial(judgements(9))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("judgements: 9 (expected: >= 10)");
    }

    private static RetrievalTrial trial(List<Judgement> judgements) {
        return RetrievalTrial.on(judgements).by(Chunk::id);
    }
}
