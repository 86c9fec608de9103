package dev.plinth.cache;

import dev.plinth.api.cache.ResponseCache;
import dev.plinth.api.tck.ResponseCacheContract;
import dev.plinth.api.time.TimeSource;
import java.util.Set;

class CaffeineResponseCacheContractTest extends ResponseCacheContract {

    @Override
    protected ResponseCache open(TimeSource time) {
        return CaffeineResponseCache.ofBytes(10_000_000, time);
    }

    @Override
    protected Set<Behavior> unsupported() {
        return Set.of(Behavior.DURABLE);
    }
}
