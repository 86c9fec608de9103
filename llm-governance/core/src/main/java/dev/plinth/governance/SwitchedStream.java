package dev.plinth.governance;

import dev.plinth.api.chat.AbstractChatStream;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.error.DeniedException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A stream that ends when its call is stopped: at its next event, or while it waits for one. */
final class SwitchedStream extends AbstractChatStream {

    private final ChatStream next;
    private final Iterator<StreamEvent> events;
    private final SwitchedCall call;
    private final Supplier<Stops> stops;
    private final Consumer<SwitchedStream> closed;
    private final AtomicReference<@Nullable DeniedException> stopped = new AtomicReference<>();
    private @Nullable Stops seen; // by the reading thread

    /**
     * A running stream.
     *
     * @param stops what is stopped by now
     * @param closed told of its end
     */
    SwitchedStream(ChatStream next, SwitchedCall call, Supplier<Stops> stops, Consumer<SwitchedStream> closed) {
        this.next = next;
        this.events = next.iterator();
        this.call = call;
        this.stops = stops;
        this.closed = closed;
    }

    /** Ends it if its call is stopped. From any thread: a reader that waits for an event does not see for itself. */
    void endIfStopped(Stops now) {
        call.stopped(now).ifPresent(stop -> {
            DeniedException denied = SwitchedCall.denied(stop, ErrorDetails.NONE);
            if (stopped.compareAndSet(null, denied)) {
                try {
                    next.close();
                } catch (RuntimeException failure) { // must not keep other streams from being ended
                    denied.addSuppressed(failure);
                }
            }
        });
    }

    @Override
    protected @Nullable StreamEvent advance() {
        requireRunning();
        StreamEvent event;
        try {
            event = events.hasNext() ? events.next() : null;
        } catch (LlmException failure) {
            DeniedException denied = stopped.get();
            throw denied == null
                    ? failure
                    : SwitchedCall.withheld(denied, failure.attempts(), failure.partialUsage(), partialText());
        }
        if (event instanceof StreamEvent.Finished finished) {
            DeniedException denied = stopped.get();
            if (denied != null) {
                throw call.withheld(denied, finished.response(), partialText());
            }
            call.passed(finished.response(), partialText());
        } else {
            requireRunning();
        }
        return event;
    }

    private void requireRunning() {
        Stops now = stops.get();
        if (now != seen) {
            endIfStopped(now);
            seen = now;
        }
        DeniedException denied = stopped.get();
        if (denied != null) {
            throw denied;
        }
    }

    @Override
    protected void release() {
        closed.accept(this);
        next.close();
    }
}
