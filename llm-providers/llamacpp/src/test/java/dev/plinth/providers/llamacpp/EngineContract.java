package dev.plinth.providers.llamacpp;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.tck.ChatModelContract;
import dev.plinth.api.time.Timeouts;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Over the real engine, which does not fail when it is asked to: what it says is a text. */
@Timeout(600)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EngineContract extends ChatModelContract {

    private LlamaCpp llama;

    /** Opens the model that is tried. */
    abstract LlamaCpp.Builder builder() throws IOException;

    @BeforeAll
    void openModel() throws IOException {
        Duration limit = Duration.ofMinutes(5);
        llama = builder().timeouts(new Timeouts(limit, limit, limit, limit)).open();
    }

    @AfterAll
    void closeModel() {
        if (llama != null) {
            llama.close();
        }
    }

    @Override
    protected Set<Answer> unsupported() {
        return EnumSet.complementOf(EnumSet.of(Answer.TEXT));
    }

    @Override
    protected ChatModel model(Answer answer) {
        return llama.chatModel();
    }

    @Override
    protected ChatRequest request(String word) {
        return super.request(word).toBuilder().maxOutputTokens(8).build();
    }
}
