package dev.plinth.bench.overhead;

import dev.plinth.bench.process.Jvm;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Measures calls with JMH, each time in a fresh JVM, against one server that lives as long as this.
 *
 * <p>Not thread-safe: measurements would disturb each other.
 */
public final class Overhead implements AutoCloseable {
    /** The clients there are to choose from; {@code floor} is the hand-written one. */
    public static final List<String> CLIENTS = Client.NAMES;

    /** Plinth with its tracing layer, which {@code plinth} does without: with ever more of what it writes to. */
    public static final List<String> TRACED = TracedClient.NAMES;

    /** The floor with data binding, for {@link Call#EMBEDDINGS_FLOAT} only. */
    public static final String DATA_BINDING = Client.DATA_BINDING;

    private static final String BYTES = "gc.alloc.rate.norm";

    // What is compiled, and so what is allocated, must not depend on how busy the machine is: a call waits for the
    // compiler, which is asked sooner than by default. Longer runs without this come to the same bytes.
    private static final String[] COMPILER = {"-XX:-BackgroundCompilation", "-XX:CompileThresholdScaling=0.1"};

    /**
     * How long calls are made before a mean is taken of those that follow: what is exported by threads of its own is
     * compiled later than the calls. The best iteration finds code that is warm by itself.
     */
    private static final TimeValue WARM_UP_OF_MEANS = TimeValue.seconds(5);

    private final Effort effort;
    private final Aggregate aggregate;
    private final Jvm server;

    private Overhead(Effort effort, Aggregate aggregate, Jvm server) {
        this.effort = effort;
        this.aggregate = aggregate;
        this.server = server;
    }

    /**
     * Starts the server.
     *
     * @param aggregate of which iterations {@linkplain #cost costs} are, for all clients
     */
    public static Overhead start(Effort effort, Aggregate aggregate) throws IOException {
        return new Overhead(effort, aggregate, Jvm.start(AnswerServer.class));
    }

    /** What a call costs this client. */
    public Cost cost(Call call, String client) throws RunnerException {
        ChainedOptionsBuilder options = options("call", call, client)
                .threads(effort.threads())
                .addProfiler(GCProfiler.class)
                .addProfiler(ProcessCpu.class);
        if (aggregate == Aggregate.MEAN && effort.forked()) {
            options.warmupTime(WARM_UP_OF_MEANS);
        }
        RunResult result = new Runner(options.build()).runSingle();
        double bytes = aggregate.of(iterations(result, iteration -> score(iteration, BYTES)));
        double cpuNanos = aggregate.of(iterations(result, iteration -> score(iteration, ProcessCpu.FIGURE)));
        return new Cost(aggregate, bytes / call.parts(), cpuNanos / 1000 / call.parts());
    }

    /** The median time from the call of a stream to its first delta, of one caller, in microseconds; the best iteration. */
    public double firstDeltaMicros(String client) throws RunnerException {
        ChainedOptionsBuilder options =
                options("firstDelta", Call.DELTA, client).threads(1).timeUnit(TimeUnit.NANOSECONDS);
        RunResult result = new Runner(options.build()).runSingle();
        return Aggregate.BEST.of(iterations(result, Overhead::median)) / 1000;
    }

    /** The time from the start of a JVM to its first answer, in milliseconds; the best one. */
    public double coldStartMillis(String client) throws IOException {
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i < effort.iterations(); i++) {
            long start = System.nanoTime();
            try (Jvm answered = Jvm.start(ColdStart.class, client, address() + "/" + Call.CHAT + "/v1")) {
                best = Math.min(best, (System.nanoTime() - start) / 1e6);
            }
        }
        return best;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private String address() {
        return "http://127.0.0.1:" + server.line();
    }

    private ChainedOptionsBuilder options(String benchmark, Call call, String client) {
        TimeValue time = TimeValue.milliseconds(effort.iteration().toMillis());
        return new OptionsBuilder()
                .include(Calls.class.getName().replace(".", "\\.") + "\\." + benchmark + "$")
                .param("call", call.name())
                .param("client", client)
                .param("server", address())
                .param("warmUps", Integer.toString(effort.forked() ? call.warmUps() : 1))
                .forks(effort.forked() ? 1 : 0)
                .jvmArgsAppend(COMPILER)
                .warmupIterations(1)
                .warmupTime(time)
                .measurementIterations(effort.iterations())
                .measurementTime(time)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
    }

    private static DoubleStream iterations(RunResult result, ToDoubleFunction<IterationResult> figure) {
        return result.getBenchmarkResults().stream()
                .flatMap(fork -> fork.getIterationResults().stream())
                .mapToDouble(figure);
    }

    private static double median(IterationResult iteration) {
        return iteration.getPrimaryResult().getStatistics().getPercentile(50);
    }

    private static double score(IterationResult iteration, String figure) {
        Result<?> result = iteration.getSecondaryResults().get(figure);
        if (result == null) {
            throw new IllegalStateException("figure: " + figure + " missing (expected: measured by its profiler)");
        }
        return result.getScore();
    }
}
