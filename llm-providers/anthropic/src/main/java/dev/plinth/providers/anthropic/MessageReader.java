package dev.plinth.providers.anthropic;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.providers.ErrorBody;
import dev.plinth.providers.wire.AnswerReader;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a message, or the events of a stream. What an event is, its fields say, in whatever order; its type matters only
 * where it has no others. The Text Completions of old are read, too: their fields are like those of a message. A stream
 * is read to the end of its body, as the vendor's clients do, so that nothing is lost of one that was put together out of
 * several.
 */
final class MessageReader extends AnswerReader {

    private final ContentReader content = new ContentReader(parts(), this::citation);
    private final ErrorBody.Fields errors = new ErrorBody.Fields();
    private @Nullable String tier;
    private String lastType = "";

    MessageReader(boolean streamed) {
        super(streamed);
    }

    @Override
    protected void read(String name, JsonParser json) throws IOException {
        if (name.equals("error")) {
            fail(ErrorBody.read(json));
            return;
        }
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw new JsonParseException(json, "not an object");
        }
        errors.reset();
        String type = "";
        int index = ContentReader.NO_INDEX;
        boolean answers = false;
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "type" -> type = type(json);
                case "index" -> index = (int) Json.number(json, index);
                case "content_block" -> content.readBlock(index, json);
                case "delta" -> readDelta(index, json);
                case "stop_reason" -> readFinish(json);
                case "content", "completion" -> {
                    answers = true;
                    readMessageField(field, json);
                }
                default -> readMessageField(field, json);
            }
        }
        if (type.equals("content_block_stop")) {
            content.end(index);
        } else if (answers || type.equals("message")) {
            answered();
        }
        // Of an event of a kind that is not known, a message need not be one of an error.
        boolean mayFail = type.isEmpty() || type.equals("error");
        fail(errors.found(answers || !mayFail));
    }

    /** The fields that a message has, whether it is the answer or stands in the event a stream begins with. */
    private void readMessageField(String field, JsonParser json) throws IOException {
        switch (field) {
            case "content", "completion" -> content.readAll(json);
            case "usage" -> {
                tier = UsageReader.read(json, usage(), tier);
                serviceTier(tier);
            }
            case "id" -> id(Json.firstText(json, id()));
            case "model" -> model(Json.firstText(json, model()));
            case "message" -> readMessage(json);
            default -> readError(field, json);
        }
    }

    private void readMessage(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            readError("message", json);
            return;
        }
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            readMessageField(field, json);
        }
    }

    private void readError(String field, JsonParser json) throws IOException {
        if (!errors.read(field, json)) {
            json.skipChildren();
        }
    }

    private void readDelta(int index, JsonParser json) throws IOException {
        if (!Json.isObject(json)) {
            return;
        }
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            if (field.equals("stop_reason")) {
                readFinish(json);
            } else {
                content.readDelta(index, field, json);
            }
        }
    }

    private void readFinish(JsonParser json) throws IOException {
        String reason = Json.text(json, null);
        if (reason != null) {
            finish(reason);
        }
    }

    /** Streams repeat the types of their events: the last one is handed out again. */
    private String type(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            json.skipChildren();
            return "";
        }
        boolean same = json.getTextLength() == lastType.length();
        char[] text = json.getTextCharacters();
        for (int i = 0; same && i < lastType.length(); i++) {
            same = text[json.getTextOffset() + i] == lastType.charAt(i);
        }
        lastType = same ? lastType : json.getText();
        return lastType;
    }

    @Override
    protected boolean endParts() {
        boolean open = content.end();
        return super.endParts() || open;
    }
}
