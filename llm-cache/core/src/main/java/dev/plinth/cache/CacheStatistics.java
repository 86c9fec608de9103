package dev.plinth.cache;

/**
 * What a {@link ResponseCaching} has done since it was built.
 *
 * @param hits calls answered from the store
 * @param shared calls answered by another call for the same that was under way
 * @param misses calls that asked the model and might have been answered otherwise
 * @param bypassed calls that are never cached
 * @param storeFailures how often the store failed; the calls went on without it
 * @param savedTokens input and output tokens that the hits and the shared calls did not use, as far as the kept answers
 *     say what they used
 */
public record CacheStatistics(
        long hits, long shared, long misses, long bypassed, long storeFailures, long savedTokens) {}
