package dev.plinth.providers.gemini;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import dev.plinth.api.chat.Media;
import dev.plinth.api.chat.Part;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Content that is not text.
 *
 * @param kind {@code inlineData} or {@code fileData}
 * @param mimeType as it came; may be empty
 * @param content base64 of the bytes, or the address
 * @param part in our words; null: it cannot be said in them
 */
record MediaData(
        String kind,
        String mimeType,
        String content,
        @Nullable Part part) {

    private static final String INLINE = "inlineData";

    /** Reads the object the parser stands at; null: it is none. */
    static @Nullable MediaData read(String kind, JsonParser json) throws IOException {
        if (!Json.isObject(json)) {
            return null;
        }
        String mimeType = "";
        String content = "";
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "mimeType" -> mimeType = String.valueOf(Json.text(json, ""));
                case "data", "fileUri" -> content = String.valueOf(Json.text(json, ""));
                default -> json.skipChildren();
            }
        }
        return new MediaData(kind, mimeType, content, part(kind, mimeType, content));
    }

    private static @Nullable Part part(String kind, String mimeType, String content) {
        try {
            Media media = kind.equals(INLINE)
                    ? Media.of(Base64.getDecoder().decode(content), mimeType)
                    : Media.of(URI.create(content), mimeType);
            if (media.mimeType().startsWith("image/")) {
                return new Part.Image(media);
            }
            return media.mimeType().startsWith("audio/") ? new Part.Audio(media) : new Part.File(media, null);
        } catch (IllegalArgumentException notMedia) {
            return null;
        }
    }

    /** Writes the field as it came. */
    void write(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart(kind);
        json.writeStringField("mimeType", mimeType);
        json.writeStringField(kind.equals(INLINE) ? "data" : "fileUri", content);
        json.writeEndObject();
    }
}
