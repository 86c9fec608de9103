package dev.plinth.providers.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.chat.ToolCall;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Joins the fragments of tool calls. Servers differ: a fragment belongs to the call of its index, else of its id, else
 * to the last one; a name with another id, or another name, begins another call even under the same index; ids that are
 * missing are made up; arguments may be text or an object.
 */
final class ToolCallParts {

    private static final int NO_INDEX = -1;

    private final List<Building> calls = new ArrayList<>(1);

    private static final class Building {
        final int index;
        String id = "";
        String name = "";
        final StringBuilder arguments = new StringBuilder();

        Building(int index) {
            this.index = index;
        }
    }

    /** Reads an array of calls or fragments, and tells of each, where somebody listens. */
    void read(JsonParser json, JsonToken value, @Nullable Queue<StreamEvent> events) throws IOException {
        if (value != JsonToken.START_ARRAY) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.START_OBJECT) {
            Fragment fragment = Fragment.read(json);
            Building call = callOf(fragment);
            boolean first = call.name.isEmpty() && !fragment.name.isEmpty();
            call.id = call.id.isEmpty() ? fragment.id : call.id;
            call.name = first ? fragment.name : call.name;
            call.arguments.append(fragment.arguments);
            if (events != null) {
                int position = calls.indexOf(call);
                events.add(new StreamEvent.ToolCallDelta(
                        position, first ? id(call, position) : null, first ? call.name : null, fragment.arguments));
            }
        }
    }

    List<ToolCall> toolCalls() {
        List<ToolCall> whole = new ArrayList<>(calls.size());
        for (int i = 0; i < calls.size(); i++) {
            Building call = calls.get(i);
            String arguments = call.arguments.toString();
            whole.add(new ToolCall(id(call, i), call.name, arguments.isBlank() ? "{}" : arguments));
        }
        return whole;
    }

    private static String id(Building call, int position) {
        return call.id.isEmpty() ? "call_" + position : call.id;
    }

    private Building callOf(Fragment fragment) {
        Building last = calls.isEmpty() ? null : calls.get(calls.size() - 1);
        Building known = fragment.index == NO_INDEX ? withoutIndex(fragment, last) : withIndex(fragment);
        if (known != null && (fragment.name.isEmpty() || continues(known, fragment))) {
            return known;
        }
        Building call = new Building(fragment.index);
        calls.add(call);
        return call;
    }

    private static boolean continues(Building known, Fragment fragment) {
        boolean sameId = fragment.id.isEmpty() || known.id.isEmpty() || fragment.id.equals(known.id);
        boolean sameName = known.name.isEmpty() || fragment.name.equals(known.name);
        return sameId && sameName;
    }

    private @Nullable Building withIndex(Fragment fragment) {
        for (int i = calls.size() - 1; i >= 0; i--) {
            if (calls.get(i).index == fragment.index) {
                return calls.get(i);
            }
        }
        return null;
    }

    private @Nullable Building withoutIndex(Fragment fragment, @Nullable Building last) {
        for (Building call : calls) {
            if (!fragment.id.isEmpty() && call.id.equals(fragment.id)) {
                return call;
            }
        }
        // A name opens a call; only a fragment of arguments alone continues one.
        return fragment.name.isEmpty() ? last : null;
    }

    private static final class Fragment {
        private int index = NO_INDEX;
        private String id = "";
        private String name = "";
        private String arguments = "";

        static Fragment read(JsonParser json) throws IOException {
            Fragment fragment = new Fragment();
            fragment.fields(json);
            return fragment;
        }

        private void fields(JsonParser json) throws IOException {
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                JsonToken value = json.nextToken();
                switch (field) {
                    case "index" -> index = value == JsonToken.VALUE_NUMBER_INT ? json.getIntValue() : NO_INDEX;
                    case "id" -> id = value == JsonToken.VALUE_STRING ? json.getText() : id;
                    case "name" -> name = value == JsonToken.VALUE_STRING ? json.getText() : name;
                    case "arguments" -> arguments = arguments(json, value);
                    case "function" -> function(json, value);
                    default -> json.skipChildren();
                }
            }
        }

        private void function(JsonParser json, JsonToken value) throws IOException {
            if (value == JsonToken.START_OBJECT) {
                fields(json);
            } else {
                json.skipChildren();
            }
        }

        private static String arguments(JsonParser json, JsonToken value) throws IOException {
            if (value == JsonToken.VALUE_STRING) {
                return json.getText();
            }
            if (!value.isStructStart()) {
                return "";
            }
            StringWriter text = new StringWriter();
            try (JsonGenerator copy = Connection.JSON.createGenerator(text)) {
                copy.copyCurrentStructure(json);
            }
            return text.toString();
        }
    }
}
