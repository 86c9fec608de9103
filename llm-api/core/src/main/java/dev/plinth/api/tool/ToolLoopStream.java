package dev.plinth.api.tool;

import dev.plinth.api.chat.AbstractChatStream;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.TimedOutException;
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
            StreamEvent event = read(events == null ? nextRound() : events);
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
        ChatRequest request = nextRequest();
        try {
            ChatStream stream = model.stream(request);
            current = stream;
            if (isCancelled()) {
                stream.close(); // closed while the round was being opened
            }
            events = stream.iterator();
            return events;
        } catch (LlmException exception) {
            throw conversation.failed(exception, partialText());
        }
    }

    private ChatRequest nextRequest() {
        try {
            return conversation.nextRequest();
        } catch (TimedOutException exception) {
            throw exception.setPartial(partialText(), exception.partialUsage());
        }
    }

    private @Nullable StreamEvent read(Iterator<StreamEvent> round) {
        try {
            return round.hasNext() ? round.next() : null;
        } catch (LlmException exception) {
            throw conversation.failed(exception, partialText());
        }
    }

    @Override
    protected void release() {
        ChatStream stream = current;
        if (stream != null) {
            stream.close();
        }
    }
}
