package dev.plinth.bench.chaos;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.check.Check;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.layer.Layers;
import dev.plinth.api.layer.TimeBudget;
import dev.plinth.api.testkit.Fault;
import dev.plinth.api.testkit.FaultPlan;
import dev.plinth.api.time.Timeouts;
import dev.plinth.api.usage.Price;
import dev.plinth.governance.Catalogue;
import dev.plinth.providers.limit.Limit;
import dev.plinth.providers.limit.RateLimits;
import dev.plinth.providers.openai.OpenAi;
import dev.plinth.providers.retry.Retries;
import dev.plinth.providers.route.AnswerCheck;
import dev.plinth.providers.route.CircuitBreaker;
import dev.plinth.providers.route.Deployment;
import dev.plinth.providers.route.Hedging;
import dev.plinth.providers.route.RouteOrder;
import dev.plinth.providers.route.Router;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Many calls, plain and streamed by turns, through the OpenAI adapter and all that makes a call not fail, to servers on this
 * machine that fail in every way: too many requests with and without a time to come back, no room, late answers, broken
 * connections, answers cut short, garbage, empty answers, answers of another model, and silence.
 *
 * @param calls how many
 * @param faults the share of the requests that fail, 0 to 1
 * @param deployments how many servers
 * @param seed of the faults
 * @param threads how many callers
 * @param deadline of each call
 * @param tolerance how long after its deadline a call may end: threads and timers need their turn
 * @param littleRoom whether few calls may run at a time, and hedged ones wait for a thread: limits bite, hedges come late
 */
