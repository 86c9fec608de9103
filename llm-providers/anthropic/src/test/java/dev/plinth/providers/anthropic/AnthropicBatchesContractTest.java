package dev.plinth.providers.anthropic;

import dev.plinth.api.tck.BatchProvider;
import dev.plinth.api.tck.ChatBatchesContract;

class AnthropicBatchesContractTest extends ChatBatchesContract {
    @Override
    protected BatchProvider provider() {
        return new AnthropicBatchProvider();
    }
}
