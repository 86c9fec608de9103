package dev.plinth.providers.retry;

import dev.plinth.api.layer.Layer;
import dev.plinth.api.tck.ChatLayerContract;
import java.time.Duration;

/** A model that is tried again is still a chat model. */
class RetriedModelContractTest extends ChatLayerContract {

    @Override
    protected Layer layer() {
        return Retries.builder()
                .backoff(Duration.ofMillis(1), Duration.ofMillis(2))
                .build();
    }
}
