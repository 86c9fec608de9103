package dev.plinth.providers.llamacpp;

import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.ContextTooLongException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Runs jobs on a model in this process, on the threads of its callers. Native code cannot be interrupted: what ends a
 * wait ends it between two tokens, and the first only after the prompt has been read.
 */
final class LocalEngine implements Engine {

    private final NativeModel model;
    private final ReentrantLock inside = new ReentrantLock();
    private boolean closed; // guarded by inside

    LocalEngine(NativeModel model) {
        this.model = model;
    }

    @Override
    public int contextTokens() {
        return model.contextTokens();
    }

    @Override
    public Answer start(Job job, Limits limits) {
        enter(limits);
        try {
            Output.Begun begun = model.count(job.prompt());
            int room = model.contextTokens() - begun.tokens();
            if (room <= 0) {
                throw new ContextTooLongException(
                        "prompt: " + begun.tokens() + " tokens (expected: less than " + model.contextTokens() + ")",
                        limits.details(),
                        null);
            }
            Integer asked = job.maxTokens();
            return new LocalAnswer(job, begun, asked == null ? room : Math.min(asked, room));
        } finally {
            inside.unlock();
        }
    }

    /** Whoever gave up a job may still be in native code for the time of one token. */
    private void enter(Limits limits) {
        limits.check();
        try {
            while (!inside.tryLock(limits.left().toNanos(), TimeUnit.NANOSECONDS)) {
                limits.check();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw limits.interrupted(e);
        }
        if (closed) {
            inside.unlock();
            throw new CancelledException("model: closed (expected: open)", limits.details(), null);
        }
    }

    @Override
    public void close() {
        inside.lock();
        try {
            if (!closed) {
                closed = true;
                model.close();
            }
        } finally {
            inside.unlock();
        }
    }

    private final class LocalAnswer implements Answer {

        private final Job job;
        private final int maxTokens;
        private Output.@Nullable Begun begun;
        private NativeModel.@Nullable Run run; // guarded by inside, as is what follows
        private boolean ended;
        private volatile boolean cancelled;

        LocalAnswer(Job job, Output.Begun begun, int maxTokens) {
            this.job = job;
            this.begun = begun;
            this.maxTokens = maxTokens;
        }

        @Override
        public Output next(Limits limits) {
            limits.check();
            Output.Begun first = begun;
            if (first != null) {
                begun = null;
                return first;
            }
            enter(limits);
            try {
                return nextInside(limits);
            } finally {
                inside.unlock();
                stopIfCancelled(); // by someone who found this thread inside
            }
        }

        private Output nextInside(Limits limits) {
            if (cancelled) {
                throw new CancelledException("job: cancelled (expected: running)", limits.details(), null);
            }
            try {
                NativeModel.Run running = run == null ? model.begin(job, maxTokens) : run;
                run = running;
                Output output = running.next();
                ended = output instanceof Output.Ended;
                return output;
            } catch (RuntimeException e) {
                ended = true;
                throw new EngineException("llama.cpp: failed (expected: the next token)", limits.details(), e);
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
            stopIfCancelled();
        }

        /** Nobody waits here: who is inside looks again when it leaves. */
        private void stopIfCancelled() {
            if (cancelled && inside.tryLock()) {
                try {
                    if (run != null && !ended && !closed) {
                        ended = true;
                        run.cancel();
                    }
                } finally {
                    inside.unlock();
                }
            }
        }
    }
}
