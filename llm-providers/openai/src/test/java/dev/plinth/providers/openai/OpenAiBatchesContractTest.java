package dev.plinth.providers.openai;

import dev.plinth.api.tck.BatchProvider;
import dev.plinth.api.tck.ChatBatchesContract;

class OpenAiBatchesContractTest extends ChatBatchesContract {
    @Override
    protected BatchProvider provider() {
        return new OpenAiBatchProvider();
    }
}
