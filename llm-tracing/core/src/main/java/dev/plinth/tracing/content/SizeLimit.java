package dev.plinth.tracing.content;

import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.common.ValueType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings content down to a size without breaking its structure: first long texts are cut, then elements in the middle are
 * left out, since the beginning and the newest say most. What is missing is said.
 */
final class SizeLimit {

    private static final int[] CUTS = {8192, 2048, 512, 128, 32};

    private final int most;

    /** @param most bytes of the JSON, in UTF-8 */
    SizeLimit(int most) {
        this.most = most;
    }

    /** The elements of an array. */
    Value<?> array(List<Value<?>> elements) {
        Value<?> whole = Value.of(elements);
        if (fits(whole)) {
            return whole;
        }
        List<Value<?>> cut = elements;
        for (int cutAt : CUTS) {
            int length = cutAt;
            cut = elements.stream().<Value<?>>map(each -> cut(each, length)).toList();
            if (fits(Value.of(cut))) {
                return Value.of(cut);
            }
        }
        return middleLeftOut(cut);
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

    private Value<?> middleLeftOut(List<Value<?>> elements) {
        List<Value<?>> first = new ArrayList<>();
        List<Value<?>> last = new ArrayList<>();
        int left = most - size(omitted(elements.size())) - 4;
        int from = 0;
        int to = elements.size();
        while (from < to) {
            // The newest first, then the oldest, by turns.
            boolean newest = last.size() <= first.size();
            Value<?> next = elements.get(newest ? to - 1 : from);
            left -= size(next) + 1;
            if (left < 0) {
                break;
            }
            if (newest) {
                last.add(0, next);
                to--;
            } else {
                first.add(next);
                from++;
            }
        }
        first.add(omitted(to - from));
        first.addAll(last);
        return Value.of(first);
    }

    /** Stands for elements that were left out; valid as a message, as a part and as a tool. */
    private static Value<?> omitted(int count) {
        List<Value<?>> none = List.of();
        return Value.of(
                KeyValue.of("type", Value.of("generic")),
                KeyValue.of("generic_type", Value.of("omitted")),
                KeyValue.of("role", Value.of("omitted")),
                KeyValue.of("name", Value.of("omitted")),
                KeyValue.of("parts", Value.of(none)),
                KeyValue.of("finish_reason", Value.of("omitted")),
                KeyValue.of("count", Value.of((long) count)));
    }

    @SuppressWarnings("unchecked") // what the types of values promise
    private static Value<?> cut(Value<?> value, int length) {
        if (value.getType() == ValueType.STRING) {
            String text = (String) value.getValue();
            return text.length() <= length ? value : Value.of(cut(text, length));
        }
        if (value.getType() == ValueType.ARRAY) {
            List<Value<?>> elements = (List<Value<?>>) value.getValue();
            return Value.of(
                    elements.stream().<Value<?>>map(each -> cut(each, length)).toList());
        }
        if (value.getType() == ValueType.KEY_VALUE_LIST) {
            List<KeyValue> fields = (List<KeyValue>) value.getValue();
            return Value.of(fields.stream()
                    .map(field -> KeyValue.of(field.getKey(), cut(field.getValue(), length)))
                    .toArray(KeyValue[]::new));
        }
        return value;
    }

    private static String cut(String text, int length) {
        int end = Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
        return text.substring(0, end) + "… (" + text.length() + " characters)";
    }

    private boolean fits(Value<?> value) {
        return size(value) <= most;
    }

    private static int size(Value<?> value) {
        return value.asString().getBytes(StandardCharsets.UTF_8).length;
    }
}
