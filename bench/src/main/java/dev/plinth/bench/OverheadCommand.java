package dev.plinth.bench;

import dev.plinth.api.check.Check;
import dev.plinth.bench.overhead.Aggregate;
import dev.plinth.bench.overhead.Effort;
import dev.plinth.bench.overhead.Overhead;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What calls cost on the client's side: bytes, CPU and the time to the first delta, and the ratios to the hand-written
 * floor, each beside its budget. Bytes are told well on any machine; CPU and times only on one that does nothing else.
 */
final class OverheadCommand implements Command {

    @Override
    public String usage() {
        return "[--clients plinth,floor | --layers tracing] [--rounds 3] [--threads 1] [--cold] [--quick]"
                + "   layers: what a layer costs, as ratios to none, all in the mean of warm iterations;"
                + " traced-batch exports spans each 100 ms and metrics each 500 ms, which counts, too; cold: the first answer of a fresh JVM, too;"
                + " quick: one short round, about a minute for two clients";
    }

    @Override
    public Set<String> flags() {
        return Set.of("cold", "quick");
    }

    @Override
    public void run(Options options, Figures figures) throws Exception {
        boolean quick = options.flag("quick");
        int threads = options.number("threads", 1);
        Effort effort = quick
                ? new Effort(true, 2, Duration.ofMillis(500), threads)
                : new Effort(true, 5, Duration.ofSeconds(1), threads);
        run(options, options.number("rounds", quick ? 1 : 3), effort, figures);
    }

    private static List<String> clients(Options options) {
        Optional<String> layers = options.text("layers");
        if (layers.isPresent()) {
            Check.that(layers.get().equals("tracing"), "--layers", layers.get(), "tracing");
            Check.that(options.text("clients").isEmpty(), "--clients", options.text("clients"), "none with --layers");
            return Stream.concat(Stream.of("plinth"), Overhead.TRACED.stream()).toList();
        }
        List<String> clients = List.of(options.text("clients", "plinth,floor").split(","));
        for (String client : clients) {
            String known = "of " + String.join(", ", Overhead.CLIENTS);
            Check.that(Overhead.CLIENTS.contains(client), "--clients", client, known);
        }
        return clients;
    }

    void run(Options options, int rounds, Effort effort, Figures figures) throws Exception {
        List<String> clients = clients(options);
        Check.positive(rounds, "--rounds");
        figures.set("java", System.getProperty("java.version"));
        figures.set("cores", Runtime.getRuntime().availableProcessors());
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        figures.set("load.before", load, 1);
        figures.set("rounds", rounds);
        figures.set("threads", effort.threads());
        OverheadReport report = new OverheadReport();
        Aggregate aggregate = options.text("layers").isPresent() ? Aggregate.MEAN : Aggregate.BEST;
        try (Overhead overhead = Overhead.start(effort, aggregate)) {
            new OverheadRounds(overhead, clients, options.flag("cold"), report).run(rounds);
        }
        report.write(figures);
    }
}
