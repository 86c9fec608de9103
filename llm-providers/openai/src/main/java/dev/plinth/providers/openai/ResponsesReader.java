package dev.plinth.providers.openai;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.providers.ErrorBody;
import dev.plinth.providers.wire.AnswerReader;
import dev.plinth.providers.wire.Json;
import dev.plinth.providers.wire.ToolCallBuilder;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads a response, or the events of a stream that tell of one. */
final class ResponsesReader extends AnswerReader {

    private final Map<Long, ToolCallBuilder> calls = new HashMap<>();
    private final Set<Long> told = new HashSet<>();
    private long next; // where an item stands that does not say so
    private int pieceStart;

    /** How far a response is, as far as it says so. */
    private static final class State {
        String status = "";
        String reason = "";
        boolean output;
        final ErrorBody.Fields errors = new ErrorBody.Fields();
    }

    ResponsesReader(boolean streamed) {
        super(streamed);
    }

    @Override
    protected void read(String name, JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw new JsonParseException(json, "not an object");
        }
        if (parts().streamed()) {
            readEvent(name, json);
        } else {
            conclude(readResponse(json));
        }
    }

    private void readEvent(String name, JsonParser json) throws IOException {
        ResponsesEvent event = new ResponsesEvent(name);
        State state = null;
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            if (field.equals("response")) {
                state = Json.isObject(json) ? readResponse(json) : null;
            } else if (!event.read(field, json)) {
                json.skipChildren();
            }
        }
        switch (event.type) {
            case "response.completed", "response.incomplete", "response.failed", "response.cancelled" -> {
                State last = state == null ? new State() : state;
                last.status = last.status.isEmpty() ? event.type.substring("response.".length()) : last.status;
                conclude(last);
                end();
            }
            default -> {
                if (state != null) {
                    conclude(state);
                }
                handle(event, event.index < 0 ? next : event.index);
            }
        }
    }

    private void handle(ResponsesEvent event, long index) {
        if (!event.delta.isEmpty()) {
            readDelta(event, index);
            return;
        }
        switch (event.type) {
            case "response.content_part.added" -> pieceStart = parts().textLength();
            case "response.output_text.annotation.added" -> {
                if (event.annotation != null) {
                    citation(event.annotation.in(pieceStart, parts().textLength() - pieceStart));
                }
            }
            case "response.output_item.added" -> {
                if (event.item != null && event.item.type.equals("function_call")) {
                    calls.put(index, parts().toolCall(event.item.idOfCall(), event.item.name));
                }
            }
            case "response.output_item.done" -> {
                if (event.item != null) {
                    readItem(event.item, index);
                    next = index + 1;
                }
            }
            default -> {
                ErrorBody error = event.error();
                if (error != null) {
                    fail(error);
                }
            }
        }
    }

    private void readDelta(ResponsesEvent event, long index) {
        switch (event.type) {
            case "response.output_text.delta" -> {
                told.add(index);
                parts().text(event.delta);
                event.logprobs.forEach(this::logprob);
            }
            case "response.refusal.delta" -> {
                told.add(index);
                refused();
                parts().text(event.delta);
            }
            case "response.reasoning_summary_text.delta", "response.reasoning_text.delta" -> {
                told.add(index);
                parts().reasoning(event.delta);
            }
            case "response.function_call_arguments.delta" -> {
                ToolCallBuilder call = calls.get(index);
                if (call != null) {
                    told.add(index);
                    call.arguments(event.delta);
                }
            }
            default -> {
                // of what is read as a whole, or not at all
            }
        }
    }

    private void conclude(State state) {
        boolean answer = state.output || !state.status.isEmpty();
        ErrorBody error = state.errors.found(answer);
        if (error != null || state.status.equals("failed")) {
            fail(error == null ? new ErrorBody("", null, state.status) : error);
        }
        if (answer) {
            answered();
        }
        switch (state.status) {
            case "completed", "cancelled" -> finish(state.status);
            case "incomplete" -> finish(state.reason.isEmpty() ? state.status : state.reason);
            default -> {
                if (!parts().streamed() && !state.status.isEmpty()) {
                    finish(state.status); // still at work in the background
                }
            }
        }
    }

    /** Reads a whole response; its output only where that has not been told of by events. */
    private State readResponse(JsonParser json) throws IOException {
        State state = new State();
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "id" -> id(Json.text(json, id()));
                case "model" -> model(Json.text(json, model()));
                case "service_tier" -> serviceTier(Json.text(json, null));
                case "status" -> state.status = ResponseItem.text(json, "");
                case "incomplete_details" -> state.reason = reason(json);
                case "usage" -> UsageReader.read(json, usage());
                case "output" -> state.output = readOutput(json);
                case "error", "message", "detail" -> state.errors.read(field, json);
                default -> json.skipChildren();
            }
        }
        return state;
    }

    private static String reason(JsonParser json) throws IOException {
        String reason = "";
        if (Json.isObject(json)) {
            for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                if (field.equals("reason")) {
                    reason = ResponseItem.text(json, "");
                } else {
                    json.skipChildren();
                }
            }
        }
        return reason;
    }

    /** Reads what has not been told of; whether there was anything. */
    private boolean readOutput(JsonParser json) throws IOException {
        long count = 0;
        Map<Long, ResponseItem> untold = new TreeMap<>();
        if (Json.isArray(json)) {
            while (Json.nextElement(json)) {
                if (told.contains(count)) {
                    json.skipChildren();
                } else {
                    untold.put(count, ResponseItem.read(json));
                }
                count++;
            }
        }
        if (count > told.size()) { // else the events counted otherwise
            untold.forEach((index, item) -> readItem(item, index));
        }
        return count > 0;
    }

    /** A complete item; of what events have told before only what they left out. */
    private void readItem(ResponseItem item, long index) {
        boolean known = !told.add(index);
        switch (item.type) {
            case "message" -> {
                if (!known) {
                    item.content.forEach(this::readContent);
                }
                parts().endBlock();
            }
            case "reasoning" -> {
                if (!known) {
                    parts().reasoning(item.reasoning());
                }
                parts().signature(Responses.PROTOCOL, item.json);
                parts().endBlock();
            }
            case "function_call" -> {
                ToolCallBuilder call = calls.computeIfAbsent(index, at -> parts().toolCall(item.idOfCall(), item.name));
                if (!known) {
                    call.arguments(item.arguments);
                }
            }
            case "" -> {
                // no item at all
            }
            default -> {
                parts().add(new Part.Other(Responses.PROTOCOL, item.type, item.json));
                parts().tell(new StreamEvent.Other(item.type, item.json));
            }
        }
    }

    private void readContent(ResponseItem.Content content) {
        int start = parts().textLength();
        if (content.refusal) {
            refused();
        }
        parts().text(content.text);
        content.annotations.forEach(annotation -> citation(annotation.in(start, content.text.length())));
        content.logprobs.forEach(this::logprob);
    }
}
