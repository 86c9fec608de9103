package dev.plinth.api.cache;

import dev.plinth.api.check.Check;

/**
 * Under what an answer is kept. Two askers share an answer only when both parts are equal.
 *
 * @param scope who may share: tenant, user or everybody of an application
 * @param digest of everything that can change the answer, hexadecimal
 */
public record CacheKey(String scope, String digest) {

    public CacheKey {
        Check.notNull(scope, "scope");
        Check.notBlank(digest, "digest");
    }
}
