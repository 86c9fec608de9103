package dev.plinth.api.testkit;

import dev.plinth.api.chat.AbstractChatStream;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.time.Timeouts;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The events of a {@link Reply}, at its pace. */
final class ScriptedStream extends AbstractChatStream {
    private final Reply reply;
    private final Pace pace;
    private final Timeouts timeouts;
    private final Runnable released;
    private final Iterator<StreamEvent> events;
    private int passed;

    private final Object lock = new Object();
    private @Nullable Thread waiting;
    private boolean closed;
    private boolean woken;

    ScriptedStream(Reply reply, Pace pace, Timeouts timeouts, Runnable released) {
        this.reply = reply;
        this.pace = pace;
        this.timeouts = timeouts;
        this.released = released;
        List<StreamEvent> all = reply.cut.events(reply.response);
        this.events = all.iterator();
    }

    @Override
    protected @Nullable StreamEvent advance() {
        Duration limit = passed == 0 ? timeouts.firstToken() : timeouts.betweenTokens();
        await(passed == 0 ? reply.delay : reply.pause, limit);
        if (passed >= reply.events || !events.hasNext()) {
            return end(limit);
        }
        passed++;
        return events.next();
    }

    private @Nullable StreamEvent end(Duration limit) {
        switch (reply.end) {
            case ERROR -> throw reply.error.get();
            case STALL -> await(Pace.FOREVER, limit);
            case FINISH, TRUNCATE -> {}
        }
        return null;
    }

    /** Waits as the pace says, and no longer than until somebody closes the stream: closing interrupts the wait. */
    private void await(Duration wanted, Duration limit) {
        synchronized (lock) {
            if (closed) {
                throw new CancelledException("stream: closed (expected: open until its end)");
            }
            waiting = Thread.currentThread();
        }
        try {
            pace.pause(wanted, limit);
        } finally {
            synchronized (lock) {
                waiting = null;
                if (woken) {
                    Thread.interrupted(); // the interruption was ours, not the caller's
                }
            }
        }
    }

    @Override
    protected void release() {
        synchronized (lock) {
            closed = true;
            if (waiting != null && waiting != Thread.currentThread()) {
                woken = true;
                waiting.interrupt();
            }
        }
        released.run();
    }
}
