package dev.plinth.rag.spark;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.time.TimeSource;
import dev.plinth.rag.ingest.IngestReport;
import dev.plinth.rag.ingest.IngestReport.Outcome;
import dev.plinth.rag.ingest.Ingestion;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.apache.spark.JobExecutionStatus;
import org.apache.spark.SparkJobInfo;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.JavaSparkStatusTracker;

/**
 * An {@link Ingestion} as a Spark job: the same connectors, stores, splitters and ledger, with the documents fetched, split
 * and embedded by the executors of a cluster.
 *
 * <pre>{@code
 * IngestReport report = SparkIngestion.on(sparkContext, () -> {
 *             PgVectorIndex index = PgVectorIndex.builder(Docs.dataSource(), stamp).build();
 *             OnnxEmbeddings model = OnnxEmbeddings.e5Small();
 *             return Pipeline.of(FolderConnector.of(Path.of("/mnt/docs")), Ingestion.builder(index, model))
 *                     .closing(model, index);
 *         })
 *         .run();
 * }</pre>
 *
 * <p>The driver lists the source, asks the ledger what is known, hands out what has changed, removes what is gone, and
 * reports. Executors bring their documents in as an ingestion does anywhere: they note in the ledger what they are about
 * to write, write, and note what they wrote. So a task that dies and is tried again, on whatever machine, goes on behind
 * the last note: nothing is lost, doubled or embedded twice but for the batch it died in. Two attempts of a task at once,
 * as in speculative execution, write the same chunks under the same ids; only where a document changes between the two
 * may chunks of the older text stay until it changes again, so leave speculation off for sources that change under
 * the run.
 *
 * <p>The store and its ledger have to be shared by all processes: a database such as {@code PgVectorIndex}. A store in a
 * file or a folder serves a cluster of one process only ({@code local[*]}). A connector has to read items that it has not
 * listed itself, from every machine: one that keeps a copy of its source in a folder does not.
 *
 * <p>Immutable; one run at a time for each source.
 */
public final class SparkIngestion {
    private static final String INTERRUPT = "spark.job.interruptOnCancel";

    private static final Duration LONGEST_END = Duration.ofMinutes(1);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final JavaSparkContext context;
    private final PipelineOpener opener;
    private final int documentsPerTask;
    private final int documentsPerJob;

    private SparkIngestion(JavaSparkContext context, PipelineOpener opener, int documentsPerTask, int documentsPerJob) {
        this.context = context;
        this.opener = opener;
        this.documentsPerTask = documentsPerTask;
        this.documentsPerJob = documentsPerJob;
    }

    /**
     * An ingestion on this cluster, with at most 500 documents in a task and 50,000 in a job.
     *
     * @param context stays open
     */
    public static SparkIngestion on(JavaSparkContext context, PipelineOpener opener) {
        return new SparkIngestion(Check.notNull(context, "context"), Check.notNull(opener, "opener"), 500, 50_000);
    }

    /**
     * The same with this many documents in a task at most, for which it opens one pipeline; fewer if there are too few for
     * all cores.
     */
    public SparkIngestion documentsPerTask(int documents) {
        return new SparkIngestion(context, opener, Check.positive(documents, "documentsPerTask"), documentsPerJob);
    }

    /** The same with about this many documents in a job; the driver holds their ids and what the ledger knows of them. */
    public SparkIngestion documentsPerJob(int documents) {
        return new SparkIngestion(context, opener, documentsPerTask, Check.positive(documents, "documentsPerJob"));
    }

    /**
     * Brings in what has changed, as {@link Ingestion#run} does. Its listeners are told on the driver of every document.
     *
     * <p>Interrupted, it gives the job up and waits for its tasks to end, so that the next run does not meet them: a minute
     * at most, and not if it is interrupted again. Executors that cannot be reached by then may still be writing.
     *
     * @throws StoreException also if Spark gives a task up; what was stored until then stays
     */
    public IngestReport run() {
        return run(Ingestion::run);
    }

    /** The same over everything the source lists, as {@link Ingestion#runFully} does. */
    public IngestReport runFully() {
        return run(Ingestion::runFully);
    }

    private IngestReport run(BiFunction<Ingestion, Connector, IngestReport> how) {
        try (Pipeline pipeline = open()) {
            Ingestion ingestion =
                    pipeline.ingestion().workers(documentsPerJob, this::bringIn).build();
            return how.apply(ingestion, pipeline.connector());
        }
    }

    private Pipeline open() {
        try {
            return opener.open();
        } catch (LlmException | IllegalArgumentException exception) {
            throw exception;
        } catch (Exception exception) {
            throw new StoreException("pipeline: cannot be opened", ErrorDetails.NONE, exception);
        }
    }

    private List<Outcome> bringIn(List<Connector.Item> items) {
        int enough = (items.size() - 1) / documentsPerTask + 1;
        int tasks = Math.max(enough, Math.min(items.size(), context.defaultParallelism()));
        List<Share.Listed> listed = items.stream().map(Share.Listed::new).toList();
        String before = context.getLocalProperty(INTERRUPT);
        context.setLocalProperty(INTERRUPT, "true"); // or a task runs on after the job was given up
        try {
            return await(context.parallelize(listed, tasks)
                            .mapPartitions(new Share(opener))
                            .collectAsync())
                    .stream()
                    .map(Share.Done::outcome)
                    .toList();
        } finally {
            context.setLocalProperty(INTERRUPT, before);
        }
    }

    private <T> T await(JavaFutureAction<T> job) {
        try {
            return job.get();
        } catch (InterruptedException interrupted) {
            job.cancel(true);
            awaitTasks(job);
            Thread.currentThread().interrupt();
            throw new CancelledException("ingestion: interrupted (expected: to run to its end)");
        } catch (ExecutionException failed) {
            awaitTasks(job);
            throw new StoreException("spark: a task has failed too often", ErrorDetails.NONE, failed.getCause());
        }
    }

    /** Until no task of a job that was given up writes any more; Spark itself does not wait for that. */
    private void awaitTasks(JavaFutureAction<?> job) {
        Deadline end = Deadline.after(LONGEST_END);
        try {
            while (job.jobIds().stream().anyMatch(this::isRunning) && !end.expired()) {
                TimeSource.system().sleep(BETWEEN_LOOKS);
            }
        } catch (InterruptedException again) { // who asks twice does not want to wait
            Thread.currentThread().interrupt();
        }
    }

    private boolean isRunning(int jobId) {
        JavaSparkStatusTracker tracker = context.statusTracker();
        SparkJobInfo job = tracker.getJobInfo(jobId);
        if (job == null || job.status() == JobExecutionStatus.RUNNING) { // it tells what happened a little later
            return true;
        }
        return IntStream.of(job.stageIds())
                .mapToObj(tracker::getStageInfo)
                .anyMatch(stage -> stage != null && stage.numActiveTasks() > 0);
    }
}
