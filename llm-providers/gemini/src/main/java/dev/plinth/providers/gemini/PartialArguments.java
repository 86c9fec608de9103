package dev.plinth.providers.gemini;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Arguments that come in pieces, each with the place it belongs to, such as {@code $.recipe.steps[2]}. A text goes on
 * where the same place comes again.
 *
 * <p>Not thread-safe.
 */
final class PartialArguments {

    private static final Pattern STEP =
            Pattern.compile("\\.([^.\\[\\]]+)|\\[(\\d{1,9})]|\\['([^']*)']|\\[\"([^\"]*)\"]");
    private static final int MAX_STEPS = 100;

    /** @param value text, or else JSON */
    private record Piece(String path, String value, boolean isText) {}

    /** A text that may go on. */
    private static final class Words {
        private final StringBuilder text = new StringBuilder();

        Words add(String more) {
            text.append(more);
            return this;
        }
    }

    private final List<Piece> pieces = new ArrayList<>(0);

    boolean isEmpty() {
        return pieces.isEmpty();
    }

    void addAll(PartialArguments more) {
        pieces.addAll(more.pieces);
    }

    /** Reads an array of pieces. */
    void read(JsonParser json) throws IOException {
        if (Json.isArray(json)) {
            while (Json.nextElement(json)) {
                if (Json.isObject(json)) {
                    readPiece(json);
                }
            }
        }
    }

    private void readPiece(JsonParser json) throws IOException {
        String path = "";
        String value = null;
        boolean isText = false;
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "jsonPath" -> path = String.valueOf(Json.text(json, ""));
                case "stringValue" -> {
                    value = Json.text(json, "");
                    isText = true;
                }
                case "nullValue" -> {
                    value = "null";
                    json.skipChildren();
                }
                case "numberValue", "boolValue" -> value = Json.copy(json);
                default -> json.skipChildren();
            }
        }
        if (value != null) {
            pieces.add(new Piece(path, value, isText));
        }
    }

    /** The arguments put together, an object. */
    String json() {
        Map<String, Object> root = new LinkedHashMap<>();
        for (Piece piece : pieces) {
            put(root, steps(piece.path), piece);
        }
        StringWriter text = new StringWriter();
        try (JsonGenerator json = Json.FACTORY.createGenerator(text)) {
            write(root, json);
        } catch (IOException impossible) {
            throw new IllegalStateException("arguments: not written (expected: memory does not fail)", impossible);
        }
        return text.toString();
    }

    private static List<Object> steps(String path) {
        List<Object> steps = new ArrayList<>();
        Matcher step = STEP.matcher(path);
        while (step.find() && steps.size() < MAX_STEPS) {
            if (step.group(2) != null) {
                steps.add(Integer.valueOf(step.group(2)));
            } else {
                steps.add(
                        step.group(1) != null ? step.group(1) : step.group(3) != null ? step.group(3) : step.group(4));
            }
        }
        return steps;
    }

    private static void put(Map<String, Object> root, List<Object> steps, Piece piece) {
        Object place = root;
        for (int i = 0; i < steps.size(); i++) {
            boolean last = i == steps.size() - 1;
            Object there = get(place, steps.get(i));
            if (last) {
                set(place, steps.get(i), joined(there, piece));
            } else {
                Object next = steps.get(i + 1) instanceof Integer ? new ArrayList<>() : new LinkedHashMap<>();
                if (there == null || !there.getClass().equals(next.getClass())) {
                    set(place, steps.get(i), next);
                    there = next;
                }
                place = there;
            }
        }
    }

    private static Object joined(@Nullable Object there, Piece piece) {
        if (!piece.isText) {
            return piece.value;
        }
        return there instanceof Words words ? words.add(piece.value) : new Words().add(piece.value);
    }

    private static @Nullable Object get(Object place, Object step) {
        if (place instanceof Map<?, ?> object) {
            return object.get(step);
        }
        List<?> array = (List<?>) place;
        int index = step instanceof Integer number ? number : array.size();
        return index < array.size() ? array.get(index) : null;
    }

    /** An element that leaves a gap is the next one. */
    @SuppressWarnings("unchecked")
    private static void set(Object place, Object step, Object value) {
        if (place instanceof Map<?, ?>) {
            ((Map<String, Object>) place).put(step.toString(), value);
            return;
        }
        List<Object> array = (List<Object>) place;
        if (step instanceof Integer index && index < array.size()) {
            array.set(index, value);
        } else {
            array.add(value);
        }
    }

    private static void write(@Nullable Object value, JsonGenerator json) throws IOException {
        if (value instanceof Map<?, ?> object) {
            json.writeStartObject();
            for (Map.Entry<?, ?> field : object.entrySet()) {
                json.writeFieldName(String.valueOf(field.getKey()));
                write(field.getValue(), json);
            }
            json.writeEndObject();
        } else if (value instanceof List<?> array) {
            json.writeStartArray();
            for (Object element : array) {
                write(element, json);
            }
            json.writeEndArray();
        } else if (value instanceof Words words) {
            json.writeString(words.text.toString());
        } else {
            json.writeRawValue(String.valueOf(value));
        }
    }
}
