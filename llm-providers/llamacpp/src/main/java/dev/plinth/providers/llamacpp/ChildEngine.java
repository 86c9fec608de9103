package dev.plinth.providers.llamacpp;

import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.TransportException;
import dev.plinth.api.time.Deadline;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Runs jobs in a child process, so that a native abort ends the child and not this process, and so that this process can
 * end by itself and gets its memory back. When the child dies, the job that ran fails, and the next one starts another.
 */
final class ChildEngine implements Engine {

    /** How often the pipe is looked at: far less than a token takes. */
    private static final Duration MOMENT = Duration.ofMillis(1);

    /** How long a cancelled job may still hold the child; reading a long prompt cannot be cancelled. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final ChildCommand command;
    private final int contextTokens;
    private final Object monitor = new Object();
    private @Nullable Child child; // guarded by monitor
    private boolean closed; // guarded by monitor
    private @Nullable ChildAnswer last; // of whose turn it is

    private ChildEngine(ChildCommand command, int contextTokens) {
        this.command = command;
        this.contextTokens = contextTokens;
    }

    /** An engine whose child has loaded its model. */
    static ChildEngine start(ChildCommand command, int contextTokens, Limits limits) {
        ChildEngine engine = new ChildEngine(command, contextTokens);
        try {
            engine.ready(limits);
            return engine;
        } catch (TransportException e) {
            throw new IllegalStateException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public int contextTokens() {
        return contextTokens;
    }

    @Override
    public Answer start(Job job, Limits limits) {
        ChildAnswer before = last;
        if (before != null) {
            before.awaitEnd(limits);
        }
        Child running = readyForJob(limits);
        try {
            running.say(Wire.job(job), limits.details());
        } catch (TransportException gone) { // it ended while nobody asked, and nothing has begun
            running.kill();
            running = readyForJob(limits);
            running.say(Wire.job(job), limits.details());
        }
        ChildAnswer answer = new ChildAnswer(running);
        last = answer;
        return answer;
    }

    private Child readyForJob(Limits limits) {
        try {
            return ready(limits);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new EngineException(String.valueOf(e.getMessage()), limits.details(), e);
        }
    }

    /** The child, a new one if need be, that is ready for a job. */
    private Child ready(Limits limits) {
        Child running;
        synchronized (monitor) {
            if (closed) {
                throw new CancelledException("model: closed (expected: open)", limits.details(), null);
            }
            running = child;
            if (running != null && running.isAlive()) {
                return running;
            }
            running = Child.start(command);
            child = running;
        }
        boolean ready = false;
        try {
            while (!ready) {
                String line = running.poll(limits.details());
                if (line == null) {
                    limits.pause(MOMENT);
                } else {
                    ready = Wire.isReady(line);
                }
            }
            return running;
        } finally {
            if (!ready) {
                running.kill();
            }
        }
    }

    @Override
    public void close() {
        synchronized (monitor) {
            closed = true;
            if (child != null) {
                child.kill();
            }
        }
    }

    private boolean isClosed() {
        synchronized (monitor) {
            return closed;
        }
    }

    private final class ChildAnswer implements Answer {

        private final Child running;
        private volatile boolean cancelled;
        private volatile boolean ended;

        ChildAnswer(Child running) {
            this.running = running;
        }

        @Override
        public Output next(Limits limits) {
            while (true) {
                limits.check();
                Output output = poll(limits, false);
                if (output != null) {
                    return output;
                }
                limits.pause(MOMENT);
            }
        }

        /** What has come. One thread at a time: whoever cancelled a job may leave a reader behind. */
        private @Nullable Output poll(Limits limits, boolean afterCancel) {
            synchronized (running) {
                if (cancelled != afterCancel) {
                    throw new CancelledException("job: cancelled (expected: running)", limits.details(), null);
                }
                try {
                    String line = running.poll(limits.details());
                    Output output = line == null ? null : Wire.output(line, limits.details());
                    ended |= output instanceof Output.Ended;
                    return output;
                } catch (LlmException e) {
                    ended = true;
                    if (e instanceof MalformedResponseException) {
                        running.kill(); // who knows what it says next
                    }
                    throw isClosed()
                            ? new CancelledException("model: closed (expected: open)", limits.details(), e)
                            : e;
                }
            }
        }

        @Override
        public void cancel() {
            if (!ended && !cancelled) {
                cancelled = true;
                try {
                    running.say(Wire.CANCEL, ErrorDetails.NONE);
                } catch (TransportException e) {
                    ended = true; // with its process
                }
            }
        }

        /** Waits until the child is free again; one that does not stop is killed. */
        void awaitEnd(Limits limits) {
            Deadline grace = Deadline.after(GRACE, limits.time());
            while (!ended && running.isAlive()) {
                if (grace.expired()) {
                    running.kill();
                    return;
                }
                limits.pause(MOMENT);
                try {
                    while (!ended && poll(limits, cancelled) != null) {
                        limits.check();
                    }
                } catch (TransportException | EngineException e) {
                    return; // the end of a job that nobody waits for
                }
            }
        }
    }
}
