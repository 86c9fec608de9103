package dev.plinth.bench;

import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.InputType;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.usage.Usage;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Vectors by text, kept in a file between runs: a header (mark, model, dimensions), then for each text the SHA-256 of
 * input type, line feed and text, and its floats, big-endian. A file of another model is refused.
 */
final class CachedEmbeddings implements EmbeddingModel {
    private static final String MARK = "plinth-bench-vectors/1";
    private static final int KEY_BYTES = 32;

    private final EmbeddingModel model;
    private final @Nullable Path file;
    private final Map<String, float[]> vectors = new HashMap<>();
    private int embedded;

    CachedEmbeddings(EmbeddingModel model, @Nullable Path file) throws IOException {
        this.model = model;
        this.file = file;
        if (file != null && Files.exists(file)) {
            load(file);
        }
    }

    /** How many texts were really embedded. */
    int embedded() {
        return embedded;
    }

    @Override
    public EmbeddingResponse embed(EmbeddingRequest request) {
        List<String> missing = new ArrayList<>();
        for (String text : request.texts()) {
            if (!vectors.containsKey(key(request.inputType(), text))) {
                missing.add(text);
            }
        }
        if (!missing.isEmpty()) {
            EmbeddingRequest rest =
                    EmbeddingRequest.builder(missing, request.inputType()).build();
            List<float[]> fresh = model.embed(rest).vectors();
            for (int i = 0; i < fresh.size(); i++) {
                vectors.put(key(request.inputType(), missing.get(i)), fresh.get(i));
            }
            embedded += fresh.size();
        }
        List<float[]> found = request.texts().stream()
                .map(text -> vectors.get(key(request.inputType(), text)))
                .toList();
        return new EmbeddingResponse(found, info().model(), Usage.UNKNOWN);
    }

    @Override
    public ModelInfo info() {
        return model.info();
    }

    @Override
    public OptionalInt dimensions() {
        return model.dimensions();
    }

    /** Writes the file if texts were embedded since. */
    void save() throws IOException {
        if (file == null || embedded == 0) {
            return;
        }
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            out.writeUTF(MARK);
            out.writeUTF(info().model());
            out.writeInt(model.dimensions().orElseThrow());
            for (Map.Entry<String, float[]> entry : vectors.entrySet()) {
                out.write(HexFormat.of().parseHex(entry.getKey()));
                for (float value : entry.getValue()) {
                    out.writeFloat(value);
                }
            }
        }
    }

    private void load(Path existing) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(existing)))) {
            String mark = in.readUTF();
            String name = in.readUTF();
            int dimensions = in.readInt();
            if (!mark.equals(MARK) || !name.equals(info().model())) {
                throw new IllegalArgumentException(
                        "--cache: vectors of " + name + " (expected: vectors of " + info().model() + ")");
            }
            byte[] key = in.readNBytes(KEY_BYTES);
            while (key.length == KEY_BYTES) {
                float[] vector = new float[dimensions];
                for (int d = 0; d < dimensions; d++) {
                    vector[d] = in.readFloat();
                }
                vectors.put(HexFormat.of().formatHex(key), vector);
                key = in.readNBytes(KEY_BYTES);
            }
        }
    }

    private static String key(InputType type, String text) {
        try {
            byte[] bytes = (type + "\n" + text).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException exception) {
            throw new IllegalStateException(exception);
        }
    }
}
