package dev.plinth.providers.gemini;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.chat.Citation;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.providers.ErrorBody;
import dev.plinth.providers.wire.AnswerReader;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@code GenerateContentResponse}, or the several of a stream, which have the same shape: what is text in one
 * goes on in the next, and of counts the last holds.
 */
final class ContentReader extends AnswerReader {

    /** Servers that are asked for numbers in place of names count like this. */
    private static final List<String> FINISH_REASONS = List.of(
            "FINISH_REASON_UNSPECIFIED",
            "STOP",
            "MAX_TOKENS",
            "SAFETY",
            "RECITATION",
            "OTHER",
            "LANGUAGE",
            "BLOCKLIST",
            "PROHIBITED_CONTENT",
            "SPII",
            "MALFORMED_FUNCTION_CALL",
            "IMAGE_SAFETY",
            "UNEXPECTED_TOOL_CALL",
            "TOO_MANY_TOOL_CALLS",
            "IMAGE_PROHIBITED_CONTENT",
            "IMAGE_OTHER",
            "NO_IMAGE",
            "IMAGE_RECITATION");

    private final FunctionCalls calls = new FunctionCalls(parts());
    private final PartReader part = new PartReader(parts(), calls);
    private final Grounding grounding = new Grounding();
    private final UsageMetadata counts = new UsageMetadata();
    private final ErrorBody.Fields errors = new ErrorBody.Fields();
    private boolean blocked;

    ContentReader(boolean streamed) {
        super(streamed);
        usage().reasoningApart();
    }

    @Override
    protected void read(String name, JsonParser json) throws IOException {
        if (name.equals("error")) {
            fail(ErrorBody.read(json));
        } else if (json.currentToken() == JsonToken.START_ARRAY) {
            boolean well = true;
            while (well && Json.nextElement(json)) {
                well = readResponse(json);
            }
        } else {
            readResponse(json);
        }
    }

    /** Reads one response; false: it says that the call failed. */
    private boolean readResponse(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw new JsonParseException(json, "not an object");
        }
        errors.reset();
        boolean answers = false;
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "candidates" -> {
                    answers = true;
                    readCandidates(json);
                }
                case "promptFeedback" -> {
                    answers = true;
                    readFeedback(json);
                }
                case "usageMetadata" -> {
                    counts.read(json, usage());
                    serviceTier(counts.serviceTier());
                }
                case "modelVersion" -> model(Json.firstText(json, model()));
                case "responseId" -> id(Json.firstText(json, id()));
                default -> {
                    if (!errors.read(field, json)) {
                        json.skipChildren();
                    }
                }
            }
        }
        ErrorBody error = errors.found(answers);
        fail(error);
        return error == null;
    }

    private void readCandidates(JsonParser json) throws IOException {
        if (!Json.isArray(json)) {
            return;
        }
        boolean first = true;
        while (Json.nextElement(json)) {
            if (first && json.currentToken() == JsonToken.START_OBJECT) {
                readCandidate(json);
                first = false;
            } else {
                json.skipChildren(); // one answer is asked for
            }
        }
    }

    private void readCandidate(JsonParser json) throws IOException {
        answered();
        Logprobs logprobs = null;
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "content" -> readContent(json);
                case "finishReason" -> readFinish(json);
                case "groundingMetadata" -> grounding.readMetadata(json);
                case "citationMetadata" -> grounding.readCitations(json);
                case "logprobsResult" -> {
                    logprobs = new Logprobs();
                    logprobs.read(json);
                }
                default -> json.skipChildren();
            }
        }
        if (logprobs != null) {
            logprobs.tokens().forEach(this::logprob);
        }
    }

    private void readContent(JsonParser json) throws IOException {
        if (!Json.isObject(json)) {
            return;
        }
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            if (!field.equals("parts")) {
                json.skipChildren();
            } else if (Json.isArray(json)) {
                while (Json.nextElement(json)) {
                    if (Json.isObject(json)) {
                        part.read(json);
                    }
                }
            }
        }
    }

    private void readFinish(JsonParser json) throws IOException {
        String reason = scalar(json);
        if (!reason.isEmpty() && !name(reason).equals(FINISH_REASONS.get(0))) {
            finish(reason);
        }
    }

    /** No candidate is made for a prompt that is blocked: the reason is that of the whole answer. */
    private void readFeedback(JsonParser json) throws IOException {
        if (!Json.isObject(json)) {
            return;
        }
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            if (!field.equals("blockReason")) {
                json.skipChildren();
                continue;
            }
            String reason = scalar(json);
            if (!reason.isEmpty() && !reason.equals("0") && !reason.equals("BLOCK_REASON_UNSPECIFIED")) {
                blocked = true;
                answered();
                finish(reason);
            }
        }
    }

    @Override
    protected boolean endParts() {
        boolean open = calls.end();
        return super.endParts() || open;
    }

    @Override
    protected List<Citation> citations(String text) {
        return grounding.citations(text);
    }

    @Override
    protected FinishReason finishReason(@Nullable String raw, boolean hasToolCalls) {
        return blocked ? FinishReason.CONTENT_FILTER : super.finishReason(raw == null ? null : name(raw), hasToolCalls);
    }

    private static String name(String reason) {
        int number = FINISH_REASONS.size();
        if (reason.length() <= 2 && reason.chars().allMatch(Character::isDigit)) {
            number = Integer.parseInt(reason);
        }
        return number < FINISH_REASONS.size() ? FINISH_REASONS.get(number) : reason;
    }

    /** Text, or a number as its digits; empty when the value is neither. */
    private static String scalar(JsonParser json) throws IOException {
        JsonToken value = json.currentToken();
        if (value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NUMBER_INT) {
            return json.getText();
        }
        json.skipChildren();
        return "";
    }
}
