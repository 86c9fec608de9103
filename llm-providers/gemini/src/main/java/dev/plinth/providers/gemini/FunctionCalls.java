package dev.plinth.providers.gemini;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.providers.wire.AnswerParts;
import dev.plinth.providers.wire.Json;
import dev.plinth.providers.wire.ToolCallBuilder;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads function calls: whole, or begun with a name, continued with pieces of the arguments, and ended by a call that
 * does not go on, by another one, or by the end of the answer.
 *
 * <p>Not thread-safe.
 */
final class FunctionCalls {

    private final AnswerParts parts;
    private PartialArguments pieces = new PartialArguments();
    private @Nullable ToolCallBuilder open;
    private String id = "";
    private String name = "";
    private @Nullable String arguments;
    private boolean goesOn;

    FunctionCalls(AnswerParts parts) {
        this.parts = parts;
    }

    /** Reads one call, or a piece of one; false: there is nothing to {@link #place}. */
    boolean read(JsonParser json) throws IOException {
        if (!Json.isObject(json)) {
            return false;
        }
        id = "";
        name = "";
        arguments = null;
        goesOn = false;
        PartialArguments more = new PartialArguments();
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "id" -> id = text(json);
                case "name" -> name = text(json);
                case "args" -> arguments = arguments(json);
                case "partialArgs" -> more.read(json);
                case "willContinue" -> goesOn = json.currentToken() == JsonToken.VALUE_TRUE;
                default -> json.skipChildren();
            }
        }
        boolean begins = !name.isEmpty() || (open == null && (arguments != null || !more.isEmpty()));
        if (begins) {
            end();
            pieces = more;
        } else {
            pieces.addAll(more);
            if (arguments != null || !goesOn) {
                end(arguments);
            }
        }
        return begins;
    }

    private static String text(JsonParser json) throws IOException {
        String text = Json.text(json, null);
        return text == null ? "" : text;
    }

    private static @Nullable String arguments(JsonParser json) throws IOException {
        return switch (json.currentToken()) {
            case VALUE_NULL -> null;
            case VALUE_STRING -> json.getText();
            default -> Json.copy(json);
        };
    }

    /** Places the call that was read where the answer is. */
    void place() {
        ToolCallBuilder call = parts.toolCall(id, name);
        if (arguments != null) {
            call.arguments(arguments);
        } else if (goesOn) {
            open = call;
        } else {
            call.arguments(pieces.json());
        }
    }

    /** Ends the call that is open; whether there was one. */
    boolean end() {
        return end(null);
    }

    private boolean end(@Nullable String whole) {
        ToolCallBuilder call = open;
        if (call == null) {
            return false;
        }
        open = null;
        call.arguments(whole == null ? pieces.json() : whole);
        return true;
    }
}
