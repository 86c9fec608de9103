package dev.plinth.providers.cohere;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.chat.Citation;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.providers.ErrorBody;
import dev.plinth.providers.wire.AnswerReader;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads an answer, or the events of a stream: what an event holds says what to do with it, nearly always. Reads also what
 * version 1 of the API says in other words.
 */
final class ChatReader extends AnswerReader {

    /** Reasons of a finish that are failures, though they come with a 200. */
    private static final Set<String> FAILURES = Set.of("ERROR", "TIMEOUT");

    /** Events of version 1 that say again, as a whole, what came in pieces. */
    private static final Set<String> REPETITIONS = Set.of("tool-calls-generation", "stream-end");

    /** Fields of version 1 whose meaning depends on the event. */
    private static final Set<String> WITH_AN_EVENT = Set.of("text", "tool_calls", "citations", "response");

    private final ErrorBody.Fields errors = new ErrorBody.Fields();
    private final ContentReader content = new ContentReader(parts());
    private final ToolCallReader calls = new ToolCallReader(parts());
    private final CitationReader citations = new CitationReader();
    private final Map<String, String> early = new LinkedHashMap<>(0);
    private String event = "";
    private String explanation = "";
    private @Nullable String failure;
    private boolean answers;

    ChatReader(boolean streamed) {
        super(streamed);
    }

    @Override
    protected void read(String name, JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw new JsonParseException(json, "not an object");
        }
        errors.reset();
        event = name;
        answers = false;
        early.clear();
        long number = -1;
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "type", "event_type" -> event = textOr(json, event);
                case "index" -> number = Json.number(json, -1);
                case "message" -> readMessage(json);
                case "delta" -> readDelta(json);
                case "logprobs" -> Logprobs.read(json, this::logprob);
                default -> {
                    if (parts().streamed() && event.isEmpty() && WITH_AN_EVENT.contains(field)) {
                        early.put(field, Json.copy(json));
                    } else {
                        readField(field, json);
                    }
                }
            }
        }
        readEarly();
        content.end(number);
        calls.end(number);
        if (event.equals("content-end")) {
            content.endBlock();
        }
        if (answers) {
            answered();
        }
        fail(failure == null ? errors.found(answers) : new ErrorBody(explanation, failure, null));
    }

    /** What stood before the name of the event that it belongs to. */
    private void readEarly() throws IOException {
        for (Map.Entry<String, String> field : early.entrySet()) {
            try (JsonParser json = Json.FACTORY.createParser(field.getValue())) {
                json.nextToken();
                readField(field.getKey(), json);
            }
        }
    }

    private void readDelta(JsonParser json) throws IOException {
        if (Json.isObject(json)) {
            for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                switch (field) {
                    case "message" -> readMessage(json);
                    case "finish_reason" -> readFinish(json);
                    case "usage" -> TokenCounts.read(json, usage());
                    case "error" -> explanation = textOr(json, "");
                    default -> json.skipChildren();
                }
            }
        }
    }

    /** A message of the model; of an error, its words. */
    private void readMessage(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            errors.read("message", json);
            return;
        }
        answers = true;
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "content" -> content.read(json);
                case "tool_plan" -> content.readThought(Thoughts.PLAN, json);
                case "tool_calls" -> calls.read(json);
                case "citations" -> citations.read(json);
                default -> json.skipChildren();
            }
        }
    }

    private void readField(String field, JsonParser json) throws IOException {
        boolean again = REPETITIONS.contains(event);
        switch (field) {
            case "id", "response_id", "generation_id" -> id(Json.firstText(json, id()));
            case "finish_reason" -> readFinish(json);
            case "usage", "meta" -> TokenCounts.read(json, usage());
            // From here on, the words of version 1.
            case "text" -> {
                answers = true;
                readUnless(again && parts().textLength() > 0, json, content::readText);
            }
            case "tool_calls" -> readUnless(!calls.isEmpty(), json, calls::read);
            case "tool_call_delta" -> calls.read(json);
            case "citations" -> readUnless(again && !citations.isEmpty(), json, citations::read);
            case "response" -> readFields(json);
            case "generations" -> {
                if (Json.isArray(json)) {
                    while (Json.nextElement(json)) {
                        readFields(json);
                    }
                }
            }
            default -> {
                if (!errors.read(field, json)) {
                    json.skipChildren();
                }
            }
        }
    }

    private void readFields(JsonParser json) throws IOException {
        if (Json.isObject(json)) {
            for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                readField(field, json);
            }
        }
    }

    @FunctionalInterface
    private interface ValueReader {
        void read(JsonParser json) throws IOException;
    }

    private static void readUnless(boolean known, JsonParser json, ValueReader reader) throws IOException {
        if (known) {
            json.skipChildren();
        } else {
            reader.read(json);
        }
    }

    private void readFinish(JsonParser json) throws IOException {
        String reason = Json.text(json, null);
        if (reason == null) {
            return;
        }
        if (FAILURES.contains(reason)) {
            failure = reason;
        } else {
            finish(reason);
        }
    }

    private static String textOr(JsonParser json, String otherwise) throws IOException {
        String text = Json.text(json, null);
        return text == null ? otherwise : text;
    }

    @Override
    protected List<Citation> citations(String text) {
        return citations.of(text, content.starts());
    }

    /** What was said and thought, then the plan, then the calls it is of, in whatever order the fields came. */
    @Override
    protected List<Part> arranged(List<Part> parts) {
        List<Part> all = new ArrayList<>(parts.size());
        List<Part> plans = new ArrayList<>(1);
        List<Part> called = new ArrayList<>();
        for (Part part : parts) {
            List<Part> kind = part instanceof ToolCall ? called : Thoughts.isPlan(part) ? plans : all;
            kind.add(part);
        }
        all.addAll(plans);
        all.addAll(called);
        return all;
    }

    @Override
    protected FinishReason finishReason(@Nullable String raw, boolean hasToolCalls) {
        return switch (raw == null ? "" : raw) {
            case "ERROR_TOXIC" -> FinishReason.CONTENT_FILTER;
            case "ERROR_LIMIT" -> FinishReason.LENGTH;
            default -> super.finishReason(raw, hasToolCalls);
        };
    }
}
