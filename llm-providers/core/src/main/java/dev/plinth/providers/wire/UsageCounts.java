package dev.plinth.providers.wire;

import dev.plinth.api.usage.Usage;

/**
 * The token counts of an answer while it is read. Of a count that comes again the last value holds; a number that is no
 * count, negative or beyond all sense, is as good as not said.
 *
 * <p>Not thread-safe.
 */
public final class UsageCounts {

    private static final long ABSENT = -1;
    private static final long MOST = 1L << 50;

    private long input = ABSENT;
    private long cachedInput = ABSENT;
    private long cacheWrite = ABSENT;
    private long longCacheWrite = ABSENT;
    private long output = ABSENT;
    private long reasoning = ABSENT;
    private long total = ABSENT;
    private boolean cacheApart;
    private boolean reasoningApart;

    /** Nothing counted yet, by a provider that counts cached tokens within the input and reasoning within the output. */
    public UsageCounts() {}

    /** The provider counts what it reads from and writes to its cache beside the input. */
    public void cacheApart() {
        cacheApart = true;
    }

    /** The provider counts reasoning beside the output. */
    public void reasoningApart() {
        reasoningApart = true;
    }

    /** Input tokens. */
    public void input(long tokens) {
        input = count(tokens);
    }

    /** Input tokens read from the provider's cache. */
    public void cachedInput(long tokens) {
        cachedInput = count(tokens);
    }

    /** Input tokens written to the provider's cache. */
    public void cacheWrite(long tokens) {
        cacheWrite = count(tokens);
    }

    /** The part of what was written to the provider's cache that is kept for longer than its shortest time. */
    public void longCacheWrite(long tokens) {
        longCacheWrite = count(tokens);
    }

    /** Output tokens. */
    public void output(long tokens) {
        output = count(tokens);
    }

    /** Reasoning tokens. */
    public void reasoning(long tokens) {
        reasoning = count(tokens);
    }

    /**
     * All tokens. It tells servers of one protocol apart: if input, output and reasoning make up this total, reasoning is
     * counted beside the output.
     */
    public void total(long tokens) {
        total = count(tokens);
    }

    private static long count(long tokens) {
        return tokens < 0 || tokens > MOST ? ABSENT : tokens;
    }

    /** The counts in our terms; {@link Usage#UNKNOWN} while there are none. */
    public Usage usage() {
        if (input == ABSENT && output == ABSENT) {
            return Usage.UNKNOWN;
        }
        boolean apart = reasoningApart || (reasoning > 0 && input + output + reasoning == total);
        long cache = Math.max(0, cachedInput) + Math.max(0, cacheWrite);
        return Usage.builder()
                .input(cacheApart && input != ABSENT ? input + cache : input)
                .cachedInput(cachedInput)
                .cacheWrite(cacheWrite)
                .longCacheWrite(longCacheWrite)
                .output(apart && output != ABSENT ? output + Math.max(0, reasoning) : output)
                .reasoning(reasoning)
                .build();
    }
}
