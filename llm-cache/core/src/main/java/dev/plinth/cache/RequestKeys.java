package dev.plinth.cache;

import dev.plinth.api.cache.CacheKey;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.check.Check;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.model.ModelInfo;
import java.util.Optional;
import java.util.function.Function;

/** Makes the keys of requests. */
final class RequestKeys {

    private final Function<? super CallContext, String> scope;
    private final boolean sampled;

    RequestKeys(Function<? super CallContext, String> scope, boolean sampled) {
        this.scope = scope;
        this.sampled = sampled;
    }

    /** The key of a request; empty when it is never cached. */
    Optional<CacheKey> keyOf(ModelInfo info, ChatRequest request) {
        if (!sampled && request.temperature().orElse(0) > 0) {
            return Optional.empty();
        }
        return RequestEncoder.digest(info, request)
                .map(digest -> new CacheKey(Check.notNull(scope.apply(request.context()), "scope"), digest));
    }
}
