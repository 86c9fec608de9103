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
import dev.plinth.api.error.MalformedResponseException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A transformer encoder in ONNX form: token ids in, the vector of every token out.
 *
 * <p>Thread-safe until {@link #close}, which must not overlap with a run.
 */
final class OnnxEncoder implements AutoCloseable {

    private static final String IDS = "input_ids";
    private static final String MASK = "attention_mask";
    private static final String TYPES = "token_type_ids";

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final String output;
    private final int dimensions;

    private OnnxEncoder(OrtEnvironment environment, OrtSession session) throws OrtException {
        this.environment = environment;
        this.session = session;
        requireInputs(session.getInputNames());
        NodeInfo tokens = tokenOutput(session.getOutputInfo());
        this.output = tokens.getName();
        this.dimensions = lastDimension(tokens);
    }

    /**
     * Loads a model.
     *
     * @param threads for one run; with 1 it stays on the calling thread
     * @throws IllegalArgumentException if the file is no ONNX model or not an encoder
     */
    static OnnxEncoder load(Weights weights, int threads) {
        OrtEnvironment environment = environment();
        try (SessionOptions options = new SessionOptions()) {
            environment.setTelemetry(false);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            OrtSession session = weights.open(environment, options);
            try {
                return new OnnxEncoder(environment, session);
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

    int dimensions() {
        return dimensions;
    }

    /**
     * Runs one batch.
     *
     * @param batch the ids of each text; shorter ones are padded
     * @return one vector for each text
     */
    float[][] encode(int[][] batch, EmbeddingProfile profile, ErrorDetails details) {
        int longest = Arrays.stream(batch).mapToInt(ids -> ids.length).max().orElse(0);
        long[] shape = {batch.length, longest};
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try {
            put(inputs, IDS, paddedIds(batch, longest), shape);
            put(inputs, MASK, mask(batch, longest), shape);
            put(inputs, TYPES, new long[batch.length * longest], shape);
            try (OrtSession.Result result = session.run(inputs, Set.of(output))) {
                float[][] vectors = pooled(values(result), batch, longest, profile.pooling());
                for (float[] vector : vectors) {
                    scale(vector, profile.normalized(), details);
                }
                return vectors;
            }
        } catch (OrtException e) {
            throw new EngineException("onnxruntime: run failed (expected: a vector for each token)", details, e);
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private void put(Map<String, OnnxTensor> inputs, String name, long[] values, long[] shape) throws OrtException {
        if (session.getInputNames().contains(name)) {
            inputs.put(name, OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape));
        }
    }

    private float[] values(OrtSession.Result result) {
        FloatBuffer buffer = ((OnnxTensor) result.get(0)).getFloatBuffer();
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    private float[][] pooled(float[] tokens, int[][] batch, int longest, Pooling pooling) {
        float[][] vectors = new float[batch.length][];
        for (int i = 0; i < batch.length; i++) {
            int start = i * longest * dimensions;
            vectors[i] = pooling == Pooling.CLS
                    ? Arrays.copyOfRange(tokens, start, start + dimensions)
                    : mean(tokens, start, batch[i].length);
        }
        return vectors;
    }

    private float[] mean(float[] tokens, int start, int count) {
        float[] mean = new float[dimensions];
        for (int token = 0; token < count; token++) {
            int offset = start + token * dimensions;
            for (int d = 0; d < mean.length; d++) {
                mean[d] += tokens[offset + d];
            }
        }
        for (int d = 0; d < mean.length; d++) {
            mean[d] /= count;
        }
        return mean;
    }

    private static void scale(float[] vector, boolean toOne, ErrorDetails details) {
        double sum = 0;
        for (float value : vector) {
            sum += (double) value * value;
        }
        double length = Math.sqrt(sum);
        if (!(length > 0 && length < Double.POSITIVE_INFINITY)) {
            throw new MalformedResponseException(
                    "vector length: " + length + " (expected: > 0, finite)", details, null);
        }
        for (int i = 0; toOne && i < vector.length; i++) {
            vector[i] = (float) (vector[i] / length);
        }
    }

    private static long[] paddedIds(int[][] batch, int longest) {
        long[] padded = new long[batch.length * longest];
        for (int i = 0; i < batch.length; i++) {
            for (int j = 0; j < batch[i].length; j++) {
                padded[i * longest + j] = batch[i][j];
            }
        }
        return padded;
    }

    private static long[] mask(int[][] batch, int longest) {
        long[] mask = new long[batch.length * longest];
        for (int i = 0; i < batch.length; i++) {
            Arrays.fill(mask, i * longest, i * longest + batch[i].length, 1);
        }
        return mask;
    }

    private static void requireInputs(Set<String> names) {
        if (!names.contains(IDS) || !Set.of(IDS, MASK, TYPES).containsAll(names)) {
            throw new IllegalArgumentException(
                    "onnx inputs: " + names + " (expected: " + IDS + ", " + MASK + " and " + TYPES + " at most)");
        }
    }

    private static NodeInfo tokenOutput(Map<String, NodeInfo> outputs) {
        NodeInfo usual = outputs.get("last_hidden_state");
        return usual != null ? usual : outputs.values().iterator().next();
    }

    private static int lastDimension(NodeInfo node) {
        if (node.getInfo() instanceof TensorInfo tensor && tensor.getShape().length == 3 && tensor.getShape()[2] > 0) {
            return Math.toIntExact(tensor.getShape()[2]);
        }
        throw new IllegalArgumentException("onnx output " + node.getName() + ": " + node.getInfo()
                + " (expected: a tensor of texts x tokens x dimensions)");
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
