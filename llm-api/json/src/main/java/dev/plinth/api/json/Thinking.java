package dev.plinth.api.json;

import java.util.List;

/**
 * What models that think aloud leave in front of an answer, where the adapter or the server did not take it away:
 * {@code <think>...</think>}, or only its end when the template of the prompt has opened it.
 */
final class Thinking {

    private static final List<String> TAGS = List.of("think", "thinking");

    private Thinking() {}

    /** The answer without what was thought before it; empty when the thinking never ended. */
    static String removed(String answer) {
        String rest = answer.strip();
        for (boolean found = true; found; ) {
            found = false;
            for (String tag : TAGS) {
                if (rest.startsWith("<" + tag + ">")) {
                    int end = rest.indexOf("</" + tag + ">");
                    rest = end < 0 ? "" : after(rest, tag, end);
                    found = true;
                }
            }
        }
        // In JSON or a fence the tag is part of the answer, such as text within a string.
        if (rest.startsWith("{") || rest.startsWith("[") || rest.startsWith("```")) {
            return rest;
        }
        for (String tag : TAGS) {
            int end = rest.indexOf("</" + tag + ">");
            if (end >= 0) {
                return after(rest, tag, end);
            }
        }
        return rest;
    }

    private static String after(String text, String tag, int end) {
        return text.substring(end + tag.length() + 3).strip();
    }
}
