package dev.plinth.providers.onnx;

import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.time.Deadline;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The model reads query and document together and says how well they fit: one run for each document. */
final class CrossEncoder implements Scorer {

    private final Engine engine;
    private final Pairs pairs;
    private final boolean sigmoid;

    CrossEncoder(Engine engine, Pairs pairs, boolean sigmoid) {
        this.engine = engine;
        this.pairs = pairs;
        this.sigmoid = sigmoid;
    }

    @Override
    public Scores score(String query, List<String> documents, @Nullable Deadline deadline) {
        Sequence[] sequences = pairs.of(query, documents, () -> engine.check(deadline));
        double[] scores = new double[sequences.length];
        engine.run(sequences, deadline, (position, logits) -> scores[position] = score(logits));
        return new Scores(scores, Sequence.tokens(sequences));
    }

    @Override
    public long truncated() {
        return pairs.truncated();
    }

    // Of two logits the second speaks for the document; the sigmoid of the difference is the softmax of the two.
    private double score(float[] logits) {
        double score = logits.length == 2 ? (double) logits[1] - logits[0] : logits[0];
        if (logits.length > 2 || !Double.isFinite(score)) {
            throw new MalformedResponseException(
                    "logits: " + Arrays.toString(logits) + " (expected: 1 or 2 for each pair, finite)",
                    engine.details(),
                    null);
        }
        return sigmoid ? 1 / (1 + Math.exp(-score)) : score;
    }
}
