package dev.plinth.providers.onnx;

import dev.plinth.api.embedding.InputType;
import dev.plinth.api.time.Deadline;
import java.util.ArrayList;
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
    private final KeptDocuments kept;

    LateInteraction(Engine engine, Inputs inputs, KeptDocuments kept) {
        this.engine = engine;
        this.inputs = inputs;
        this.kept = kept;
    }

    @Override
    public Scores score(String query, List<String> documents, @Nullable Deadline deadline) {
        Sequence asked = inputs.of("query", query, InputType.QUERY);
        float[][] wanted = own(engine.run(asked, deadline), asked, inputs.head(InputType.QUERY));
        double[] scores = new double[documents.size()];
        List<Integer> unread = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            float[][] document = kept.get(documents.get(i));
            if (document == null) {
                unread.add(i);
            } else {
                scores[i] = MaxSim.of(wanted, document);
            }
        }
        long tokens = unread.isEmpty() ? 0 : read(documents, unread, wanted, scores, deadline);
        return new Scores(scores, asked.length() + tokens);
    }

    /** Scores the documents at these places; says how many tokens the model read. */
    private long read(
            List<String> documents,
            List<Integer> places,
            float[][] wanted,
            double[] scores,
            @Nullable Deadline deadline) {
        List<String> some = places.stream().map(documents::get).toList();
        Sequence[] texts = inputs.of("documents", some, InputType.DOCUMENT, () -> engine.check(deadline));
        int[] head = inputs.head(InputType.DOCUMENT);
        engine.run(texts, deadline, (position, output) -> {
            float[][] document = own(output, texts[position], head);
            scores[places.get(position)] = MaxSim.of(wanted, document);
            kept.put(some.get(position), document);
        });
        return Sequence.tokens(texts);
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
