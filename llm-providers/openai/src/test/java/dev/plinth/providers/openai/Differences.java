package dev.plinth.providers.openai;

import java.util.List;

/**
 * Where we differ from the official SDK on purpose, each with its reason. What is not listed here fails.
 *
 * @param name the case
 * @param place a JSON pointer into the request, or {@code answer}
 * @param reason why
 */
record Differences(String name, String place, String reason) {

    private static final String SYSTEM = "one neutral role; OpenAI takes system for developer on reasoning models";

    private static final List<Differences> ALL = List.of(
            new Differences("tools", "/tool_choice", "auto is the default and left out"),
            new Differences("developer-role", "/messages/0/role", SYSTEM),
            new Differences("developer-role", "/messages/0/content", "one text part is a string"),
            new Differences("embeddings-default-base64", "/input", "one text is an array of one"),
            new Differences(
                    "embeddings-float-batch", "/encoding_format", "base64 is asked for; floats are read all the same"),
            new Differences("edge-empty-data", "answer", "an event without data is passed over, not an error"),
            new Differences("edge-stream-is-json-body", "answer", "an error with the text, not an empty stream"));

    /** The places in the request of this case. */
    static List<String> inRequest(String name) {
        return ALL.stream()
                .filter(each -> each.name.equals(name) && !each.place.equals("answer"))
                .map(Differences::place)
                .toList();
    }

    /** Whether the answer of this case is read in another way. */
    static boolean inAnswer(String name) {
        return ALL.stream().anyMatch(each -> each.name.equals(name) && each.place.equals("answer"));
    }

    static List<Differences> all() {
        return ALL;
    }
}