public record Chaos(
        int calls,
        double faults,
        int deployments,
        long seed,
        int threads,
        Duration deadline,
        Duration tolerance,
        boolean littleRoom) {

    private static final String MODEL = "chaos-1";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int WARM_UP_CALLS = 1000;
    private static final int LITTLE_CONCURRENT = 4;
    private static final int LITTLE_HEDGING = 2;

    public Chaos {
        Check.positive(calls, "calls");
        Check.within(faults, 0, 1, "faults");
        Check.positive(deployments, "deployments");
        Check.positive(threads, "threads");
        Check.positive(deadline, "deadline");
    }

    /** With room for everybody. */
    public Chaos(
            int calls, double faults, int deployments, long seed, int threads, Duration deadline, Duration tolerance) {
        this(calls, faults, deployments, seed, threads, deadline, tolerance, false);
    }

    /** The same with little room. */
    public Chaos withLittleRoom() {
        return new Chaos(calls, faults, deployments, seed, threads, deadline, tolerance, true);
    }

    /** Runs it and says how it went. */
    public ChaosReport run() throws IOException, InterruptedException {
        Set<Thread> before = threadsNow();
        Catalogue catalogue = catalogue();
        Price price = catalogue.models().get(0).price().orElseThrow();
        warmUp(catalogue, price);
        Ledger ledger = new Ledger();
        Outcomes outcomes = new Outcomes(ledger, price);
        long start = System.nanoTime();
        int sockets = run(ledger, catalogue, outcomes);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        return outcomes.report(sockets, leakedThreads(before), took);
    }

    /** A fresh JVM is slow at first, which servers would be blamed for: some calls without faults, which nobody counts. */
    private void warmUp(Catalogue catalogue, Price price) throws InterruptedException {
        Ledger ledger = new Ledger();
        int some = Math.min(calls, WARM_UP_CALLS);
        Duration patience = Duration.ofMinutes(1);
        new Chaos(some, 0, deployments, seed, threads, patience, tolerance)
                .run(ledger, catalogue, new Outcomes(ledger, price));
    }

    private int run(Ledger ledger, Catalogue catalogue, Outcomes outcomes) throws InterruptedException {
        List<FaultyServer> servers = new ArrayList<>();
        List<OpenAi> clients = new ArrayList<>();
        ExecutorService hedges =
                littleRoom ? Executors.newFixedThreadPool(LITTLE_HEDGING) : Executors.newCachedThreadPool();
        try {
            for (int i = 0; i < deployments; i++) {
                servers.add(new FaultyServer(plan(i), ledger));
                clients.add(OpenAi.builder()
                        .baseUrl(servers.get(i).url())
                        .apiKey("none")
                        .provider("chaos")
                        .build());
            }
            ChatModel model = Layers.of(TimeBudget.of(deadline), catalogue.layer(), retries(), limits())
                    .around(router(clients, hedges));
            ask(model, outcomes);
            hedges.shutdown();
            hedges.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            clients.forEach(OpenAi::close);
            return leakedSockets(servers);
        } finally {
            hedges.shutdownNow();
            clients.forEach(OpenAi::close);
            servers.forEach(FaultyServer::close);
        }
    }

    /** All ways to fail alike; the waits are short, so that a run is. */
    private FaultPlan plan(int server) {
        return FaultPlan.builder(faults, seed * 31 + server)
                .fault(Fault.rateLimited())
                .fault(Fault.rateLimited(Duration.ofMillis(20)))
                .fault(Fault.overloaded())
                .fault(Fault.slow(Duration.ofMillis(60)))
                .fault(Fault.reset())
                .fault(Fault.truncated())
                .fault(Fault.garbage())
                .fault(Fault.empty())
                .fault(Fault.wrongModel())
                .fault(Fault.stalled())
                .build();
    }

    private static Retries retries() {
        return Retries.builder()
                .backoff(Duration.ofMillis(10), Duration.ofMillis(100))
                .build();
    }

    /** Each call takes and gives back its place, its request and its tokens; there are enough, but for places perhaps. */
    private RateLimits limits() {
        return RateLimits.builder()
                .each(Limit.builder()
                        .requestsPerMinute(1_000_000)
                        .tokensPerMinute(100_000_000_000L)
                        .concurrent(littleRoom ? LITTLE_CONCURRENT : 2 * threads)
                        .build())
                .build();
    }

    private Router router(List<OpenAi> clients, ExecutorService hedges) {
        Duration silence = deadline.dividedBy(4);
        Timeouts timeouts = new Timeouts(silence, silence, silence, silence);
        Router.Builder router = Router.builder()
                .order(RouteOrder.weighted())
                .breaker(new CircuitBreaker(20, 0.6, Duration.ofMillis(50), Duration.ofMillis(200)))
                .hedging(Hedging.on(hedges).atLeast(Duration.ofMillis(20)));
        for (int i = 0; i < clients.size(); i++) {
            router.deployment(Deployment.builder("d" + i, clients.get(i).chatModel(MODEL))
                    .timeouts(timeouts)
                    .check(AnswerCheck.notEmpty())
                    .check(AnswerCheck.answeredBy(MODEL))
                    .build());
        }
        return router.build();
    }

    private void ask(ChatModel model, Outcomes outcomes) throws InterruptedException {
        AtomicInteger asked = new AtomicInteger();
        ExecutorService callers = Executors.newFixedThreadPool(threads);
        for (int i = 0; i < threads; i++) {
            callers.execute(() -> {
                for (int call = asked.getAndIncrement(); call < calls; call = asked.getAndIncrement()) {
                    ask(model, "question " + call, call % 2 == 0, outcomes);
                }
            });
        }
        callers.shutdown();
        callers.awaitTermination(1, TimeUnit.HOURS);
    }

    private void ask(ChatModel model, String question, boolean streamed, Outcomes outcomes) {
        long start = System.nanoTime();
        try {
            outcomes.answered(question, streamed ? streamed(model, question) : model.chat(ChatRequest.of(question)));
        } catch (LlmException failure) {
            outcomes.failed(failure);
        } catch (RuntimeException | Error unexpected) {
            outcomes.failed(unexpected);
        }
        outcomes.ended(Duration.ofNanos(System.nanoTime() - start).minus(deadline), tolerance);
    }

    private static ChatResponse streamed(ChatModel model, String question) {
        try (ChatStream stream = model.stream(ChatRequest.of(question))) {
            return stream.response();
        }
    }

    /** Connections that nobody uses are closed with their client; what is open then has been forgotten by a call. */
    private static int leakedSockets(List<FaultyServer> servers) throws InterruptedException {
        int open = 0;
        for (long waited = 0; waited < PATIENCE.toMillis(); waited += 10) {
            open = servers.stream().mapToInt(FaultyServer::openConnections).sum();
            if (open == 0) {
                return 0;
            }
            Thread.sleep(10);
        }
        return open;
    }

    private static int leakedThreads(Set<Thread> before) throws InterruptedException {
        Set<Thread> leaked = Set.of();
        for (long waited = 0; waited < PATIENCE.toMillis(); waited += 10) {
            leaked = threadsNow();
            leaked.removeAll(before);
            leaked.removeIf(Chaos::isOfTheProcess);
            if (leaked.isEmpty()) {
                return 0;
            }
            Thread.sleep(10);
        }
        leaked.forEach(thread -> System.err.println("leaked: " + thread.getName()));
        return leaked.size();
    }

    /** OkHttp has a few threads for all clients of a process, which end by themselves after a minute without work. */
    private static boolean isOfTheProcess(Thread thread) {
        return thread.getName().startsWith("OkHttp TaskRunner")
                || thread.getName().startsWith("Okio Watchdog");
    }

    private static Set<Thread> threadsNow() {
        return new HashSet<>(Thread.getAllStackTraces().keySet());
    }

    private static Catalogue catalogue() throws IOException {
        Path file = Files.createTempFile("chaos", ".yaml");
        try {
            Files.writeString(file, """
                    owner: bench
                    models:
                      - provider: chaos
                        model: chaos-1
                        kind: chat
                        status: approved
                        price: {input: 3, output: 15, currency: USD, asOf: 2026-01-01}
                    """);
            return Catalogue.load(file);
        } finally {
            Files.delete(file);
        }
    }
}
