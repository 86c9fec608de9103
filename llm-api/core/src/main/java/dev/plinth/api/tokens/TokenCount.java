package dev.plinth.api.tokens;

import dev.plinth.api.check.Check;
import dev.plinth.api.usage.Usage;

/**
 * A number of tokens, and how far it can be trusted.
 *
 * @param tokens at least 0
 * @param source {@link Usage.Source#REPORTED} when the provider counted, else {@link Usage.Source#ESTIMATED}
 */
public record TokenCount(long tokens, Usage.Source source) {

    public TokenCount {
        Check.that(tokens >= 0, "tokens", tokens, ">= 0");
        Check.notNull(source, "source");
    }
}
