package dev.plinth.providers.onnx;

import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.time.Deadline;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts sequences through a model: batch by batch on the caller's thread, so many callers at a time.
 *
 * <p>Thread-safe.
 */
final class Engine implements AutoCloseable {

    /** Gets what the model said about one sequence. */
    interface Sink {
        void accept(int position, float[] output);
    }

    private final OnnxSession session;
    private final Gate gate;
    private final boolean deterministic;
    private final ErrorDetails details;

    private Engine(OnnxSession session, Settings settings, ErrorDetails details) {
        this.session = session;
        this.gate = new Gate(settings.maxConcurrency, details);
        this.deterministic = settings.deterministic;
        this.details = details;
    }

    /**
     * Loads a model.
     *
     * @throws IllegalArgumentException if the file is no ONNX model or not one of the wanted kind
     */
    static Engine load(Weights files, ModelOutput wanted, Settings settings, ModelInfo info) {
        ErrorDetails details = ErrorDetails.builder()
                .provider(info.provider())
                .model(info.model())
                .build();
        return new Engine(OnnxSession.load(files, settings.threads, wanted), settings, details);
    }

    /** The last dimension of the output: the length of a token's vector, or the number of logits. */
    int width() {
        return session.width();
    }

    /** What an error has to say of the model. */
    ErrorDetails details() {
        return details;
    }

    boolean deterministic() {
        return deterministic;
    }

    /** Fails if the work should not go on. */
    void check(@Nullable Deadline deadline) {
        gate.check(deadline);
    }

    /** Runs all sequences; the sink gets each of their outputs once, in any order, on this thread. */
    void run(Sequence[] sequences, @Nullable Deadline deadline, Sink sink) {
        for (int[] positions : batches(sequences)) {
            float[][] outputs = runBatch(select(sequences, positions), deadline);
            for (int i = 0; i < positions.length; i++) {
                sink.accept(positions[i], outputs[i]);
            }
        }
    }

    /** Runs one sequence. */
    float[] run(Sequence sequence, @Nullable Deadline deadline) {
        return runBatch(new Sequence[] {sequence}, deadline)[0];
    }

    private List<int[]> batches(Sequence[] sequences) {
        if (deterministic) {
            return BatchPlan.single(sequences.length);
        }
        return BatchPlan.packed(
                Arrays.stream(sequences).mapToInt(Sequence::length).toArray());
    }

    private float[][] runBatch(Sequence[] batch, @Nullable Deadline deadline) {
        gate.enter(deadline);
        try {
            return session.run(batch, details);
        } finally {
            gate.leave();
        }
    }

    private static Sequence[] select(Sequence[] sequences, int[] positions) {
        return Arrays.stream(positions)
                .mapToObj(position -> sequences[position])
                .toArray(Sequence[]::new);
    }

    /** Frees the model after the batches that run have ended; calls that wait or come later fail. */
    @Override
    public void close() {
        gate.close(session::close);
    }
}
