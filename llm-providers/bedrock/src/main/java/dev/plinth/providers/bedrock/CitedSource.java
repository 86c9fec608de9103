package dev.plinth.providers.bedrock;

import com.fasterxml.jackson.core.JsonParser;
import dev.plinth.api.chat.Citation;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a citation cites: a web page, a search result or a document that was sent.
 *
 * <p>Not thread-safe.
 */
final class CitedSource {

    private @Nullable String title;
    private @Nullable String source;
    private @Nullable String url;
    private @Nullable String quote;
    private long number = -1;

    private CitedSource() {}

    /** Reads a citation; null: the value is none. */
    static @Nullable CitedSource read(JsonParser json) throws IOException {
        if (!Json.isObject(json)) {
            return null;
        }
        CitedSource cited = new CitedSource();
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "title" -> cited.title = Json.text(json, null);
                case "source" -> cited.source = Json.text(json, null);
                case "sourceContent" -> cited.readQuote(json);
                case "location" -> cited.readLocation(json);
                default -> json.skipChildren();
            }
        }
        return cited;
    }

    private void readQuote(JsonParser json) throws IOException {
        if (!Json.isArray(json)) {
            return;
        }
        while (Json.nextElement(json)) {
            if (Json.isObject(json)) {
                for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                    if (field.equals("text")) {
                        String text = Json.text(json, "");
                        quote = quote == null ? text : quote + text;
                    } else {
                        json.skipChildren();
                    }
                }
            }
        }
    }

    /** There are several kinds of places; what they have that matters is an address or a number. */
    private void readLocation(JsonParser json) throws IOException {
        if (!Json.isObject(json)) {
            return;
        }
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "url" -> url = Json.text(json, null);
                case "documentIndex", "searchResultIndex" -> number = Json.number(json, -1);
                default -> readLocation(json);
            }
        }
    }

    /** The citation of the text between these places. */
    Citation at(int start, int end) {
        String said = url != null ? url : source != null ? source : number >= 0 ? String.valueOf(number) : title;
        return new Citation(start, end, said == null ? "" : said, title, quote);
    }
}
