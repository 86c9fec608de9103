package dev.plinth.providers.cohere;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.providers.wire.AnswerParts;
import dev.plinth.providers.wire.Json;
import dev.plinth.providers.wire.ToolCallBuilder;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads tool calls: whole ones in an array, or fragments, which belong to the call of their event's number.
 *
 * <p>Not thread-safe.
 */
final class ToolCallReader {

    private final AnswerParts parts;
    private final Map<Long, Building> byNumber = new HashMap<>(2);
    private @Nullable Building last;
    private @Nullable Fragment pending;

    ToolCallReader(AnswerParts parts) {
        this.parts = parts;
    }

    boolean isEmpty() {
        return last == null;
    }

    /** Reads an array of calls, or keeps a fragment until the number of its event is known. */
    void read(JsonParser json) throws IOException {
        switch (json.currentToken()) {
            case START_OBJECT -> pending = Fragment.read(json);
            case START_ARRAY -> {
                while (Json.nextElement(json)) {
                    if (Json.isObject(json)) {
                        begin(Fragment.read(json));
                    }
                }
            }
            default -> json.skipChildren();
        }
    }

    /** The event is over: its fragment, if there was one, belongs to the call of this number. */
    void end(long number) {
        Fragment fragment = pending;
        pending = null;
        if (fragment == null) {
            return;
        }
        long index = fragment.index >= 0 ? fragment.index : number;
        Building call = index >= 0 ? byNumber.get(index) : fragment.name.isEmpty() ? last : null;
        if (call == null) {
            byNumber.put(index, begin(fragment));
        } else {
            call.arguments(fragment.arguments);
        }
    }

    private Building begin(Fragment fragment) {
        Building call = new Building(parts.toolCall(fragment.id, fragment.name));
        call.arguments(fragment.arguments);
        last = call;
        return call;
    }

    private static final class Building {
        private final ToolCallBuilder call;
        private boolean begun;

        Building(ToolCallBuilder call) {
            this.call = call;
        }

        /** Of a tool without arguments, Cohere writes {@code null} now and then. */
        void arguments(String fragment) {
            boolean none = !begun && fragment.equals("null");
            begun |= !fragment.isEmpty();
            call.arguments(none ? "" : fragment);
        }
    }

    private static final class Fragment {
        private long index = -1;
        private String id = "";
        private String name = "";
        private String arguments = "";

        static Fragment read(JsonParser json) throws IOException {
            Fragment fragment = new Fragment();
            fragment.readFields(json);
            return fragment;
        }

        private void readFields(JsonParser json) throws IOException {
            for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                switch (field) {
                    case "index" -> index = Json.number(json, -1);
                    case "id" -> id = textOr(json, id);
                    case "name" -> name = textOr(json, name);
                    case "arguments", "parameters" -> arguments = readArguments(json);
                    case "function" -> {
                        if (Json.isObject(json)) {
                            readFields(json);
                        }
                    }
                    default -> json.skipChildren();
                }
            }
        }

        /** Text, or, in version 1, an object. */
        private static String readArguments(JsonParser json) throws IOException {
            return json.currentToken() == JsonToken.START_OBJECT ? Json.copy(json) : textOr(json, "");
        }

        private static String textOr(JsonParser json, String otherwise) throws IOException {
            String text = Json.text(json, null);
            return text == null ? otherwise : text;
        }
    }
}
