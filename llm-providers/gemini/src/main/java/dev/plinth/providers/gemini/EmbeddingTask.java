package dev.plinth.providers.gemini;

import dev.plinth.api.embedding.InputType;
import dev.plinth.api.option.Options;
import dev.plinth.providers.wire.EmbeddingCall;

/**
 * How a model is told what a text is embedded for.
 *
 * @param type in a field; empty: not in a field
 * @param title of the texts, in a field; empty: none
 * @param prefix before each text; empty: none
 */
record EmbeddingTask(String type, String title, String prefix) {

    private static final String UNSPECIFIED = "TASK_TYPE_UNSPECIFIED";

    /** The second generation of models takes no type: it is told in words, which are Google's. */
    static EmbeddingTask of(EmbeddingCall call) {
        Options options = call.request().options();
        boolean query = call.request().inputType() == InputType.QUERY;
        String title = query ? "" : options.get(Gemini.TITLE).orElse("");
        String type = options.get(Gemini.TASK_TYPE).orElse("");
        if (!type.isEmpty()) {
            return new EmbeddingTask(type.equals(UNSPECIFIED) ? "" : type, title, "");
        }
        if (call.model().contains("gemini-embedding-2")) {
            String document = "title: " + (title.isEmpty() ? "none" : title) + " | text: ";
            return new EmbeddingTask("", "", query ? "task: search result | query: " : document);
        }
        return new EmbeddingTask(query ? "RETRIEVAL_QUERY" : "RETRIEVAL_DOCUMENT", title, "");
    }
}
