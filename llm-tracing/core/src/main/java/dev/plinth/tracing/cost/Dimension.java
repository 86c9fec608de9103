package dev.plinth.tracing.cost;

import java.util.Locale;

/** What costs are told apart by. A value that is not known is the empty text. */
public enum Dimension {
    /** The day a call ended, as {@code 2026-11-26}. */
    DAY,
    /** Who owns the calling application. */
    TEAM,
    /** The calling application. */
    APPLICATION,
    /** The registered use case. */
    USE_CASE,
    /** The name of the interaction: what the user was doing. */
    INTERACTION,
    /** The registered prompt. */
    PROMPT,
    /** The version of the prompt. */
    PROMPT_VERSION,
    /** What the model was called for: {@code chat}, {@code embeddings} or {@code rerank}. */
    OPERATION,
    /** Who served the model. */
    PROVIDER,
    /** The model that was paid for. */
    MODEL;

    private final String field = camelCase(name());

    /** The name in files, such as {@code promptVersion}. */
    String field() {
        return field;
    }

    private static String camelCase(String name) {
        StringBuilder text = new StringBuilder();
        for (String word : name.toLowerCase(Locale.ROOT).split("_", -1)) {
            text.append(text.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return text.toString();
    }
}
