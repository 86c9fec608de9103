package dev.plinth.governance.guardrails;

import dev.plinth.api.layer.Layer;
import dev.plinth.api.tck.ChatLayerContract;

/** A masked model is still a chat model. */
class MaskedModelContractTest extends ChatLayerContract {

    @Override
    protected Layer layer() {
        return Masking.restoring();
    }
}
