package dev.plinth.api.layer;

import dev.plinth.api.chat.AbstractChatStream;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.error.LlmException;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** A stream whose end states what it cost. */
final class PricedStream extends AbstractChatStream {

    private final ChatStream next;
    private final Iterator<StreamEvent> events;
    private final PricedCall call;

    PricedStream(ChatStream next, PricedCall call) {
        this.next = next;
        this.events = next.iterator();
        this.call = call;
    }

    @Override
    protected @Nullable StreamEvent advance() {
        try {
            StreamEvent event = events.hasNext() ? events.next() : null;
            return event instanceof StreamEvent.Finished finished
                    ? new StreamEvent.Finished(call.priced(finished.response()))
                    : event;
        } catch (LlmException failure) {
            throw call.priced(failure);
        }
    }

    @Override
    protected void release() {
        next.close();
    }
}
