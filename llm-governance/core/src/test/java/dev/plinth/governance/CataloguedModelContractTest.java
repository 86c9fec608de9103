package dev.plinth.governance;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.error.TransportException;
import dev.plinth.api.model.Capability;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.tck.ChatModelContract;
import dev.plinth.api.testkit.Reply;
import dev.plinth.api.testkit.ScriptedChatModel;
import dev.plinth.api.time.Timeouts;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;

/** A model behind the catalogue is still a chat model. */
class CataloguedModelContractTest extends ChatModelContract {

    @TempDir
    Path directory;

    @Override
    protected ChatModel model(Answer answer) {
        ScriptedChatModel model = ScriptedChatModel.builder()
                .info(ModelInfo.local("openai", "gpt-5", Capability.TOOLS, Capability.TEMPERATURE))
                .otherwise(request -> reply(answer))
                .build();
        return Catalogues.load(directory, Catalogues.FULL).layer().around(model);
    }

    private static Reply reply(Answer answer) {
        Reply text = Reply.text("Blue light scatters most.").cut("Blue light ", "scatters ", "most.");
        return switch (answer) {
            case TEXT -> text;
            case TOOL_CALL -> Reply.toolCall("weather", "{\"city\": \"Oslo\"}").cutRandomly(1);
            case RATE_LIMITED -> Reply.error(() -> new RateLimitedException("rate: over (expected: a slower pace)"));
            case TRUNCATED -> text.truncatedAfter(2);
            case BROKEN -> text.breakingAfter(2, () -> new TransportException("connection: reset"));
            case STALLED -> text.stallingAfter(2);
            case SILENT -> Reply.stall();
        };
    }

    /** The scripted model waits as long as the request says: longer than any wait of the suite. */
    @Override
    protected ChatRequest request(String word) {
        Duration limit = Duration.ofMinutes(5);
        Timeouts patient = new Timeouts(limit, limit, limit, limit);
        return super.request(word).toBuilder().timeouts(patient).build();
    }
}
