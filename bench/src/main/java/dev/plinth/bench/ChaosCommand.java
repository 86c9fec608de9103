package dev.plinth.bench;

import dev.plinth.bench.chaos.Chaos;
import dev.plinth.bench.chaos.ChaosReport;
import java.time.Duration;
import java.util.TreeMap;

/** Whether every call ends in the right answer or a typed error, in time and without a trace, while servers fail. */
final class ChaosCommand implements Command {

    @Override
    public String usage() {
        return "[--calls 10000] [--faults 0.3] [--deployments 3] [--seed 1] [--threads 32] [--deadline-ms 2000]"
                + " [--tolerance-ms 100]   late: ended more than the tolerance after its deadline";
    }

    @Override
    public void run(Options options, Figures figures) throws Exception {
        Chaos chaos = new Chaos(
                options.number("calls", 10_000),
                options.decimal("faults", 0.3),
                options.number("deployments", 3),
                options.number("seed", 1),
                options.number("threads", 32),
                Duration.ofMillis(options.number("deadline-ms", 2000)),
                Duration.ofMillis(options.number("tolerance-ms", 100)));
        ChaosReport report = chaos.run();
        figures.set("took_s", report.took().toMillis() / 1000.0, 1);
        figures.set("attempts", report.attempts());
        figures.set("fallbacks", report.fallbacks());
        figures.set("retries", report.retries());
        figures.set("hedges", report.hedges());
        new TreeMap<>(report.errors()).forEach((code, count) -> figures.set("error." + code, count));
        figures.set("tokens", report.tokens());
        figures.set("cost_usd", report.cost().toPlainString());
        figures.set("given_up_answers", report.givenUp());
        figures.set("usage_miscounted", report.miscounted());
        figures.set("usage_lost", report.lost());
        figures.set("usage_unsummed", report.unsummed());
        figures.set("cost_wrong", report.mispriced());
        figures.set("untyped_errors", report.untypedErrors());
        figures.set("answered", report.answered());
        figures.set("typed_errors", report.typedErrors());
        figures.set("wrong", report.wrong());
        figures.set("late", report.late());
        figures.set("leaked_sockets", report.leakedSockets());
        figures.set("leaked_threads", report.leakedThreads());
        figures.set("max_over_deadline_ms", report.maxOverDeadline().toNanos() / 1e6, 1);
    }
}
