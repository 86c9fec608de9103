package dev.plinth.cache;

import dev.plinth.api.layer.Layer;
import dev.plinth.api.tck.ChatLayerContract;

/** A cached model is still a chat model. */
class CachedModelContractTest extends ChatLayerContract {

    @Override
    protected Layer layer() {
        return ResponseCaching.builder(CaffeineResponseCache.ofEntries(100)).build();
    }
}
