package dev.plinth.providers.bedrock;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/** Answers of Converse as Bedrock writes them. */
final class Answers {

    static final String USAGE = "{\"inputTokens\":9,\"outputTokens\":3,\"totalTokens\":12}";

    private Answers() {}

    /** A whole answer with this content, an array of blocks. */
    static String of(String content, String stopReason, String usage) {
        return "{\"metrics\":{\"latencyMs\":12},\"output\":{\"message\":{\"content\":" + content
                + ",\"role\":\"assistant\"}},\"stopReason\":\"" + stopReason + "\",\"usage\":" + usage + "}";
    }

    static String of(String content) {
        return of(content, "end_turn", USAGE);
    }

    static String text(String text) {
        return of("[{\"text\":" + quoted(text) + "}]");
    }

    static String quoted(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }
}
