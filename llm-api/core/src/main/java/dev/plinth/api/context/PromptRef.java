package dev.plinth.api.context;

import dev.plinth.api.check.Check;

/**
 * The registered prompt a request was made from.
 *
 * @param name of the prompt
 * @param version of the prompt
 */
public record PromptRef(String name, String version) {

    public PromptRef {
        Check.notBlank(name, "name");
        Check.notBlank(version, "version");
    }
}
