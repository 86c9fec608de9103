package dev.plinth.api.chat;

import dev.plinth.api.check.Check;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Replays a complete answer as the events it might have come in. */
final class ReplayedChatStream extends AbstractChatStream {

    private final Queue<StreamEvent> events = new ArrayDeque<>();

    ReplayedChatStream(ChatResponse response) {
        Check.notNull(response, "response");
        int index = 0;
        for (Part part : response.message().parts()) {
            if (part instanceof Part.Text text && !text.text().isEmpty()) {
                events.add(new StreamEvent.TextDelta(text.text()));
            } else if (part instanceof Part.Reasoning reasoning
                    && !reasoning.text().isEmpty()) {
                events.add(new StreamEvent.ReasoningDelta(reasoning.text()));
            } else if (part instanceof ToolCall call) {
                events.add(new StreamEvent.ToolCallDelta(index++, call.id(), call.name(), call.arguments()));
            }
        }
        events.add(new StreamEvent.Finished(response));
    }

    @Override
    protected @Nullable StreamEvent advance() {
        return events.poll();
    }

    @Override
    protected void release() {
        // holds nothing but memory
    }
}
