package dev.plinth.providers.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.TensorInfo;
import dev.plinth.api.error.ErrorDetails;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A transformer in ONNX form: token ids in, one of its outputs out.
 *
 * <p>Thread-safe until {@link #close}, which must not overlap with a run.
 */
final class OnnxSession implements AutoCloseable {

    private static final String IDS = "input_ids";
    private static final String MASK = "attention_mask";
    private static final String TYPES = "token_type_ids";

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final String output;
    private final int width;

    private OnnxSession(OrtEnvironment environment, OrtSession session, ModelOutput wanted) throws OrtException {
        this.environment = environment;
        this.session = session;
        requireInputs(session.getInputNames());
        NodeInfo found = wanted.of(session.getOutputInfo());
        long[] shape = ((TensorInfo) found.getInfo()).getShape();
        this.output = found.getName();
        this.width = Math.toIntExact(shape[shape.length - 1]);
    }

    /**
     * Loads a model.
     *
     * @param threads for one run; with 1 it stays on the calling thread
     * @throws IllegalArgumentException if the file is no ONNX model or not one of the wanted kind
     */
    static OnnxSession load(Weights weights, int threads, ModelOutput wanted) {
        OrtEnvironment environment = environment();
        try (SessionOptions options = new SessionOptions()) {
            environment.setTelemetry(false);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            OrtSession session = weights.open(environment, options);
            try {
                return new OnnxSession(environment, session, wanted);
            } catch (OrtException | RuntimeException e) {
                session.close();
                throw e;
            }
        } catch (OrtException e) {
            throw new IllegalArgumentException("onnx: not loadable (expected: an ONNX model of an encoder)", e);
        }
    }

    // Whoever asks first names the level for the JVM, and asking for another one later is logged; so ask for none.
    private static OrtEnvironment environment() {
        try {
            return OrtEnvironment.getEnvironment();
        } catch (LinkageError e) {
            throw new IllegalStateException(
                    "onnxruntime: no native library for " + System.getProperty("os.name") + " "
                            + System.getProperty("os.arch")
                            + " (expected: Linux with glibc or Windows on x64, Linux or macOS on ARM, and a"
                            + " java.io.tmpdir that can be written and executed)",
                    e);
        }
    }

    /** The last dimension of the output: the length of a token's vector, or the number of logits. */
    int width() {
        return width;
    }

    /**
     * Runs one batch.
     *
     * @param batch the sequences; shorter ones are padded
     * @return what the output holds for each sequence, what stands for its padding included
     */
    float[][] run(Sequence[] batch, ErrorDetails details) {
        int longest = Arrays.stream(batch).mapToInt(Sequence::length).max().orElse(0);
        long[] shape = {batch.length, longest};
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try {
            put(inputs, IDS, paddedIds(batch, longest), shape);
            put(inputs, MASK, mask(batch, longest), shape);
            put(inputs, TYPES, types(batch, longest), shape);
            try (OrtSession.Result result = session.run(inputs, Set.of(output))) {
                return split(((OnnxTensor) result.get(0)).getFloatBuffer(), batch.length);
            }
        } catch (OrtException e) {
            throw new EngineException("onnxruntime: run failed (expected: an output for each text)", details, e);
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private void put(Map<String, OnnxTensor> inputs, String name, long[] values, long[] shape) throws OrtException {
        if (session.getInputNames().contains(name)) {
            inputs.put(name, OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape));
        }
    }

    private static float[][] split(FloatBuffer values, int parts) {
        float[][] split = new float[parts][values.remaining() / parts];
        for (float[] part : split) {
            values.get(part);
        }
        return split;
    }

    private static long[] paddedIds(Sequence[] batch, int longest) {
        long[] padded = new long[batch.length * longest];
        for (int i = 0; i < batch.length; i++) {
            int[] ids = batch[i].ids();
            for (int j = 0; j < ids.length; j++) {
                padded[i * longest + j] = ids[j];
            }
        }
        return padded;
    }

    private static long[] mask(Sequence[] batch, int longest) {
        long[] mask = new long[batch.length * longest];
        for (int i = 0; i < batch.length; i++) {
            Arrays.fill(mask, i * longest, i * longest + batch[i].length(), 1);
        }
        return mask;
    }

    private static long[] types(Sequence[] batch, int longest) {
        long[] types = new long[batch.length * longest];
        for (int i = 0; i < batch.length; i++) {
            Arrays.fill(types, i * longest + batch[i].secondStart(), i * longest + batch[i].length(), 1);
        }
        return types;
    }

    private static void requireInputs(Set<String> names) {
        if (!names.contains(IDS) || !Set.of(IDS, MASK, TYPES).containsAll(names)) {
            throw new IllegalArgumentException(
                    "onnx inputs: " + names + " (expected: " + IDS + ", " + MASK + " and " + TYPES + " at most)");
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("onnxruntime: session not closed (expected: closed)", e);
        }
    }
}
