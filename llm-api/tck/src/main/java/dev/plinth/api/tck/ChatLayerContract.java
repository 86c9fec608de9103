package dev.plinth.api.tck;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.error.TransportException;
import dev.plinth.api.layer.Layer;
import dev.plinth.api.model.Capability;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.testkit.Reply;
import dev.plinth.api.testkit.ScriptedChatModel;
import dev.plinth.api.time.Timeouts;
import java.time.Duration;

/**
 * What a {@link Layer} promises around a chat model: the two together are still a chat model. Extend it and hand in the
 * layer; the model within is a scripted one.
 *
 * <pre>{@code
 * class MaskedModelContractTest extends ChatLayerContract {
 *     @Override
 *     protected Layer layer() {
 *         return Masking.layer();
 *     }
 * }
 * }</pre>
 */
public abstract class ChatLayerContract extends ChatModelContract {

    /** For subclasses. */
    protected ChatLayerContract() {}

    /** The layer, asked for once a test. */
    protected abstract Layer layer();

    /** What the model within calls itself, for layers that look; it has to have tools and a temperature. */
    protected ModelInfo info() {
        return ModelInfo.local("scripted", "scripted-1", Capability.TOOLS, Capability.TEMPERATURE);
    }

    @Override
    protected final ChatModel model(Answer answer) {
        return layer().around(ScriptedChatModel.builder()
                .info(info())
                .otherwise(request -> reply(answer))
                .build());
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
