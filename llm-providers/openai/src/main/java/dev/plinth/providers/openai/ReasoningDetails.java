package dev.plinth.providers.openai;

import com.fasterxml.jackson.core.JsonParser;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * OpenRouter's details of reasoning, which it wants back unchanged: words, summaries, and what is encrypted.
 *
 * <p>Not thread-safe.
 */
final class ReasoningDetails {

    /** Whose details they are. */
    static final String PROTOCOL = "openrouter";

    private List<String> details = List.of();
    private int spoken;

    /** Reads a list of details. */
    void read(JsonParser json) throws IOException {
        if (Json.isArray(json)) {
            details = details.isEmpty() ? new ArrayList<>(2) : details;
            while (Json.nextElement(json)) {
                details.add(Json.copy(json));
            }
        }
    }

    /** What the details say in words that came since this was asked last. */
    String newWords() throws IOException {
        if (spoken == details.size()) {
            return "";
        }
        StringBuilder words = new StringBuilder();
        for (; spoken < details.size(); spoken++) {
            try (JsonParser json = Json.FACTORY.createParser(details.get(spoken))) {
                json.nextToken();
                addWords(json, words);
            }
        }
        return words.toString();
    }

    private static void addWords(JsonParser json, StringBuilder words) throws IOException {
        if (Json.isObject(json)) {
            for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                String text = field.equals("text") || field.equals("summary") ? Json.text(json, "") : "";
                words.append(text);
                json.skipChildren();
            }
        }
    }

    /** The details as they came, as a list; empty: there are none. */
    String json() {
        return details.isEmpty() ? "" : "[" + String.join(",", details) + "]";
    }
}
