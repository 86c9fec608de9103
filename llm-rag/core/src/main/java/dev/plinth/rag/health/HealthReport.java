package dev.plinth.rag.health;

import dev.plinth.api.check.Check;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How an index fares.
 *
 * @param at when this was measured
 * @param chunks how many the store holds
 * @param sources one for each source the ledger knows
 * @param retrievals searches watched since the start
 * @param emptyRetrievals those of them that found nothing
 * @param recall how much of the exact result the store finds; empty without questions to try it with, or without chunks
 * @param drift how far questions have moved away from the corpus; empty before there are enough of them
 */
public record HealthReport(
        Instant at,
        long chunks,
        List<SourceHealth> sources,
        long retrievals,
        long emptyRetrievals,
        Optional<Recall> recall,
        Optional<Drift> drift) {

    public HealthReport {
        Check.notNull(at, "at");
        sources = List.copyOf(Check.notNull(sources, "sources"));
        Check.notNull(recall, "recall");
        Check.notNull(drift, "drift");
    }

    /**
     * A source and what is known of its documents.
     *
     * @param source its name
     * @param stored documents in the store
     * @param failed documents of which the newest version could not be brought in
     * @param unfinished documents that a killed run left half written; the next run finishes them
     * @param age time since the source was gone through to the end; empty: never
     */
    public record SourceHealth(String source, long stored, long failed, long unfinished, Optional<Duration> age) {}

    /**
     * The share of the exact nearest chunks that a search finds, as a mean over recent questions.
     *
     * @param mean 0 to 1
     * @param lowerBound of the mean, with a confidence of 95 %
     * @param questions how many were tried
     * @param depth how many chunks each search asked for
     */
    public record Recall(double mean, double lowerBound, int questions, int depth) {}

    /**
     * How near the nearest chunk is to recent questions, beside the first questions that were watched.
     *
     * @param nearest median of the cosines of recent questions to their nearest chunk
     * @param baseline the same of the first questions
     * @param significant whether recent questions are farther away than chance explains: one-sided Mann-Whitney test with
     *     a probability of error below 1 in 1,000
     */
    public record Drift(double nearest, double baseline, boolean significant) {}

    /** The share of searches that found nothing; empty before the first search. */
    public OptionalDouble emptyRate() {
        return retrievals == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) emptyRetrievals / retrievals);
    }

    /**
     * The figures by name, for metrics: few names, and none of them holds the name of a document. What is not known is left
     * out; the age is that of the oldest source that was ever gone through, beside the number of those that never were.
     */
    public Map<String, Double> figures() {
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("rag.index.chunks", (double) chunks);
        figures.put("rag.index.documents.stored", (double)
                sources.stream().mapToLong(SourceHealth::stored).sum());
        figures.put("rag.index.documents.failed", (double)
                sources.stream().mapToLong(SourceHealth::failed).sum());
        figures.put("rag.index.documents.unfinished", (double)
                sources.stream().mapToLong(SourceHealth::unfinished).sum());
        figures.put("rag.index.sources.never", (double)
                sources.stream().filter(source -> source.age().isEmpty()).count());
        sources.stream()
                .flatMap(source -> source.age().stream())
                .max(Comparator.naturalOrder())
                .ifPresent(oldest -> figures.put("rag.index.age.seconds", oldest.toMillis() / 1000.0));
        figures.put("rag.retrievals", (double) retrievals);
        emptyRate().ifPresent(rate -> figures.put("rag.retrievals.empty.share", rate));
        recall.ifPresent(measured -> {
            figures.put("rag.index.recall", measured.mean());
            figures.put("rag.index.recall.lower", measured.lowerBound());
        });
        drift.ifPresent(measured -> {
            figures.put("rag.queries.nearest", measured.nearest());
            figures.put("rag.queries.nearest.baseline", measured.baseline());
            figures.put("rag.queries.drifted", measured.significant() ? 1.0 : 0.0);
        });
        return figures;
    }
}
