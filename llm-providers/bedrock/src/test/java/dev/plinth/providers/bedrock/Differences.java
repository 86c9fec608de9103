package dev.plinth.providers.bedrock;

import java.util.List;

/**
 * Where we differ from the official SDK on purpose, each with its reason. What is not listed here fails.
 *
 * @param name the case
 * @param place a JSON pointer into the request
 * @param reason why
 */
record Differences(String name, String place, String reason) {

    private static final List<Differences> ALL = List.of(
            new Differences("tools", "/toolConfig/toolChoice", "auto is the default and left out"),
            new Differences("stream-tools", "/toolConfig/toolChoice", "auto is the default and left out"),
            new Differences("tool-results", "/toolConfig/toolChoice", "auto is the default and left out"),
            new Differences(
                    "tool-results", "/messages/2/content/0/toolResult/content", "one neutral text, not JSON and text"),
            new Differences("tool-results", "/messages/2/content/0/toolResult/status", "success goes without saying"),
            new Differences(
                    "invoke-titan-embed",
                    "/dimensions",
                    "not asked for: the served vector is shorter, which we refuse"),
            new Differences("invoke-titan-embed", "/normalize", "true is the model's default and left out"));

    /** The places in the request of this case. */
    static List<String> inRequest(String name) {
        return ALL.stream()
                .filter(each -> each.name.equals(name))
                .map(Differences::place)
                .toList();
    }

    static List<Differences> all() {
        return ALL;
    }
}
