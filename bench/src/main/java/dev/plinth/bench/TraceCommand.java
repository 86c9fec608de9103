package dev.plinth.bench;

import dev.plinth.bench.trace.Interleavings;
import dev.plinth.bench.trace.TraceReport;

/** Whether traces stay whole under random interleavings: no span without its parent, none left open, all sums equal. */
final class TraceCommand implements Command {

    @Override
    public String usage() {
        return "[--interleavings 1000] [--seed 1] [--together 16]";
    }

    @Override
    public void run(Options options, Figures figures) throws Exception {
        TraceReport report = new Interleavings(
                        options.number("interleavings", 1_000),
                        options.number("seed", 1),
                        options.number("together", 16))
                .run();
        report.sumMismatches().forEach(System.err::println);
        figures.set("java", System.getProperty("java.version"));
        figures.set("virtual_threads", Runtime.version().feature() >= 21 ? "yes" : "no");
        figures.set("interactions", report.interactions());
        figures.set("spans", report.spans());
        figures.set("attempt_spans", report.attempts());
        figures.set("step_spans", report.steps());
        figures.set("cancelled", report.cancelled());
        figures.set("cached", report.cached());
        figures.set("failed", report.failed());
        figures.set("split_traces", report.splitTraces());
        figures.set("orphans", report.orphans());
        figures.set("unended", report.unended());
        figures.set("sum_mismatches", report.sumMismatches().size());
    }
}
