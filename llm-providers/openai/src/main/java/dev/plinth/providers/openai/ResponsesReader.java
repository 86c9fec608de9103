package dev.plinth.providers.openai;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.chat.TokenLogprob;
import dev.plinth.providers.ErrorBody;
import dev.plinth.providers.wire.AnswerReader;
import dev.plinth.providers.wire.Json;
import dev.plinth.providers.wire.TokenLogprobs;
import dev.plinth.providers.wire.ToolCallBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a response, or the events of a stream; the fields of an event may come in any order. */
final class ResponsesReader extends AnswerReader {

    private final Map<Long, ToolCallBuilder> calls = new HashMap<>();
    private final Set<Long> told = new HashSet<>();
    private int pieceStart;

    /** The fields of one event. */
    private static final class Event {
        String type = "";
        String delta = "";
        long index = -1;

        @Nullable
        ResponseItem item;

        @Nullable
        Annotation annotation;

        final List<TokenLogprob> logprobs = new ArrayList<>(0);

        @Nullable
        ErrorBody error;

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
            readResponse(json, true);
        }
    }

    private void readEvent(String name, JsonParser json) throws IOException {
        Event event = new Event();
        event.type = name;
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "type" -> event.type = text(json, event.type);
                case "delta" -> event.delta = text(json, "");
                case "output_index" -> event.index = Json.number(json, -1);
                case "item" -> event.item = ResponseItem.read(json);
                case "logprobs" -> TokenLogprobs.read(json, event.logprobs::add);
                case "annotation" -> event.annotation = Annotation.read(json);
                case "response" -> {
                    if (Json.isObject(json)) {
                        readResponse(json, false);
                    }
                }
                default -> {
                    if (!event.errors.read(field, json)) {
                        json.skipChildren();
                    }
                }
            }
        }
        event.error = event.errors.found(!event.type.isEmpty() && !event.type.equals("error"));
        handle(event);
    }

    private static String text(JsonParser json, String otherwise) throws IOException {
        String text = Json.text(json, null);
        return text == null ? otherwise : text;
    }

    private void handle(Event event) {
        switch (event.type) {
            case "response.output_text.delta" -> {
                told.add(event.index);
                parts().text(event.delta);
                event.logprobs.forEach(this::logprob);
            }
            case "response.refusal.delta" -> {
                told.add(event.index);
                refused();
                parts().text(event.delta);
            }
            case "response.reasoning_summary_text.delta", "response.reasoning_text.delta" -> {
                told.add(event.index);
                parts().reasoning(event.delta);
            }
            case "response.content_part.added" -> pieceStart = parts().textLength();
            case "response.output_text.annotation.added" -> {
                if (event.annotation != null) {
                    citation(event.annotation.in(pieceStart, parts().textLength() - pieceStart));
                }
            }
            case "response.function_call_arguments.delta" -> {
                ToolCallBuilder call = calls.get(event.index);
                if (call != null) {
                    told.add(event.index);
                    call.arguments(event.delta);
                }
            }
            case "response.output_item.added" -> {
                if (event.item != null && event.item.type.equals("function_call")) {
                    calls.put(event.index, parts().toolCall(event.item.callId, event.item.name));
                }
            }
            case "response.output_item.done" -> {
                if (event.item != null) {
                    readItem(event.item, event.index);
                }
            }
            case "response.completed", "response.incomplete", "response.failed", "response.cancelled" -> end();
            default -> {
                if (event.error != null) {
                    fail(event.error);
                }
            }
        }
    }

    /** Reads a whole response; its output only where that has not been told of by events. */
    private void readResponse(JsonParser json, boolean whole) throws IOException {
        String status = "";
        String reason = "";
        ErrorBody.Fields errors = new ErrorBody.Fields();
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "id" -> id(Json.text(json, id()));
                case "model" -> model(Json.text(json, model()));
                case "service_tier" -> serviceTier(Json.text(json, null));
                case "status" -> status = text(json, "");
                case "incomplete_details" -> reason = reason(json);
                case "usage" -> readUsage(json);
                case "output" -> readOutput(json, whole);
                case "error", "message", "detail" -> errors.read(field, json);
                default -> json.skipChildren();
            }
        }
        ErrorBody error = errors.found(!status.isEmpty());
        if (error != null || status.equals("failed")) {
            fail(error == null ? new ErrorBody("", null, status) : error);
        }
        if (!status.isEmpty()) {
            answered();
        }
        switch (status) {
            case "completed", "cancelled" -> finish(status);
            case "incomplete" -> finish(reason.isEmpty() ? status : reason);
            default -> {
                if (whole && !status.isEmpty()) {
                    finish(status); // still at work in the background
                }
            }
        }
    }

    private static String reason(JsonParser json) throws IOException {
        String reason = "";
        if (Json.isObject(json)) {
            for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                if (field.equals("reason")) {
                    reason = text(json, "");
                } else {
                    json.skipChildren();
                }
            }
        }
        return reason;
    }

    private void readUsage(JsonParser json) throws IOException {
        if (!Json.isObject(json)) {
            return;
        }
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "input_tokens" -> usage().input(Json.number(json, -1));
                case "output_tokens" -> usage().output(Json.number(json, -1));
                case "cached_tokens" -> usage().cachedInput(Json.number(json, -1));
                case "cache_write_tokens" -> usage().cacheWrite(Json.number(json, -1));
                case "reasoning_tokens" -> usage().reasoning(Json.number(json, -1));
                case "input_tokens_details", "output_tokens_details" -> readUsage(json);
                default -> json.skipChildren();
            }
        }
    }

    private void readOutput(JsonParser json, boolean whole) throws IOException {
        if (!Json.isArray(json)) {
            return;
        }
        long index = 0;
        while (Json.nextElement(json)) {
            if (whole || told.isEmpty()) {
                readItem(ResponseItem.read(json), index);
            } else {
                json.skipChildren();
            }
            index++;
        }
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
                    parts().reasoning(item.reasoning);
                }
                parts().signature(Responses.PROTOCOL, item.json);
                parts().endBlock();
            }
            case "function_call" -> {
                ToolCallBuilder call = calls.containsKey(index)
                        ? calls.get(index)
                        : parts().toolCall(item.callId.isEmpty() ? item.id : item.callId, item.name);
                if (!known) {
                    call.arguments(item.arguments);
                }
                calls.put(index, call);
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
