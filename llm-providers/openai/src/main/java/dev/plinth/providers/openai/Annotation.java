package dev.plinth.providers.openai;

import com.fasterxml.jackson.core.JsonParser;
import dev.plinth.api.chat.Citation;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an answer cites.
 *
 * @param start in the text of its piece; negative: not said
 * @param end in the text of its piece
 */
record Annotation(
        long start, long end, String source, @Nullable String title) {

    /** Reads a list of annotations; what names no source is passed over. */
    static void readAll(JsonParser json, List<Annotation> into) throws IOException {
        if (!Json.isArray(json)) {
            return;
        }
        while (Json.nextElement(json)) {
            Annotation annotation = read(json);
            if (annotation != null) {
                into.add(annotation);
            }
        }
    }

    /** Reads one; null: it names no source. Chat Completions wrap it once more. */
    static @Nullable Annotation read(JsonParser json) throws IOException {
        if (!Json.isObject(json)) {
            return null;
        }
        Annotation wrapped = null;
        long start = -1;
        long end = -1;
        String source = null;
        String title = null;
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "url_citation", "file_citation" -> wrapped = read(json);
                case "start_index" -> start = Json.number(json, start);
                case "end_index" -> end = Json.number(json, end);
                case "url", "file_id" -> source = Json.text(json, source);
                case "title", "filename" -> title = Json.text(json, title);
                default -> json.skipChildren();
            }
        }
        return source == null ? wrapped : new Annotation(start, end, source, title);
    }

    /** The citation in a text, of which this piece begins at an offset and is so long. */
    Citation in(int offset, int length) {
        boolean said = start >= 0 && start <= end && end <= length;
        int from = said ? (int) start : 0;
        int to = said ? (int) end : length;
        return new Citation(offset + from, offset + to, source, title, null);
    }
}
