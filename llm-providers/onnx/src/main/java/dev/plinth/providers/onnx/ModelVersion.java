package dev.plinth.providers.onnx;

import dev.plinth.api.model.ModelInfo;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The version of a model by its content, as part of its name: changes with everything that changes the meaning of what
 * the model puts out.
 */
final class ModelVersion {

    private static final int HEX_DIGITS = 12;

    private ModelVersion() {}

    /**
     * The model under its name with its version.
     *
     * @param use everything about how the model is used, in a fixed order
     */
    static ModelInfo info(String name, Weights weights, String use) {
        return ModelInfo.local("onnx", name + "@" + of(weights, use));
    }

    static String of(Weights weights, String use) {
        MessageDigest digest = sha256();
        weights.digest(digest);
        digest.update(weights.tokenizer());
        digest.update(use.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest.digest()).substring(0, HEX_DIGITS);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256: missing (expected: in every Java platform)", e);
        }
    }
}
