package dev.plinth.bench.trace;

import java.util.List;

/**
 * What became of the traces.
 *
 * @param spans all of them
 * @param attempts spans of tries
 * @param steps spans of caches and guardrails
 * @param cancelled calls that their callers gave up
 * @param cached calls that a cache answered
 * @param failed calls that failed
 * @param orphans spans whose parent is not in their trace, and roots that are no interaction
 * @param unended spans that were begun and not ended
 * @param splitTraces interactions whose spans are in more than one trace or under more than one root
 * @param sumMismatches sums that differ: of a call and what the model answered, of calls and their interaction, of
 *     spans and metrics, of leaves and the ledger of costs
 */
public record TraceReport(
        int interactions,
        int spans,
        int attempts,
        int steps,
        int cancelled,
        int cached,
        int failed,
        int orphans,
        long unended,
        int splitTraces,
        List<String> sumMismatches) {

    public TraceReport {
        sumMismatches = List.copyOf(sumMismatches);
    }
}
