package dev.plinth.api.tck;

import dev.plinth.api.layer.Layer;
import dev.plinth.api.layer.Stage;

/** A layer that changes nothing breaks nothing, and the scripted model is a chat model. */
class FakeChatModelContractTest extends ChatLayerContract {
    @Override
    protected Layer layer() {
        return () -> Stage.PROVIDER;
    }
}
