package dev.plinth.providers.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;

/** Which of a model's outputs is read, and what it must look like. */
final class ModelOutput {

    private static final Set<OnnxJavaType> FLOATS =
            Set.of(OnnxJavaType.FLOAT, OnnxJavaType.FLOAT16, OnnxJavaType.BFLOAT16);

    private final String usualName;
    private final Predicate<long[]> fits;
    private final String expected;

    private ModelOutput(String usualName, Predicate<long[]> fits, String expected) {
        this.usualName = usualName;
        this.fits = fits;
        this.expected = expected;
    }

    /**
     * A vector for each token, from an encoder.
     *
     * @param dimensions of a vector; absent: whatever the file has
     */
    static ModelOutput tokenVectors(OptionalInt dimensions) {
        return new ModelOutput(
                "last_hidden_state",
                shape -> shape.length == 3 && shape[2] > 0 && shape[2] == dimensions.orElse((int) shape[2]),
                "floats, texts x tokens x "
                        + (dimensions.isPresent() ? dimensions.getAsInt() + " dimensions" : "dimensions"));
    }

    /** One or two logits for each sequence, from a classifier. A file that does not say how many is believed. */
    static ModelOutput logits() {
        return new ModelOutput(
                "logits",
                shape -> shape.length == 2 && shape[1] != 0 && shape[1] <= 2,
                "floats, pairs x 1 or 2 logits");
    }

    /**
     * The output with the usual name, else the first.
     *
     * @throws IllegalArgumentException if it does not look as it must
     */
    NodeInfo of(Map<String, NodeInfo> outputs) {
        NodeInfo usual = outputs.get(usualName);
        NodeInfo found = usual != null ? usual : outputs.values().iterator().next();
        if (found.getInfo() instanceof TensorInfo tensor
                && FLOATS.contains(tensor.type)
                && fits.test(tensor.getShape())) {
            return found;
        }
        throw new IllegalArgumentException(
                "onnx output " + found.getName() + ": " + described(found) + " (expected: " + expected + ")");
    }

    private static String described(NodeInfo node) {
        return node.getInfo() instanceof TensorInfo tensor
                ? tensor.type + " " + Arrays.toString(tensor.getShape())
                : "no tensor";
    }
}
