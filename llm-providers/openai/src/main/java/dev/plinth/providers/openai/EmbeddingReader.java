package dev.plinth.providers.openai;

import com.fasterxml.jackson.core.Base64Variants;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.usage.Usage;
import dev.plinth.providers.ErrorBody;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Reads the answer to an embedding request. Vectors may come in any order; what is wrong with them is told, not thrown. */
final class EmbeddingReader {

    private final float[][] vectors;
    private final Bytes bytes = new Bytes();
    private final UsageReader usage = new UsageReader();
    private final ErrorBody.Fields errors = new ErrorBody.Fields();
    private float[] numbers = new float[512];
    private @Nullable String model;
    private @Nullable ErrorBody error;
    private @Nullable String fault;
    private int count;

    EmbeddingReader(int expected) {
        this.vectors = new float[expected][];
    }

    @Nullable
    ErrorBody error() {
        return error;
    }

    /** The vectors in the order of the texts, once there is no fault. */
    float[][] vectors() {
        return vectors;
    }

    String model(String otherwise) {
        return model == null ? otherwise : model;
    }

    /** Embeddings have no output: the tokens reported are the input's. */
    Usage usage() {
        Usage read = usage.usage();
        return read.input().isEmpty() ? Usage.UNKNOWN : Usage.of(read.input().getAsLong(), 0);
    }

    void read(JsonParser json) throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw new JsonParseException(json, "not an object");
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            switch (field) {
                case "data" -> readData(json, value);
                case "model" -> model = value == JsonToken.VALUE_STRING ? json.getText() : model;
                case "usage" -> usage.read(json, value);
                default -> {
                    if (!errors.read(field, json)) {
                        json.skipChildren();
                    }
                }
            }
        }
        if (json.currentToken() != JsonToken.END_OBJECT) {
            throw new JsonParseException(json, "cut short");
        }
        error = errors.found(count > 0);
    }

    private void readData(JsonParser json, JsonToken value) throws IOException {
        if (value != JsonToken.START_ARRAY) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.START_OBJECT) {
            readEntry(json, count++);
        }
    }

    private void readEntry(JsonParser json, int position) throws IOException {
        int index = position;
        float[] vector = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            switch (field) {
                case "index" -> index = value == JsonToken.VALUE_NUMBER_INT ? json.getIntValue() : index;
                case "embedding" -> vector = value == JsonToken.VALUE_STRING ? base64(json) : floats(json, value);
                default -> json.skipChildren();
            }
        }
        if (index < 0 || index >= vectors.length || vectors[index] != null || vector == null) {
            fault(
                    "data[" + position + "]: index " + index,
                    "each of 0 to " + (vectors.length - 1) + " once, with a vector");
        } else {
            vectors[index] = vector;
        }
    }

    private float[] base64(JsonParser json) throws IOException {
        bytes.reset();
        json.readBinaryValue(Base64Variants.MIME_NO_LINEFEEDS, bytes);
        float[] vector = new float[bytes.size() / Float.BYTES];
        if (bytes.size() % Float.BYTES != 0) {
            fault("embedding: " + bytes.size() + " bytes", "a multiple of 4");
        }
        ByteBuffer.wrap(bytes.array(), 0, vector.length * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(vector);
        return vector;
    }

    private float[] floats(JsonParser json, JsonToken start) throws IOException {
        if (start != JsonToken.START_ARRAY) {
            throw new JsonParseException(json, "embedding: neither base64 nor an array");
        }
        int length = 0;
        while (json.nextToken().isNumeric()) {
            if (length == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * length);
            }
            numbers[length++] = json.getFloatValue();
        }
        if (json.currentToken() != JsonToken.END_ARRAY) {
            throw new JsonParseException(json, "embedding: not only numbers");
        }
        return Arrays.copyOf(numbers, length);
    }

    private void fault(String what, String expected) {
        if (fault == null) {
            fault = what + " (expected: " + expected + ")";
        }
    }

    /** What is wrong with the vectors, or null. */
    @Nullable
    String fault(OptionalInt wanted) {
        if (fault == null && count != vectors.length) {
            fault("data: " + count + " vectors", String.valueOf(vectors.length));
        }
        int length = wanted.orElse(fault == null ? vectors[0].length : 0);
        for (int i = 0; i < vectors.length && fault == null; i++) {
            if (vectors[i].length != length || length == 0) {
                fault(
                        "data[" + i + "]: " + vectors[i].length + " dimensions",
                        wanted.isPresent() ? "" + length : "as many as the first, at least 1");
            } else if (!finite(vectors[i])) {
                fault("data[" + i + "]: NaN or infinite", "finite numbers");
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
