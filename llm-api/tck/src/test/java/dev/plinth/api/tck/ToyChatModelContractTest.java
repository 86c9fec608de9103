package dev.plinth.api.tck;

import dev.plinth.api.chat.ChatModel;
import java.net.URI;

/** The sound toy keeps the contract, so what {@link BrokenHttpChatModelTest} finds is its faults. */
class ToyChatModelContractTest extends ToyChatModelContract {
    @Override
    protected ChatModel model(URI server) {
        return new ToyChatModel(server);
    }
}
