package dev.plinth.providers.cohere;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import dev.plinth.api.chat.Part;
import dev.plinth.providers.wire.AnswerParts;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads what the model says and thinks: the blocks of a message, or pieces of one, which belong to the block of their
 * event's number.
 *
 * <p>Not thread-safe.
 */
final class ContentReader {

    private static final int NONE = -1;

    private final AnswerParts parts;
    private final Thoughts thoughts;
    private final Map<Long, Integer> starts = new HashMap<>(2);
    private int pieceStart = NONE;

    ContentReader(AnswerParts parts) {
        this.parts = parts;
        this.thoughts = new Thoughts(parts);
    }

    /** Where the blocks start in the text, in chars, by their numbers; those without text are not among them. */
    Map<Long, Integer> starts() {
        return starts;
    }

    /** Reads an array of whole blocks, a piece of one, or a text that is all there is. */
    void read(JsonParser json) throws IOException {
        switch (json.currentToken()) {
            case START_ARRAY -> {
                for (int block = 0; Json.nextElement(json); block++) {
                    if (Json.isObject(json)) {
                        readBlock(json, true);
                        end(block);
                        endBlock();
                    }
                }
            }
            case START_OBJECT -> readBlock(json, false);
            default -> readText(json);
        }
    }

    /** Reads a text. */
    void readText(JsonParser json) throws IOException {
        String text = Json.text(json, null);
        if (text != null && !text.isEmpty()) {
            thoughts.end();
            pieceStart = pieceStart == NONE ? parts.textLength() : pieceStart;
            parts.text(text);
        }
    }

    /** Reads a thought. */
    void readThought(String place, JsonParser json) throws IOException {
        String text = Json.text(json, null);
        if (text != null) {
            thoughts.add(place, text);
        }
    }

    /** The text that was read belongs to the block of this number. */
    void end(long block) {
        if (pieceStart != NONE) {
            starts.putIfAbsent(block, pieceStart);
            pieceStart = NONE;
        }
    }

    /** What comes next is another block. */
    void endBlock() {
        parts.endBlock();
        thoughts.end();
    }

    private void readBlock(JsonParser json, boolean whole) throws IOException {
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "text" -> readText(json);
                case "thinking" -> readThought(Thoughts.THINKING, json);
                case "type" -> {
                    String type = Json.text(json, "text");
                    if (whole && !"text".equals(type) && !Thoughts.THINKING.equals(type)) {
                        parts.add(readOther(String.valueOf(type), json));
                        return;
                    }
                }
                default -> json.skipChildren();
            }
        }
    }

    /** A block of another kind, from behind its type to its end. */
    private static Part readOther(String type, JsonParser json) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator copy = Json.FACTORY.createGenerator(text)) {
            copy.writeStartObject();
            copy.writeStringField("type", type);
            for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                copy.writeFieldName(field);
                Json.copy(json, copy);
            }
            copy.writeEndObject();
        }
        return new Part.Other(Cohere.PROTOCOL, type, text.toString());
    }
}
