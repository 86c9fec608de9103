package dev.plinth.api.testkit;

import dev.plinth.api.batch.Batch;
import dev.plinth.api.batch.BatchPolling;
import dev.plinth.api.batch.BatchRequest;
import dev.plinth.api.batch.BatchResult;
import dev.plinth.api.batch.BatchResults;
import dev.plinth.api.batch.ChatBatches;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.check.Check;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.InvalidRequestException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Batches in memory that go on when the test says so.
 *
 * <pre>{@code
 * FakeChatBatches batches = FakeChatBatches.of(info);
 * String id = code.submits(batches);
 * batches.answer(id, "q-1", ChatResponse.of("Because of scattering."));
 * batches.end(id); // what has no answer by now has expired, or was cancelled
 * code.reads(batches, id);
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class FakeChatBatches implements ChatBatches {
    private final ModelInfo info;
    private final TimeSource time;
    private final Object lock = new Object();
    private final Map<String, Kept> byId = new LinkedHashMap<>();
    private int submitted;

    private static final class Kept {
        final String id;
        final Instant createdAt;
        final Map<String, ChatRequest> requests = new LinkedHashMap<>();
        final Map<String, BatchResult> results = new LinkedHashMap<>();
        boolean cancelled;

        @Nullable
        Instant endedAt;

        Kept(String id, Instant createdAt) {
            this.id = id;
            this.createdAt = createdAt;
        }

        Batch toBatch() {
            Batch.State state =
                    endedAt != null ? Batch.State.ENDED : cancelled ? Batch.State.CANCELLING : Batch.State.RUNNING;
            long failed = results.values().stream()
                    .filter(result -> result.error().isPresent())
                    .count();
            return Batch.builder(id, state)
                    .total(requests.size())
                    .succeeded(results.size() - failed)
                    .failed(failed)
                    .createdAt(createdAt)
                    .endedAt(endedAt)
                    .build();
        }

        LlmException notReached() {
            return cancelled
                    ? new CancelledException("batch: cancelled (expected: this request answered before)")
                    : new TimedOutException("batch: expired (expected: this request answered in time)");
        }
    }

    private FakeChatBatches(ModelInfo info, TimeSource time) {
        this.info = info;
        this.time = time;
    }

    /** No batches yet; who waits for one waits on a clock that moves by itself. */
    public static FakeChatBatches of(ModelInfo info) {
        return of(info, TestTime.autoAdvancing());
    }

    /** No batches yet; who waits for one waits on this clock. */
    public static FakeChatBatches of(ModelInfo info, TimeSource time) {
        return new FakeChatBatches(Check.notNull(info, "info"), Check.notNull(time, "time"));
    }

    /** What a batch was asked, by the ids of its requests, in order. */
    public Map<String, ChatRequest> requests(String batch) {
        synchronized (lock) {
            return Collections.unmodifiableMap(new LinkedHashMap<>(find(batch).requests));
        }
    }

    /** Answers a request. */
    public FakeChatBatches answer(String batch, String request, ChatResponse response) {
        return keep(batch, BatchResult.answered(request, response));
    }

    /** Lets a request come to nothing. */
    public FakeChatBatches fail(String batch, String request, LlmException error) {
        return keep(batch, BatchResult.failed(request, error));
    }

    private FakeChatBatches keep(String batch, BatchResult result) {
        synchronized (lock) {
            Kept kept = find(batch);
            Check.that(kept.requests.containsKey(result.id()), "request", result.id(), "one of the batch");
            kept.results.put(result.id(), result);
        }
        return this;
    }

    /** Ends a batch: requests without a result have expired, or, if the batch was cancelled, were cancelled. */
    public FakeChatBatches end(String batch) {
        synchronized (lock) {
            Kept kept = find(batch);
            kept.endedAt = time.now();
            for (String id : kept.requests.keySet()) {
                kept.results.computeIfAbsent(id, missing -> BatchResult.failed(missing, kept.notReached()));
            }
        }
        return this;
    }

    @Override
    public ModelInfo info() {
        return info;
    }

    @Override
    public Batch submit(List<BatchRequest> requests) {
        Check.notEmpty(requests, "requests");
        synchronized (lock) {
            Kept kept = new Kept("batch-" + (submitted + 1), time.now());
            for (BatchRequest each : requests) {
                each.request().requireSupport(info);
                boolean first = kept.requests.putIfAbsent(each.id(), each.request()) == null;
                Check.that(first, "id", each.id(), "each once");
            }
            submitted++;
            byId.put(kept.id, kept);
            return kept.toBatch();
        }
    }

    @Override
    public Batch get(String id) {
        synchronized (lock) {
            return find(id).toBatch();
        }
    }

    @Override
    public List<Batch> recent(int count) {
        Check.that(count >= 1 && count <= 100, "count", count, "1 to 100");
        synchronized (lock) {
            List<Batch> all = new ArrayList<>();
            byId.values().forEach(kept -> all.add(0, kept.toBatch()));
            return List.copyOf(all.subList(0, Math.min(count, all.size())));
        }
    }

    @Override
    public Batch await(String id, Duration limit, Consumer<? super Batch> progress) {
        return new BatchPolling(time).untilOver(() -> get(id), limit, progress);
    }

    @Override
    public BatchResults results(String id) {
        synchronized (lock) {
            Kept kept = requireOver(id);
            return new Cursor(List.copyOf(kept.results.values()).iterator());
        }
    }

    @Override
    public Batch cancel(String id) {
        synchronized (lock) {
            Kept kept = find(id);
            kept.cancelled = kept.cancelled || kept.endedAt == null;
            return kept.toBatch();
        }
    }

    @Override
    public void delete(String id) {
        synchronized (lock) {
            if (byId.containsKey(id)) {
                requireOver(id);
                byId.remove(id);
            }
        }
    }

    private Kept requireOver(String id) {
        Kept kept = find(id);
        if (kept.endedAt == null) {
            throw refused("batch: " + kept.toBatch().state() + " (expected: ended)");
        }
        return kept;
    }

    private Kept find(String id) {
        Kept kept = byId.get(Check.notBlank(id, "id"));
        if (kept == null) {
            throw refused("batch: " + id + " (expected: one that was submitted here)");
        }
        return kept;
    }

    private LlmException refused(String message) {
        ErrorDetails details = ErrorDetails.builder()
                .provider(info.provider())
                .model(info.model())
                .build();
        return new InvalidRequestException(message, details, null);
    }

    private static final class Cursor extends BatchResults {
        private final Iterator<BatchResult> results;

        Cursor(Iterator<BatchResult> results) {
            this.results = results;
        }

        @Override
        protected @Nullable BatchResult advance() {
            return results.hasNext() ? results.next() : null;
        }

        @Override
        protected void release() {
            // nothing is held
        }
    }
}
