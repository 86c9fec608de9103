package dev.plinth.tracing;

import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.common.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads captured content. */
final class ContentValues {

    private ContentValues() {}

    /** All that a model was given: messages with the system's first, or an object of them and of tools if there are any. */
    static @Nullable Value<?> conversation(Map<String, Value<?>> content) {
        Value<?> input = content.get("gen_ai.input.messages");
        if (input == null) {
            return null;
        }
        List<Value<?>> messages = new ArrayList<>();
        for (Value<?> part : elements(content.get("gen_ai.system_instructions"))) {
            List<Value<?>> parts = List.of(part);
            messages.add(Value.of(KeyValue.of("role", Value.of("system")), KeyValue.of("parts", Value.of(parts))));
        }
        messages.addAll(elements(input));
        Value<?> tools = content.get("gen_ai.tool.definitions");
        return tools == null
                ? Value.of(messages)
                : Value.of(KeyValue.of("messages", Value.of(messages)), KeyValue.of("tools", tools));
    }

    /** Those of an array; of anything else there are none. */
    @SuppressWarnings("unchecked") // what the types of values promise
    static List<Value<?>> elements(@Nullable Value<?> array) {
        return array == null || array.getType() != ValueType.ARRAY ? List.of() : (List<Value<?>>) array.getValue();
    }

    /** Those of an object; of anything else there are none. */
    @SuppressWarnings("unchecked")
    static List<KeyValue> fields(Value<?> object) {
        return object.getType() == ValueType.KEY_VALUE_LIST ? (List<KeyValue>) object.getValue() : List.of();
    }

    /** The value of a field; empty when there is none. */
    static Value<?> field(Value<?> object, String name) {
        for (KeyValue field : fields(object)) {
            if (field.getKey().equals(name)) {
                return field.getValue();
            }
        }
        return Value.empty();
    }

    static String text(Value<?> value) {
        return value.getType() == ValueType.EMPTY ? "" : value.asString();
    }
}
