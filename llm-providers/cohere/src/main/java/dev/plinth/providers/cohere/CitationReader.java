package dev.plinth.providers.cohere;

import com.fasterxml.jackson.core.JsonParser;
import dev.plinth.api.chat.Citation;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what backs the text. What backs a thought or a plan is passed over: a citation is a place in the text.
 *
 * <p>Not thread-safe.
 */
final class CitationReader {

    private static final long ABSENT = -1;

    private final List<Found> found = new ArrayList<>(0);

    private record Found(long start, long end, long block, List<Source> sources) {}

    private record Source(String id, @Nullable String title) {}

    /** Reads a citation, or an array of them. */
    void read(JsonParser json) throws IOException {
        switch (json.currentToken()) {
            case START_OBJECT -> readCitation(json);
            case START_ARRAY -> {
                while (Json.nextElement(json)) {
                    if (Json.isObject(json)) {
                        readCitation(json);
                    }
                }
            }
            default -> json.skipChildren();
        }
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /**
     * A citation for each source of each place that was read.
     *
     * @param text all of the answer's
     * @param blocks where the blocks start in it
     */
    List<Citation> of(String text, Map<Long, Integer> blocks) {
        List<Citation> citations = new ArrayList<>(found.size());
        for (Found each : found) {
            int block = blocks.getOrDefault(each.block, 0);
            int start = each.start == ABSENT ? 0 : place(each.start, block, text);
            int end = each.end == ABSENT ? text.length() : place(each.end, block, text);
            for (Source source : each.sources) {
                citations.add(new Citation(Math.min(start, end), end, source.id, source.title, null));
            }
        }
        return citations;
    }

    /** The vendor counts code points from the start of a block; we count chars from the start of the text. */
    private static int place(long codePoint, int block, String text) {
        int most = text.codePointCount(block, text.length());
        return text.offsetByCodePoints(block, (int) Math.max(0, Math.min(most, codePoint)));
    }

    private void readCitation(JsonParser json) throws IOException {
        long start = ABSENT;
        long end = ABSENT;
        long block = ABSENT;
        boolean ofText = true;
        List<Source> sources = new ArrayList<>(1);
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "start" -> start = Json.number(json, ABSENT);
                case "end" -> end = Json.number(json, ABSENT);
                case "content_index" -> block = Json.number(json, ABSENT);
                case "type" -> {
                    String type = Json.text(json, "");
                    ofText = !"PLAN".equals(type) && !"THINKING_CONTENT".equals(type);
                }
                case "sources" -> readSources(json, sources);
                case "document_ids" -> readIds(json, sources);
                default -> json.skipChildren();
            }
        }
        if (ofText) {
            found.add(new Found(start, end, block, sources));
        }
    }

    private static void readSources(JsonParser json, List<Source> sources) throws IOException {
        if (Json.isArray(json)) {
            while (Json.nextElement(json)) {
                if (Json.isObject(json)) {
                    sources.add(readSource(json));
                }
            }
        }
    }

    private static Source readSource(JsonParser json) throws IOException {
        String id = null;
        String title = null;
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "id" -> id = Json.text(json, null);
                case "document" -> title = readTitle(json);
                default -> json.skipChildren();
            }
        }
        return new Source(id == null ? "" : id, title);
    }

    private static @Nullable String readTitle(JsonParser json) throws IOException {
        String title = null;
        if (Json.isObject(json)) {
            for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                if (field.equals("title")) {
                    title = Json.text(json, null);
                } else {
                    json.skipChildren();
                }
            }
        }
        return title;
    }

    /** Version 1 names the documents only. */
    private static void readIds(JsonParser json, List<Source> sources) throws IOException {
        if (Json.isArray(json)) {
            while (Json.nextElement(json)) {
                String id = Json.text(json, null);
                if (id != null) {
                    sources.add(new Source(id, null));
                }
            }
        }
    }
}
