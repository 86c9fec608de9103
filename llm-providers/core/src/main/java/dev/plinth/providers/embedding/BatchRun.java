package dev.plinth.providers.embedding;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.IncompleteEmbeddingException;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.time.TimeSource;
import dev.plinth.api.usage.Attempt;
import dev.plinth.providers.attempt.AttemptLog;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The batches of one request: workers take them in order until all are taken or one has failed. */
final class BatchRun {

    /** What one batch brought: the vectors of these texts of the request. */
    private record Part(List<Integer> positions, EmbeddingResponse response) {}

    /** The call for one batch, and what was tried in it. */
    private record Tried(AttemptLog log, AttemptLog.Open open) {}

    private final EmbeddingModel model;
    private final EmbeddingRequest request;
    private final CallContext context;
    private final TimeSource time;
    private final List<List<String>> batches;
    private final int[] starts;
    private final Thread caller = Thread.currentThread();
    private final CountDownLatch over = new CountDownLatch(1);

    private final Object lock = new Object();
    private final @Nullable Part[] parts;
    private final @Nullable Tried[] tries;
    private final Set<Thread> running = new HashSet<>();
    private int taken;
    private @Nullable Throwable failure;

    BatchRun(EmbeddingModel model, EmbeddingRequest request, List<List<String>> batches, TimeSource time) {
        this.model = model;
        this.request = request;
        this.context = request.context().captured();
        this.time = time;
        this.batches = batches;
        this.parts = new @Nullable Part[batches.size()];
        this.tries = new @Nullable Tried[batches.size()];
        this.starts = new int[batches.size()];
        for (int i = 1; i < starts.length; i++) {
            starts[i] = starts[i - 1] + batches.get(i - 1).size();
        }
    }

    EmbeddingResponse run(int parallel, Executor executor) {
        for (int i = 0; i < Math.min(parallel, batches.size()); i++) {
            try {
                executor.execute(context.wrap(this::work));
            } catch (RejectedExecutionException full) {
                if (i == 0) {
                    throw full;
                }
                break; // those that it took do the work
            }
        }
        await();
        return result();
    }

    private void work() {
        for (int batch = take(); batch >= 0; batch = take()) {
            int start = starts[batch];
            try {
                EmbeddingResponse response = embed(batch);
                List<Integer> all =
                        IntStream.range(0, response.vectors().size()).boxed().toList();
                ended(batch, new Part(shifted(all, start), response), null);
            } catch (IncompleteEmbeddingException incomplete) {
                List<Integer> some = shifted(incomplete.positions(), start);
                ended(batch, new Part(some, incomplete.done()), incomplete);
            } catch (Throwable thrown) { // is thrown again on the caller's thread
                ended(batch, null, thrown);
            }
        }
    }

    private EmbeddingResponse embed(int batch) {
        AttemptLog.Open open = begin(batch);
        try {
            EmbeddingResponse response = embed(batches.get(batch));
            open.answered(response);
            return response;
        } catch (LlmException failure) {
            open.failed(failure);
            throw failure;
        }
    }

    private AttemptLog.Open begin(int batch) {
        ModelInfo info = model.info();
        String asked = request.model().orElse(info.model());
        AttemptLog log = new AttemptLog(time);
        AttemptLog.Open open = log.begin(null, info.provider(), asked, "part " + (batch + 1) + " of " + batches.size());
        synchronized (lock) {
            tries[batch] = new Tried(log, open);
        }
        return open;
    }

    private EmbeddingResponse embed(List<String> texts) {
        EmbeddingRequest piece =
                request.toBuilder().texts(texts).context(context).build();
        EmbeddingResponse response = model.embed(piece);
        int vectors = response.vectors().size();
        if (vectors != texts.size()) {
            throw new MalformedResponseException(
                            "vectors: " + vectors + " (expected: " + texts.size() + ", one for each text)")
                    .setPartial("", response.usage());
        }
        return response;
    }

    private static List<Integer> shifted(List<Integer> positions, int by) {
        return positions.stream().map(position -> position + by).toList();
    }

    /** The next batch; -1: none any more. */
    private int take() {
        synchronized (lock) {
            if (failure != null || taken == batches.size()) {
                return -1;
            }
            running.add(Thread.currentThread());
            return taken++;
        }
    }

    private void ended(int batch, @Nullable Part part, @Nullable Throwable failed) {
        synchronized (lock) {
            running.remove(Thread.currentThread());
            if (failure != null && Thread.currentThread() != caller) {
                Thread.interrupted(); // ours, not its owner's
            }
            parts[batch] = part;
            if (failed != null) {
                fail(failed);
            }
            if (running.isEmpty() && (failure != null || taken == batches.size())) {
                over.countDown();
            }
        }
    }

    /** The first failure counts; it ends the others. */
    private void fail(Throwable thrown) {
        synchronized (lock) {
            if (failure == null) {
                failure = thrown;
                running.stream().filter(thread -> thread != caller).forEach(Thread::interrupt);
            }
            if (running.isEmpty()) {
                over.countDown();
            }
        }
    }

    private void await() {
        try {
            Optional<Deadline> deadline = context.deadline();
            if (deadline.isEmpty()) {
                over.await();
            } else if (!deadline.get().await(over)) {
                fail(new TimedOutException("deadline: passed (expected: the vectors of all texts before it)"));
            }
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            fail(new CancelledException(
                    "thread: interrupted (expected: not before the vectors of all texts)",
                    ErrorDetails.NONE,
                    interruption));
        }
    }

    private EmbeddingResponse result() {
        List<Integer> positions = new ArrayList<>();
        List<EmbeddingResponse> responses = new ArrayList<>();
        Throwable failed;
        synchronized (lock) {
            failed = failure;
            for (Part part : parts) {
                if (part != null) {
                    positions.addAll(part.positions);
                    responses.add(part.response);
                }
            }
        }
        if (failed == null || positions.size() == request.texts().size()) {
            EmbeddingResponse whole = EmbeddingResponse.join(responses);
            return new EmbeddingResponse(whole.vectors(), whole.model(), whole.usage(), whole.cost(), tried());
        }
        if (failed instanceof LlmException reason) {
            throw failed(reason, positions, responses);
        }
        throw BatchRun.<RuntimeException>unchanged(failed);
    }

    /** Whatever it is: Kotlin knows no checked exceptions, so a model may throw one. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> RuntimeException unchanged(Throwable failure) throws T {
        throw (T) failure;
    }

    private LlmException failed(LlmException reason, List<Integer> positions, List<EmbeddingResponse> responses) {
        List<Attempt> tried = tried();
        if (responses.isEmpty()) {
            return tried.size() == 1 ? reason : reason.setAttempts(tried).setPartial("", Attempt.sum(tried));
        }
        LlmException failed = new IncompleteEmbeddingException(
                        request, positions, EmbeddingResponse.join(responses), reason)
                .setAttempts(tried);
        // What was cut off has used something, nobody knows how much: then what is done is all that is known.
        return Attempt.leavesOut(tried, failed.partialUsage()) ? failed.setPartial("", Attempt.sum(tried)) : failed;
    }

    /** All that was tried, last for what is not done. What still runs is given up; nobody knows what it used. */
    private List<Attempt> tried() {
        List<Attempt> done = new ArrayList<>();
        List<Attempt> others = new ArrayList<>();
        synchronized (lock) {
            for (int batch = 0; batch < tries.length; batch++) {
                Tried tried = tries[batch];
                if (tried != null) {
                    tried.open.cancelled();
                    (parts[batch] == null ? others : done).addAll(tried.log.attempts());
                }
            }
        }
        done.addAll(others);
        return done;
    }
}
