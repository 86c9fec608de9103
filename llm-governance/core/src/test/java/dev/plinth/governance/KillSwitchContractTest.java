package dev.plinth.governance;

import dev.plinth.api.layer.Layer;
import dev.plinth.api.tck.ChatLayerContract;

/** A model behind a kill switch is still a chat model, while the switch stops something else. */
class KillSwitchContractTest extends ChatLayerContract {

    @Override
    protected Layer layer() {
        KillSwitch killSwitch = KillSwitch.create();
        killSwitch.stop(Stoppable.provider("another"), "broken", "platform");
        return killSwitch;
    }
}
