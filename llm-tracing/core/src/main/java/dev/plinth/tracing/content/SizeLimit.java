package dev.plinth.tracing.content;

import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Brings content down to a size without breaking its structure: first long texts are cut, then parts in the middle of
 * messages are left out, then elements in the middle, since the beginning and the newest say most. What is missing is
 * said. Names and ids stay whole, or calls would lose their results.
 */
final class SizeLimit {

    /** What an array is of, with what stands for elements that were left out. */
    enum Elements {
        MESSAGES,
        PARTS,
        TOOLS,
        DOCUMENTS;

        private Value<?> omitted(int count) {
            KeyValue missing = KeyValue.of("count", Value.of((long) count));
            return switch (this) {
                case MESSAGES -> Value.of(field("role", "omitted"), KeyValue.of("parts", Value.of(NONE)), missing);
                case PARTS -> Value.of(field("type", "generic"), field("generic_type", "omitted"), missing);
                case TOOLS -> Value.of(field("type", "generic"), field("name", "omitted"), missing);
                case DOCUMENTS -> Value.of(field("id", "omitted"), KeyValue.of("score", Value.of(0.0)), missing);
            };
        }
    }

    private static final List<Value<?>> NONE = List.of();
    private static final int[] CUTS = {8192, 2048, 512, 128, 32};
    private static final int[] PARTS = {32, 8, 2};

    /** What tells elements apart, in messages, parts, tools and documents. */
    private static final Set<String> IDENTIFIERS =
            Set.of("id", "name", "role", "type", "generic_type", "modality", "mime_type");

    private final int most;

    /** @param most bytes of the JSON, in UTF-8 */
    SizeLimit(int most) {
        this.most = most;
    }

    /** An array of these. */
    Value<?> array(Elements kind, List<Value<?>> elements) {
        List<Value<?>> cut = elements;
        for (int i = 0; i < CUTS.length && !fits(Value.of(cut)); i++) {
            int length = CUTS[i];
            cut = each(elements, element -> cutElement(element, length));
        }
        return middleLeftOut(kind, kind == Elements.MESSAGES ? partsLeftOut(cut) : cut);
    }

    private List<Value<?>> partsLeftOut(List<Value<?>> messages) {
        List<Value<?>> fewer = messages;
        for (int i = 0; i < PARTS.length && !fits(Value.of(fewer)); i++) {
            int parts = PARTS[i];
            fewer = each(messages, message -> partsLeftOut(message, parts));
        }
        return fits(Value.of(fewer)) ? fewer : each(messages, this::fewestParts);
    }

    /** One that takes most of the room for all of them is left without parts: it must not be all there is. */
    private Value<?> fewestParts(Value<?> message) {
        Value<?> ends = partsLeftOut(message, PARTS[PARTS.length - 1]);
        return size(ends) > most / 2 ? partsLeftOut(message, 0) : ends;
    }

    /** One value. */
    Value<?> value(Value<?> value) {
        if (fits(value)) {
            return value;
        }
        for (int cutAt : CUTS) {
            Value<?> cut = cut(value, cutAt);
            if (fits(cut)) {
                return cut;
            }
        }
        return Value.of(KeyValue.of("omitted_bytes", Value.of((long) size(value))));
    }

    private Value<?> middleLeftOut(Elements kind, List<Value<?>> elements) {
        if (fits(Value.of(elements))) {
            return Value.of(elements);
        }
        int left = most - size(kind.omitted(elements.size())) - 4;
        int first = 0;
        int last = 0;
        while (first + last < elements.size()) {
            // The newest first, then the oldest, by turns.
            boolean newest = last <= first;
            left -= size(elements.get(newest ? elements.size() - 1 - last : first)) + 1;
            if (left < 0) {
                break;
            }
            if (newest) {
                last++;
            } else {
                first++;
            }
        }
        return Value.of(ends(kind, elements, first, last));
    }

    /** The first and the last ones, and between them what stands for the others. */
    private static List<Value<?>> ends(Elements kind, List<Value<?>> elements, int first, int last) {
        List<Value<?>> ends = new ArrayList<>(elements.subList(0, first));
        ends.add(kind.omitted(elements.size() - first - last));
        ends.addAll(elements.subList(elements.size() - last, elements.size()));
        return ends;
    }

    private static Value<?> partsLeftOut(Value<?> message, int most) {
        return fields(message, field -> {
            if (!field.getKey().equals("parts")) {
                return field.getValue();
            }
            List<Value<?>> parts = elements(field.getValue());
            return parts.size() <= most
                    ? field.getValue()
                    : Value.of(ends(Elements.PARTS, parts, most / 2, most - most / 2));
        });
    }

    /** A message, part, tool or document with its texts cut; what it holds of others' JSON has no ids of ours. */
    private static Value<?> cutElement(Value<?> element, int length) {
        return fields(element, field -> {
            Value<?> value = field.getValue();
            if (IDENTIFIERS.contains(field.getKey())) {
                return value;
            }
            return switch (field.getKey()) {
                case "parts" -> Value.of(each(elements(value), part -> cutElement(part, length)));
                case "parameters" -> size(value) <= length ? value : anySchema(size(value));
                default -> cut(value, length);
            };
        });
    }

    /** Cut, a JSON Schema would be none or another one. */
    private static Value<?> anySchema(int bytes) {
        return Value.of(field("$comment", "a schema of " + bytes + " bytes was left out"));
    }

    private static Value<?> cut(Value<?> value, int length) {
        return switch (value.getType()) {
            case STRING -> Value.of(cut((String) value.getValue(), length));
            case ARRAY -> Value.of(each(elements(value), element -> cut(element, length)));
            case KEY_VALUE_LIST -> fields(value, field -> cut(field.getValue(), length));
            default -> value;
        };
    }

    private static String cut(String text, int length) {
        String missing = "… (" + text.length() + " characters)";
        if (text.length() <= length + missing.length()) {
            return text; // would not become shorter
        }
        int end = Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
        return text.substring(0, end) + missing;
    }

    private static List<Value<?>> each(List<Value<?>> elements, Function<Value<?>, Value<?>> change) {
        List<Value<?>> changed = new ArrayList<>(elements.size());
        elements.forEach(element -> changed.add(change.apply(element)));
        return changed;
    }

    @SuppressWarnings("unchecked") // what the types of values promise
    private static List<Value<?>> elements(Value<?> array) {
        return (List<Value<?>>) array.getValue();
    }

    @SuppressWarnings("unchecked")
    private static Value<?> fields(Value<?> object, Function<KeyValue, Value<?>> change) {
        return Value.of(((List<KeyValue>) object.getValue())
                .stream()
                        .map(field -> KeyValue.of(field.getKey(), change.apply(field)))
                        .toArray(KeyValue[]::new));
    }

    private static KeyValue field(String name, String value) {
        return KeyValue.of(name, Value.of(value));
    }

    private boolean fits(Value<?> value) {
        return size(value) <= most;
    }

    private static int size(Value<?> value) {
        return value.asString().getBytes(StandardCharsets.UTF_8).length;
    }
}
