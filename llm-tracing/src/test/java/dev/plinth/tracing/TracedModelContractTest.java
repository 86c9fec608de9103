package dev.plinth.tracing;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;

/** A traced model is still a chat model, and leaves no span open. */
class TracedModelContractTest extends ChatModelContract {

    private final Recording recording = new Recording();

    @AfterEach
    void everySpanHasEnded() {
        assertThat(recording.openSpans()).isZero();
    }

    @Override
    protected ChatModel model(Answer answer) {
        ScriptedChatModel model = ScriptedChatModel.builder()
                .info(ModelInfo.local("scripted", "scripted-1", Capability.TOOLS, Capability.TEMPERATURE))
                .otherwise(request -> reply(answer))
                .build();
        return recording.layer().around(model);
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
