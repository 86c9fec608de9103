package dev.plinth.api.tool;

import dev.plinth.api.chat.AbstractChatStream;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.StreamEvent;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rounds of a loop as one stream: the finish of a round that asks for tools is not passed on. */
final class ToolLoopStream extends AbstractChatStream {

    private final ChatModel model;
    private final ToolConversation conversation;
    private volatile @Nullable ChatStream current;
    private @Nullable Iterator<StreamEvent> events;

    ToolLoopStream(ChatModel model, ToolConversation conversation) {
        this.model = model;
        this.conversation = conversation;
    }

    @Override
    protected @Nullable StreamEvent advance() {
        while (!isCancelled()) {
            Iterator<StreamEvent> round = events == null ? nextRound() : events;
            if (!round.hasNext()) {
                return null;
            }
            StreamEvent event = round.next();
            if (!(event instanceof StreamEvent.Finished finished)) {
                return event;
            }
            events = null;
            Optional<ToolRun> run = conversation.answered(finished.response());
            if (run.isPresent()) {
                return new StreamEvent.Finished(run.get().response());
            }
        }
        return null;
    }

    private Iterator<StreamEvent> nextRound() {
        ChatStream stream = model.stream(conversation.nextRequest());
        current = stream;
        if (isCancelled()) {
            stream.close(); // closed while the round was being opened
        }
        events = stream.iterator();
        return events;
    }

    @Override
    protected void release() {
        ChatStream stream = current;
        if (stream != null) {
            stream.close();
        }
    }
}
