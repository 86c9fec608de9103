package dev.plinth.providers.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.providers.wire.AnswerParts;
import dev.plinth.providers.wire.Json;
import dev.plinth.providers.wire.ToolCallBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Joins the fragments of tool calls. Servers differ: a fragment belongs to the call of its index, else of its id, else of
 * its place among several, else to the last one; a name with another id, or another name, begins another call even under
 * the same index; ids that are missing are made up; arguments may be text or an object.
 */
final class ToolCallParts {

    private static final long NO_INDEX = -1;
    private static final int ALONE = -1;
    private static final String NO_ARGUMENTS = "{}";

    /** Whose proof of a thought may stand beside a call. */
    static final String GEMINI = "gemini";

    private List<Building> calls = List.of();

    private static final class Building {
        final long index;
        final int position;
        String id = "";
        boolean madeUp;
        String name = "";
        String proof = "";
        private String first = ""; // all of them, of a server that does not cut them
        private @Nullable StringBuilder arguments;

        Building(long index, int position) {
            this.index = index;
            this.position = position;
        }

        /** Takes the id that is given; makes one up when the call has to be told of. It stays what it was told as. */
        void identify(String given, boolean told) {
            if (id.isEmpty()) {
                madeUp = told && given.isEmpty();
                id = madeUp ? ToolCallBuilder.MADE_UP_ID + position : given;
            }
        }

        void add(String more) {
            if (arguments != null) {
                arguments.append(more);
            } else if (first.isEmpty()) {
                first = more;
            } else if (!more.isEmpty()) {
                arguments = new StringBuilder(first).append(more);
            }
        }

        String arguments() {
            return arguments == null ? first : arguments.toString();
        }
    }

    /** At the end: a tool without arguments gets an empty object, and whoever listens is told; whether there was one. */
    boolean end(AnswerParts parts) {
        boolean told = false;
        for (Building call : calls) {
            if (call.arguments().isBlank()) {
                call.first = NO_ARGUMENTS;
                call.arguments = null;
                parts.tell(new StreamEvent.ToolCallDelta(call.position, null, null, NO_ARGUMENTS));
                told = true;
            }
        }
        return told;
    }

    /** Reads an array of calls or fragments, and tells of each. */
    void read(JsonParser json, AnswerParts parts) throws IOException {
        if (!Json.isArray(json)) {
            return;
        }
        Fragment first = null;
        int place = 0;
        while (Json.nextElement(json)) {
            Fragment fragment = Json.isObject(json) ? Fragment.read(json) : null;
            if (place == 0) {
                first = fragment; // whether it is alone is known by what follows
            } else {
                if (place == 1) {
                    take(first, 0, parts);
                }
                take(fragment, place, parts);
            }
            place++;
        }
        if (place == 1) {
            take(first, ALONE, parts);
        }
    }

    /** Reads the one call that a message could have before there were several. */
    void readOnly(JsonParser json, AnswerParts parts) throws IOException {
        if (Json.isObject(json)) {
            take(Fragment.read(json), ALONE, parts);
        }
    }

    private void take(@Nullable Fragment fragment, int place, AnswerParts parts) {
        if (fragment == null || fragment.isEmpty()) {
            return;
        }
        Building call = callOf(fragment, place);
        boolean first = call.name.isEmpty() && !fragment.name.isEmpty();
        call.identify(fragment.id, first);
        call.name = first ? fragment.name : call.name;
        call.proof = fragment.proof.isEmpty() ? call.proof : call.proof.concat(fragment.proof);
        call.add(fragment.arguments);
        if (parts.streamed()) {
            parts.tell(new StreamEvent.ToolCallDelta(
                    call.position, first ? call.id : null, first ? call.name : null, fragment.arguments));
        }
    }

    int count() {
        return calls.size();
    }

    /** The calls, each behind the proof that came with it. */
    List<Part> toParts() {
        if (calls.isEmpty()) {
            return List.of();
        }
        List<Part> whole = new ArrayList<>(calls.size());
        for (Building call : calls) {
            call.identify("", true);
            if (!call.proof.isEmpty()) {
                whole.add(new Part.Reasoning("", call.proof, GEMINI));
            }
            whole.add(new ToolCall(call.id, call.name, call.arguments()));
        }
        return whole;
    }

    private Building callOf(Fragment fragment, int place) {
        Building known = fragment.index == NO_INDEX ? withoutIndex(fragment, place) : withIndex(fragment);
        if (known != null && (fragment.name.isEmpty() || continues(known, fragment))) {
            return known;
        }
        Building call = new Building(fragment.index, calls.size());
        calls = calls.isEmpty() ? new ArrayList<>(2) : calls;
        calls.add(call);
        return call;
    }

    private static boolean continues(Building known, Fragment fragment) {
        boolean idsGiven = !fragment.id.isEmpty() && !known.id.isEmpty() && !known.madeUp;
        boolean sameName = known.name.isEmpty() || fragment.name.equals(known.name);
        if (idsGiven || !sameName) {
            return sameName && fragment.id.equals(known.id);
        }
        return fragment.arguments.isBlank() || !isWhole(known.arguments());
    }

    /** Whether nothing can follow: then a name, even the same one, begins another call, unless the id says otherwise. */
    private static boolean isWhole(String arguments) {
        try (JsonParser json = Json.FACTORY.createParser(arguments)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            json.skipChildren();
            return json.currentToken() == JsonToken.END_OBJECT;
        } catch (IOException cutOrBroken) {
            return false;
        }
    }

    private @Nullable Building withIndex(Fragment fragment) {
        for (int i = calls.size() - 1; i >= 0; i--) {
            if (calls.get(i).index == fragment.index) {
                return calls.get(i);
            }
        }
        return null;
    }

    private @Nullable Building withoutIndex(Fragment fragment, int place) {
        for (Building call : calls) {
            if (!fragment.id.isEmpty() && call.id.equals(fragment.id)) {
                return call;
            }
        }
        if (calls.isEmpty() || !fragment.name.isEmpty()) {
            return null; // a name opens a call; only a fragment of arguments alone continues one
        }
        int last = calls.size() - 1;
        return calls.get(place == ALONE ? last : Math.min(place, last));
    }

    private static final class Fragment {
        private long index = NO_INDEX;
        private String id = "";
        private String name = "";
        private String arguments = "";
        private String proof = "";

        /** Some servers say of no call that it has no name and no arguments. */
        boolean isEmpty() {
            return id.isEmpty() && name.isEmpty() && arguments.isEmpty() && proof.isEmpty();
        }

        static Fragment read(JsonParser json) throws IOException {
            Fragment fragment = new Fragment();
            fragment.fields(json);
            return fragment;
        }

        private void fields(JsonParser json) throws IOException {
            for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                switch (field) {
                    case "index" -> index = Json.number(json, NO_INDEX);
                    case "id" -> id = text(json, id);
                    case "name" -> name = text(json, name);
                    case "arguments" -> arguments = arguments(json);
                    case "thought_signature" -> proof = text(json, proof);
                    case "function", "extra_content", "google" -> {
                        if (Json.isObject(json)) {
                            fields(json);
                        }
                    }
                    default -> json.skipChildren();
                }
            }
        }

        private static String text(JsonParser json, String otherwise) throws IOException {
            String text = Json.text(json, null);
            return text == null ? otherwise : text;
        }

        private static String arguments(JsonParser json) throws IOException {
            return json.currentToken().isStructStart() ? Json.copy(json) : text(json, "");
        }
    }
}
