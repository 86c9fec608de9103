package dev.plinth.api.batch;

import dev.plinth.api.model.ModelInfo;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Batches of a model: many requests handed over at once, worked on by the provider when it has time, within a day as a
 * rule, and at a lower price.
 *
 * <pre>{@code
 * Batch batch = batches.submit(List.of(new BatchRequest("q-1", ChatRequest.of("Why is the sky blue?"))));
 * save(batch.id()); // enough to go on from anywhere, also after a restart
 *
 * batches.await(batch.id(), Duration.ofHours(24), System.out::println);
 * try (BatchResults results = batches.results(batch.id())) {
 *     for (BatchResult result : results) {
 *         result.response().ifPresent(answer -> ...);
 *         result.error().ifPresent(error -> ...);
 *     }
 * }
 * }</pre>
 *
 * <p>No layer sees a batch: what a platform's layers have to do with requests and answers, the caller does.
 * What the answers cost, {@link dev.plinth.api.layer.Pricing#around(ChatBatches)} says.
 *
 * <p>Thread-safe. Every method makes its calls on the calling thread, obeys its interruption and the deadline of the
 * ambient {@link dev.plinth.api.context.CallContext}, and throws {@link dev.plinth.api.error.LlmException}s.
 */
public interface ChatBatches {

    /** The model that answers requests which name no other. */
    ModelInfo info();

    /**
     * Hands over requests. When it throws a {@link dev.plinth.api.error.TransportException} or a {@link
     * dev.plinth.api.error.TimedOutException}, the provider may have the batch all the same: {@link #recent} tells.
     *
     * @param requests at least one, each with an id of its own
     * @throws IllegalArgumentException if two have the same id
     * @throws dev.plinth.api.error.UnsupportedCapabilityException if one asks for what the model cannot do; nothing is
     *     sent then
     */
    Batch submit(List<BatchRequest> requests);

    /**
     * How far a batch is.
     *
     * @throws dev.plinth.api.error.LlmException if there is none with this id
     */
    Batch get(String id);

    /** The newest batches of the account, the newest first, at most this many of at most 100. */
    List<Batch> recent(int count);

    /**
     * Asks again and again, with waits that grow from seconds to a minute, until the batch is over. Failures that may
     * pass do not end it.
     *
     * @param limit how long to wait at most
     * @param progress gets what the provider says each time
     * @return the batch, ended or failed
     * @throws dev.plinth.api.error.TimedOutException if it is not over by then; it goes on, and so can the waiting
     */
    Batch await(String id, Duration limit, Consumer<? super Batch> progress);

    /** {@link #await(String, Duration, Consumer)} without a word in between. */
    default Batch await(String id, Duration limit) {
        return await(id, limit, batch -> {});
    }

    /**
     * The results of a batch that has ended: exactly one for every request of it. Close them.
     *
     * @throws dev.plinth.api.error.InvalidRequestException if the batch is not over, or failed as a whole
     */
    BatchResults results(String id);

    /** Asks the provider to end a batch early. What is answered by then has results. */
    Batch cancel(String id);

    /**
     * Has the provider forget a batch that is over, its requests and its results. What is gone already is no error.
     */
    void delete(String id);
}
