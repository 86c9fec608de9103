package dev.plinth.providers.gemini;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.chat.Citation;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What backs an answer: the sources a search found with the pieces of text they support, and what was recited. The
 * protocol counts bytes of UTF-8, from the start of all text; where that is not where the words are, the words decide.
 *
 * <p>Not thread-safe.
 */
final class Grounding {

    private record Source(
            String uri, @Nullable String title, @Nullable String quote) {}

    /** @param end in bytes; 0: not said */
    private record Segment(long start, long end, @Nullable String words) {}

    private record Support(Segment segment, List<Integer> sources) {}

    private record Recited(Segment segment, Source source) {}

    private List<Source> sources = List.of();
    private List<Support> supports = List.of();
    private List<Recited> recited = List.of();

    /** Reads a {@code groundingMetadata}; of a stream, each goes on where the last one ended. */
    void readMetadata(JsonParser json) throws IOException {
        if (!Json.isObject(json)) {
            return;
        }
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "groundingChunks" -> {
                    sources = new ArrayList<>(sources);
                    for (boolean more = Json.isArray(json); more && Json.nextElement(json); ) {
                        sources.add(readChunk(json));
                    }
                }
                case "groundingSupports" -> {
                    supports = new ArrayList<>(supports);
                    for (boolean more = Json.isArray(json); more && Json.nextElement(json); ) {
                        supports.add(readSupport(json));
                    }
                }
                default -> json.skipChildren();
            }
        }
    }

    /** Reads a {@code citationMetadata}, whose list has one name in the Gemini API and another in Vertex AI. */
    void readCitations(JsonParser json) throws IOException {
        if (!Json.isObject(json)) {
            return;
        }
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            if (field.equals("citationSources") || field.equals("citations")) {
                recited = new ArrayList<>(recited);
                for (boolean more = Json.isArray(json); more && Json.nextElement(json); ) {
                    recited.add(readRecited(json));
                }
            } else {
                json.skipChildren();
            }
        }
    }

    /** The kind of the chunk is the name of its one field: {@code web}, {@code maps}, {@code retrievedContext}. */
    private static Source readChunk(JsonParser json) throws IOException {
        Source source = new Source("", null, null);
        if (Json.isObject(json)) {
            for (String kind = Json.nextField(json); kind != null; kind = Json.nextField(json)) {
                source = json.currentToken() == JsonToken.START_OBJECT ? readSource(json) : source;
            }
        }
        return source;
    }

    private static Source readSource(JsonParser json) throws IOException {
        String uri = "";
        String store = "";
        String title = null;
        String quote = null;
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "uri", "sourceUri" -> uri = String.valueOf(Json.text(json, uri));
                case "fileSearchStore" -> store = String.valueOf(Json.text(json, store));
                case "title" -> title = Json.text(json, title);
                case "text" -> quote = Json.text(json, quote);
                default -> json.skipChildren();
            }
        }
        return new Source(uri.isEmpty() ? title == null ? store : title : uri, title, quote);
    }

    private static Support readSupport(JsonParser json) throws IOException {
        Segment segment = new Segment(0, 0, null);
        List<Integer> indices = new ArrayList<>();
        if (Json.isObject(json)) {
            for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                switch (field) {
                    case "segment" -> segment = Json.isObject(json) ? readSegment(json) : segment;
                    case "groundingChunkIndices" -> {
                        for (boolean more = Json.isArray(json); more && Json.nextElement(json); ) {
                            indices.add((int) Json.number(json, -1));
                        }
                    }
                    default -> json.skipChildren();
                }
            }
        }
        return new Support(segment, indices);
    }

    private static Segment readSegment(JsonParser json) throws IOException {
        long start = 0;
        long end = 0;
        String words = null;
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "startIndex" -> start = Json.number(json, start);
                case "endIndex" -> end = Json.number(json, end);
                case "text" -> words = Json.text(json, words);
                default -> json.skipChildren();
            }
        }
        return new Segment(start, end, words);
    }

    private static Recited readRecited(JsonParser json) throws IOException {
        long start = 0;
        long end = 0;
        String uri = "";
        String title = null;
        if (Json.isObject(json)) {
            for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                switch (field) {
                    case "startIndex" -> start = Json.number(json, start);
                    case "endIndex" -> end = Json.number(json, end);
                    case "uri" -> uri = String.valueOf(Json.text(json, uri));
                    case "title" -> title = Json.text(json, title);
                    default -> json.skipChildren();
                }
            }
        }
        return new Recited(new Segment(start, end, null), new Source(uri, title, null));
    }

    /** What backs this text, all of the answer's, each once. Sources without a piece that they support back all of it. */
    List<Citation> citations(String text) {
        Set<Citation> all = new LinkedHashSet<>();
        for (Support support : supports) {
            for (int index : support.sources) {
                if (index >= 0 && index < sources.size()) {
                    all.add(citation(text, support.segment, sources.get(index)));
                }
            }
        }
        for (Source source : supports.isEmpty() ? sources : List.<Source>of()) {
            all.add(citation(text, new Segment(0, 0, null), source));
        }
        for (Recited each : recited) {
            all.add(citation(text, each.segment, each.source));
        }
        return List.copyOf(all);
    }

    private static Citation citation(String text, Segment segment, Source source) {
        int start = charAt(text, segment.start);
        int end = segment.end <= 0 ? text.length() : charAt(text, segment.end);
        String words = segment.words;
        if (words != null && !words.isEmpty() && !text.startsWith(words, start)) {
            start = nearest(text, words, start);
        }
        if (words != null && text.startsWith(words, start)) {
            end = start + words.length();
        }
        return new Citation(start, Math.max(start, end), source.uri, source.title, source.quote);
    }

    /** Where the words are, of several places the nearest; where they should be when they are nowhere. */
    private static int nearest(String text, String words, int place) {
        int before = text.lastIndexOf(words, place);
        int after = text.indexOf(words, place);
        if (before < 0 || after < 0) {
            return before < 0 && after < 0 ? place : Math.max(before, after);
        }
        return place - before <= after - place ? before : after;
    }

    /** The char at so many bytes of UTF-8, or the end. */
    private static int charAt(String text, long bytes) {
        int at = 0;
        long passed = 0;
        while (at < text.length() && passed < bytes) {
            int point = text.codePointAt(at);
            passed += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
            at += Character.charCount(point);
        }
        return at;
    }
}
