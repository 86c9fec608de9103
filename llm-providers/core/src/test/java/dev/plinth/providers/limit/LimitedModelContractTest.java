package dev.plinth.providers.limit;

import dev.plinth.api.layer.Layer;
import dev.plinth.api.tck.ChatLayerContract;

/** A limited model is still a chat model. */
class LimitedModelContractTest extends ChatLayerContract {

    @Override
    protected Layer layer() {
        return RateLimits.builder()
                .each(Limit.builder()
                        .requestsPerMinute(10_000)
                        .tokensPerMinute(10_000_000)
                        .concurrent(100)
                        .build())
                .build();
    }
}
