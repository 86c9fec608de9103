package dev.plinth.providers.anthropic;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.chat.Citation;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What backs the text block that is being read. The protocol names no span within the block, so what backs it is said of
 * the whole block once that has ended. Not thread-safe.
 */
final class Citations {

    private List<Source> sources = List.of();

    private record Source(
            String id, @Nullable String title, @Nullable String quote) {}

    /** Reads an array of citations. */
    void readAll(JsonParser json) throws IOException {
        if (Json.isArray(json)) {
            while (Json.nextElement(json)) {
                read(json);
            }
        }
    }

    /** Reads one citation. A page or a result has an address; a document that was sent has an id of its file or a number. */
    void read(JsonParser json) throws IOException {
        if (!Json.isObject(json)) {
            return;
        }
        String address = null;
        String file = null;
        String number = "";
        String title = null;
        String quote = null;
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "url", "source" -> address = Json.text(json, address);
                case "file_id" -> file = Json.text(json, file);
                case "document_index", "search_result_index" -> number = number(json, number);
                case "title", "document_title" -> title = Json.text(json, title);
                case "cited_text" -> quote = Json.text(json, quote);
                default -> json.skipChildren();
            }
        }
        sources = sources.isEmpty() ? new ArrayList<>(1) : sources;
        sources.add(new Source(address != null ? address : file != null ? file : number, title, quote));
    }

    private static String number(JsonParser json, String otherwise) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            return json.getText();
        }
        json.skipChildren();
        return otherwise;
    }

    /** The block has ended: its text stood between these two places of all text. */
    void end(int from, int to, Consumer<Citation> found) {
        for (Source source : sources) {
            found.accept(new Citation(from, to, source.id, source.title, source.quote));
        }
        sources = List.of();
    }
}
