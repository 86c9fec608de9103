package dev.plinth.tracing.sdk;

import java.util.Map;
import java.util.TreeMap;

/** What a {@link TailSampler} counts; under its lock. */
final class SamplingCounts {
    long keptTraces;
    long sampledTraces;
    long droppedTraces;
    long earlyTraces;
    long endedSpans;
    long passedSpans;
    long droppedSpans;
    long lateSpans;
    long lateScores;

    Map<String, Double> figures(Iterable<HeldTrace> undecided) {
        long traces = 0;
        long pending = 0;
        for (HeldTrace trace : undecided) {
            traces++;
            pending += trace.ended.size();
        }
        Map<String, Double> figures = new TreeMap<>();
        figures.put("tracing.sampling.traces.kept", (double) keptTraces);
        figures.put("tracing.sampling.traces.sampled", (double) sampledTraces);
        figures.put("tracing.sampling.traces.dropped", (double) droppedTraces);
        figures.put("tracing.sampling.traces.early", (double) earlyTraces);
        figures.put("tracing.sampling.traces.undecided", (double) traces);
        figures.put("tracing.sampling.spans.in", (double) endedSpans);
        figures.put("tracing.sampling.spans.passed", (double) passedSpans);
        figures.put("tracing.sampling.spans.dropped", (double) droppedSpans);
        figures.put("tracing.sampling.spans.late", (double) lateSpans);
        figures.put("tracing.sampling.spans.pending", (double) pending);
        figures.put("tracing.sampling.scores.late", (double) lateScores);
        return figures;
    }
}
