package dev.plinth.providers.embedding;

import dev.plinth.api.check.Check;
import dev.plinth.api.embedding.EmbeddingLimits;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.ForwardingEmbeddingModel;
import dev.plinth.api.layer.Layer;
import dev.plinth.api.layer.Stage;
import dev.plinth.api.time.TimeSource;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Embeds any number of texts in as many calls as the model's limits ask for, side by side where there is an executor.
 *
 * <pre>{@code
 * EmbeddingModel model = Layers.of(EmbeddingBatches.parallel(8, executor), retries).around(openAi.embeddingModel("..."));
 * }</pre>
 *
 * <p>Retries, waiting for one's turn and whatever else stands at a later stage happen around each call. The vectors have the
 * order of the texts, whichever call ends first; usage and cost are added. The first call that fails stops the others: no
 * more are made, those that run are interrupted and waited for, and
 * {@link dev.plinth.api.embedding.IncompleteEmbeddingException} keeps what is done. Answers and errors list
 * the calls ({@link EmbeddingResponse#attempts()}). The deadline of the context and an
 * interruption of the caller stop them in the same way, without the wait.
 *
 * <p>Immutable and thread-safe; starts no threads.
 */
public final class EmbeddingBatches implements Layer {

    private final EmbeddingLimits limits;
    private final int parallel;
    private final Executor executor;
    private final TimeSource time;

    private EmbeddingBatches(EmbeddingLimits limits, int parallel, Executor executor, TimeSource time) {
        this.limits = limits;
        this.parallel = parallel;
        this.executor = executor;
        this.time = time;
    }

    /** One call after the other, on the calling thread. */
    public static EmbeddingBatches sequential() {
        return new EmbeddingBatches(EmbeddingLimits.NONE, 1, Runnable::run, TimeSource.system());
    }

    /**
     * Several calls side by side.
     *
     * @param most how many calls of one request run at a time
     * @param executor runs them while the caller waits, so not one whose threads the callers themselves take up; stays
     *     yours to close
     */
    public static EmbeddingBatches parallel(int most, Executor executor) {
        return new EmbeddingBatches(
                EmbeddingLimits.NONE,
                Check.positive(most, "most"),
                Check.notNull(executor, "executor"),
                TimeSource.system());
    }

    /** The same with limits that hold beside those of the model, such as those of a gateway. */
    public EmbeddingBatches within(EmbeddingLimits limits) {
        return new EmbeddingBatches(Check.notNull(limits, "limits"), parallel, executor, time);
    }

    /** The same with this clock, for the times of the calls. */
    public EmbeddingBatches time(TimeSource time) {
        return new EmbeddingBatches(limits, parallel, executor, Check.notNull(time, "time"));
    }

    @Override
    public Stage stage() {
        return Stage.ROUTE;
    }

    /** The model, for any number of texts. */
    @Override
    public EmbeddingModel around(EmbeddingModel next) {
        return new ForwardingEmbeddingModel(next) {
            @Override
            public EmbeddingResponse embed(EmbeddingRequest request) {
                List<List<String>> batches = limits().split(request.texts());
                return batches.size() == 1
                        ? next.embed(request)
                        : new BatchRun(next, request, batches, time).run(parallel, executor);
            }

            @Override
            public EmbeddingLimits limits() {
                return next.limits().and(limits);
            }
        };
    }
}
