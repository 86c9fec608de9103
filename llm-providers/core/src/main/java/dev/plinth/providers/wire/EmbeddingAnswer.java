package dev.plinth.providers.wire;

import com.fasterxml.jackson.core.Base64Variants;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.providers.ErrorBody;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The vectors of an answer while it is read. They may come in any order; what is wrong with them is kept, not thrown, so
 * that the whole answer is read first.
 *
 * <p>Not thread-safe.
 */
public final class EmbeddingAnswer {

    private static final float[] NONE = {};
    private static final int FIRST_LENGTH = 512;

    private final float[][] vectors;
    private final Bytes bytes = new Bytes();
    private final UsageCounts usage = new UsageCounts();
    private final ErrorBody.Fields errors = new ErrorBody.Fields();
    private float[] numbers = NONE;
    private @Nullable String model;
    private @Nullable String fault;
    private int count;

    EmbeddingAnswer(int expected) {
        this.vectors = new float[expected][];
    }

    /** The tokens of the answer; embeddings have no output. */
    public UsageCounts usage() {
        return usage;
    }

    /** What may be an error among the fields of the answer. */
    public ErrorBody.Fields errors() {
        return errors;
    }

    /** The model that really answered. */
    public void model(@Nullable String name) {
        model = name;
    }

    /** Which vector comes next, where the answer does not say. */
    public int nextIndex() {
        return count;
    }

    /**
     * A vector.
     *
     * @param index of its text in the call
     * @param vector null: there was none where one should be
     */
    public void add(long index, float @Nullable [] vector) {
        if (index < 0 || index >= vectors.length || vectors[(int) index] != null || vector == null) {
            String all = "each of 0 to " + (vectors.length - 1) + " once, with a vector";
            fault("vector " + count + ": index " + index, all);
        } else {
            vectors[(int) index] = vector;
        }
        count++;
    }

    /** Reads a list of objects with an {@code embedding} and its {@code index}, as OpenAI has it and others do. */
    public void readList(JsonParser json) throws IOException {
        if (Json.isArray(json)) {
            while (Json.nextElement(json)) {
                if (Json.isObject(json)) {
                    readEntry(json);
                }
            }
        }
    }

    private void readEntry(JsonParser json) throws IOException {
        long index = nextIndex();
        float[] vector = null;
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "index" -> index = Json.number(json, index);
                case "embedding" -> vector = vector(json);
                default -> json.skipChildren();
            }
        }
        add(index, vector);
    }

    /** Reads a vector as numbers or as base64 of little-endian floats; null: the value is neither. */
    public float @Nullable [] vector(JsonParser json) throws IOException {
        JsonToken value = json.currentToken();
        if (value == JsonToken.VALUE_STRING) {
            return base64(json);
        }
        if (value == JsonToken.START_ARRAY) {
            return floats(json);
        }
        json.skipChildren();
        return null;
    }

    private float[] base64(JsonParser json) throws IOException {
        bytes.reset();
        try {
            json.readBinaryValue(Base64Variants.MIME_NO_LINEFEEDS, bytes);
        } catch (IllegalArgumentException another) {
            throw new JsonParseException(json, "vector: no base64");
        }
        float[] vector = new float[bytes.size() / Float.BYTES];
        if (bytes.size() % Float.BYTES != 0) {
            fault("vector " + count + ": " + bytes.size() + " bytes", "a multiple of 4");
        }
        ByteBuffer.wrap(bytes.array(), 0, vector.length * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(vector);
        return vector;
    }

    private float[] floats(JsonParser json) throws IOException {
        int length = 0;
        while (json.nextToken() != null && json.currentToken().isNumeric()) {
            if (length == numbers.length) {
                numbers = Arrays.copyOf(numbers, Math.max(FIRST_LENGTH, 2 * length));
            }
            numbers[length++] = json.getFloatValue();
        }
        if (json.currentToken() != JsonToken.END_ARRAY) {
            throw new JsonParseException(json, "vector: not only numbers");
        }
        return Arrays.copyOf(numbers, length);
    }

    private void fault(String what, String expected) {
        if (fault == null) {
            fault = what + " (expected: " + expected + ")";
        }
    }

    /** The error that the answer says, or null. */
    @Nullable
    ErrorBody error() {
        return errors.found(count > 0);
    }

    /** The vectors in the order of the texts, once there is no fault. */
    float[][] vectors() {
        return vectors;
    }

    String modelOr(String otherwise) {
        return model == null ? otherwise : model;
    }

    /** What is wrong with the vectors, or null. */
    @Nullable
    String fault(OptionalInt wanted) {
        if (fault == null && count != vectors.length) {
            fault("vectors: " + count, String.valueOf(vectors.length));
        }
        int length = wanted.orElse(fault == null ? vectors[0].length : 0);
        for (int i = 0; i < vectors.length && fault == null; i++) {
            if (vectors[i].length != length || length == 0) {
                String expected = wanted.isPresent() ? "" + length : "as many as the first, at least 1";
                fault("vector " + i + ": " + vectors[i].length + " dimensions", expected);
            } else if (!finite(vectors[i])) {
                fault("vector " + i + ": NaN or infinite", "finite numbers");
            }
        }
        return fault;
    }

    private static boolean finite(float[] vector) {
        for (float value : vector) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    /** Lets its array be read without a copy. */
    private static final class Bytes extends ByteArrayOutputStream {
        byte[] array() {
            return buf;
        }
    }
}
