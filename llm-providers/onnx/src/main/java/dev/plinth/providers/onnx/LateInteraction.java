package dev.plinth.providers.onnx;

import dev.plinth.api.embedding.InputType;
import dev.plinth.api.time.Deadline;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The model reads query and documents apart, and each token of the query looks for its nearest token of the document.
 * Marks and prefixes take no part: the model needs them, but they say nothing of the text.
 */
final class LateInteraction implements Scorer {

    private final Engine engine;
    private final Inputs inputs;

    LateInteraction(Engine engine, Inputs inputs) {
        this.engine = engine;
        this.inputs = inputs;
    }

    @Override
    public Scores score(String query, List<String> documents, @Nullable Deadline deadline) {
        Sequence asked = inputs.of("query", query, InputType.QUERY);
        Sequence[] texts = inputs.of("documents", documents, InputType.DOCUMENT, () -> engine.check(deadline));
        float[][] wanted = own(engine.run(asked, deadline), asked, inputs.head(InputType.QUERY));
        int[] head = inputs.head(InputType.DOCUMENT);
        double[] scores = new double[texts.length];
        engine.run(
                texts,
                deadline,
                (position, output) -> scores[position] = MaxSim.of(wanted, own(output, texts[position], head)));
        return new Scores(scores, asked.length() + Sequence.tokens(texts));
    }

    @Override
    public long truncated() {
        return inputs.truncated();
    }

    // A text without tokens of its own, such as an empty one, is represented by its marks.
    private float[][] own(float[] output, Sequence text, int[] head) {
        int from = Arrays.mismatch(head, text.ids());
        int to = text.length() - 1;
        TokenVectors all = new TokenVectors(output, text.length(), engine.width());
        float[][] own = from < to ? all.range(from, to) : all.range(0, text.length());
        for (float[] vector : own) {
            TokenVectors.scaleToOne(vector, engine.details());
        }
        return own;
    }
}
