package dev.plinth.providers.cohere;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.check.Check;
import dev.plinth.providers.wire.ChatCall;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes what the answer shall rest on: the files of the messages, which are text, and those of an option. */
final class Documents {

    private Documents() {}

    /** Refuses a file that is no text at hand. */
    static void requireText(Part.File file, ChatCall call) {
        call.require(file.media().bytes().isPresent(), "file-by-address", "file: an address", "bytes");
        String type = file.media().mimeType();
        boolean text = type.startsWith("text/") || type.equals("application/json");
        call.require(text, "file-type", "file: " + type, "text/* or application/json");
    }

    /** Writes the field of the documents; nothing when there are none. */
    static void write(ChatCall call, JsonGenerator json) throws IOException {
        List<Part.File> files = new ArrayList<>();
        for (Message message : call.request().messages()) {
            for (Part part : message.parts()) {
                if (part instanceof Part.File file) {
                    files.add(file);
                }
            }
        }
        Optional<String> more = call.request().options().get(Cohere.DOCUMENTS);
        if (files.isEmpty() && more.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("documents");
        for (Part.File file : files) {
            writeFile(file, call, json);
        }
        if (more.isPresent()) {
            copy(more.get(), json);
        }
        json.writeEndArray();
    }

    private static void writeFile(Part.File file, ChatCall call, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeObjectFieldStart("data");
        if (file.name() != null) {
            json.writeStringField("title", file.name());
        }
        json.writeStringField("text", text(file, call));
        json.writeEndObject();
        json.writeEndObject();
    }

    private static String text(Part.File file, ChatCall call) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(file.media().bytes().orElseThrow());
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException other) {
            throw call.unsupported("file-encoding", "file: text in another encoding", "UTF-8");
        }
    }

    private static void copy(String array, JsonGenerator json) throws IOException {
        String name = Cohere.DOCUMENTS.name();
        try (JsonParser documents = Json.FACTORY.createParser(array)) {
            Check.that(documents.nextToken() == JsonToken.START_ARRAY, name, "no array", "an array of documents");
            while (Json.nextElement(documents)) {
                Json.copy(documents, json);
            }
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException(name + ": broken JSON (expected: an array of documents)");
        }
    }
}
