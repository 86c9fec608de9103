package dev.plinth.bench.overhead;

import com.fasterxml.jackson.core.Base64Variants;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/** Reads vectors out of an answer, base64 or numbers. */
final class FloorVectors {
    private final JsonParser json;
    private final float[][] vectors;
    private final Bytes bytes = new Bytes();
    private float[] numbers = new float[512];

    FloorVectors(JsonParser json, int count) {
        this.json = json;
        this.vectors = new float[count][];
    }

    List<float[]> read() throws IOException {
        json.nextToken();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            if (field.equals("data")) {
                while (json.nextToken() == JsonToken.START_OBJECT) {
                    readEntry();
                }
            } else {
                json.skipChildren();
            }
        }
        return Arrays.asList(vectors);
    }

    private void readEntry() throws IOException {
        int index = 0;
        float[] vector = new float[0];
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            switch (field) {
                case "index" -> index = json.getIntValue();
                case "embedding" -> vector = value == JsonToken.VALUE_STRING ? base64() : numbers();
                default -> json.skipChildren();
            }
        }
        vectors[index] = vector;
    }

    private float[] base64() throws IOException {
        bytes.reset();
        json.readBinaryValue(Base64Variants.MIME_NO_LINEFEEDS, bytes);
        return bytes.floats();
    }

    private float[] numbers() throws IOException {
        int length = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (length == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * length);
            }
            numbers[length++] = json.getFloatValue();
        }
        return Arrays.copyOf(numbers, length);
    }

    /** Lets its array be read without a copy. */
    private static final class Bytes extends ByteArrayOutputStream {
        float[] floats() {
            float[] floats = new float[count / Float.BYTES];
            ByteBuffer.wrap(buf, 0, count)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(floats);
            return floats;
        }
    }
}
