package dev.plinth.providers.gemini;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.chat.Part;
import dev.plinth.providers.wire.AnswerParts;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one part after the other. A signature comes out as reasoning without text before the part that carries it, and
 * keeps that part from being joined with others; what has no counterpart comes out as it came.
 *
 * <p>Not thread-safe.
 */
final class PartReader {

    private final AnswerParts parts;
    private final FunctionCalls calls;
    private @Nullable String text;
    private @Nullable String signature;
    private boolean thought;
    private boolean called;
    private @Nullable MediaData media;
    private Map<String, String> others = Map.of();
    private boolean thinking;

    PartReader(AnswerParts parts, FunctionCalls calls) {
        this.parts = parts;
        this.calls = calls;
    }

    /** Reads the object the parser stands at, to its end. */
    void read(JsonParser json) throws IOException {
        text = null;
        signature = null;
        thought = false;
        called = false;
        media = null;
        others = Map.of();
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "text" -> text = Json.text(json, text);
                case "thought" -> thought = json.currentToken() == JsonToken.VALUE_TRUE;
                case "thoughtSignature" -> signature = Json.text(json, signature);
                case "functionCall" -> called = calls.read(json);
                case "inlineData", "fileData" -> media = MediaData.read(field, json);
                case "partMetadata", "mediaResolution", "mediaProcessing", "videoMetadata" -> json.skipChildren();
                default -> other(field, json);
            }
        }
        place();
    }

    private void other(String field, JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_NULL) {
            others = others.isEmpty() ? new LinkedHashMap<>() : others;
            others.put(field, Json.copy(json));
        }
    }

    private void place() throws IOException {
        String sign = signature == null ? "" : signature;
        String said = text == null ? "" : text;
        boolean afterThought = thinking;
        thinking = false;
        if (called) {
            sign(sign);
            calls.place();
        } else if (said.isEmpty() && (media != null || !others.isEmpty())) {
            placeOther(sign);
        } else if (thought && text != null) {
            placeThought(said, sign, afterThought);
        } else if (sign.isEmpty()) {
            parts.text(said);
        } else {
            placeSigned(said, sign);
        }
    }

    /** A picture that is no answer but a thought stays in the protocol's words. */
    private void placeOther(String by) throws IOException {
        if (media != null && media.part() != null && !thought) {
            sign(by);
            parts.add(media.part());
        } else {
            String kind =
                    media != null ? media.kind() : others.keySet().iterator().next();
            parts.add(new Part.Other(Gemini.PROTOCOL, kind, raw()));
        }
    }

    private void sign(String by) {
        if (!by.isEmpty()) {
            parts.endBlock();
            parts.signature(Gemini.PROTOCOL, by);
            parts.endBlock();
        }
    }

    private void placeSigned(String said, String by) {
        sign(by);
        if (said.isEmpty()) {
            parts.add(new Part.Text(""));
        }
        parts.text(said);
        parts.endBlock();
    }

    /** The signature of thoughts that came before may come alone. */
    private void placeThought(String thoughts, String by, boolean goesOn) throws IOException {
        if (!by.isEmpty() && thoughts.isEmpty() && !goesOn) {
            parts.add(new Part.Other(Gemini.PROTOCOL, "thought", raw()));
            return;
        }
        parts.reasoning(thoughts);
        thinking = by.isEmpty();
        if (!by.isEmpty()) {
            parts.signature(Gemini.PROTOCOL, by);
            parts.endBlock();
        }
    }

    /** The part as it came, but for what nobody needs. */
    private String raw() throws IOException {
        StringWriter raw = new StringWriter();
        try (JsonGenerator json = Json.FACTORY.createGenerator(raw)) {
            json.writeStartObject();
            if (text != null) {
                json.writeStringField("text", text);
            }
            if (media != null) {
                media.write(json);
            }
            for (Map.Entry<String, String> other : others.entrySet()) {
                json.writeFieldName(other.getKey());
                json.writeRawValue(other.getValue());
            }
            if (thought) {
                json.writeBooleanField("thought", true);
            }
            if (signature != null) {
                json.writeStringField("thoughtSignature", signature);
            }
            json.writeEndObject();
        }
        return raw.toString();
    }
}
