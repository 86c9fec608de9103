package dev.plinth.tracing.cost;

import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What any number of calls came to. What is not known is counted beside the sums and is never a zero within them: with
 * {@code unpriced} above 0 the cost is the least it can be.
 *
 * @param calls calls that the application made
 * @param failed of these, calls without an answer: failed, refused or given up
 * @param cached of these, calls that a cache of the application answered
 * @param requests what was sent to providers: retries and fallbacks, too
 * @param usage the tokens of all requests that reported them
 * @param unreported requests of which not all tokens are known
 * @param estimated requests whose tokens somebody estimated
 * @param late requests that were booked after their call, such as those of batches
 * @param cost of all requests whose cost is known
 * @param unpriced requests that used something and whose cost is not known
 * @param savedTokens input and output that caches of the application saved
 * @param saved what these had cost, as far as that is known
 */
public record Totals(
        long calls,
        long failed,
        long cached,
        long requests,
        Usage usage,
        long unreported,
        long estimated,
        long late,
        Amounts cost,
        long unpriced,
        long savedTokens,
        Amounts saved) {

    /** No call at all. */
    public static final Totals NONE = new Totals(0, 0, 0, 0, Usage.NONE, 0, 0, 0, Amounts.NONE, 0, 0, Amounts.NONE);

    /** A call that was answered, without what was sent for it. */
    static final Totals ANSWERED = new Totals(1, 0, 0, 0, Usage.NONE, 0, 0, 0, Amounts.NONE, 0, 0, Amounts.NONE);

    /** A call without an answer, without what was sent for it. */
    static final Totals FAILED = new Totals(1, 1, 0, 0, Usage.NONE, 0, 0, 0, Amounts.NONE, 0, 0, Amounts.NONE);

    /** A call that a cache answered. */
    static Totals cached(long savedTokens, @Nullable Cost saved) {
        return new Totals(1, 0, 1, 0, Usage.NONE, 0, 0, 0, Amounts.NONE, 0, savedTokens, amounts(saved));
    }

    /**
     * Something that was sent to a provider. Nothing was when it used nothing and cost nothing.
     *
     * @param cost null: not known
     */
    static Totals request(Usage usage, @Nullable Cost cost, boolean late) {
        if (usage.equals(Usage.NONE) && (cost == null || cost.amount().signum() == 0)) {
            return NONE;
        }
        boolean reported = usage.input().isPresent() && usage.output().isPresent();
        boolean estimated = usage.source() == Usage.Source.ESTIMATED;
        return new Totals(
                0,
                0,
                0,
                1,
                known(usage),
                reported ? 0 : 1,
                estimated ? 1 : 0,
                late ? 1 : 0,
                amounts(cost),
                cost == null ? 1 : 0,
                0,
                Amounts.NONE);
    }

    /** Both together. */
    public Totals plus(Totals other) {
        return new Totals(
                calls + other.calls,
                failed + other.failed,
                cached + other.cached,
                requests + other.requests,
                usage.plus(other.usage),
                unreported + other.unreported,
                estimated + other.estimated,
                late + other.late,
                cost.plus(other.cost),
                unpriced + other.unpriced,
                savedTokens + other.savedTokens,
                saved.plus(other.saved));
    }

    /** The same calls at a cost that is known. */
    Totals costing(Amounts known) {
        return new Totals(
                calls, failed, cached, requests, usage, unreported, estimated, late, known, 0, savedTokens, saved);
    }

    private static Amounts amounts(@Nullable Cost cost) {
        return cost == null ? Amounts.NONE : Amounts.of(cost);
    }

    /** A count that is absent would make the sum absent: it is 0 here, and counted as unreported. */
    private static Usage known(Usage usage) {
        return Usage.builder()
                .input(usage.input().orElse(0))
                .cachedInput(usage.cachedInput().orElse(0))
                .cacheWrite(usage.cacheWrite().orElse(0))
                .longCacheWrite(usage.longCacheWrite().orElse(0))
                .output(usage.output().orElse(0))
                .reasoning(usage.reasoning().orElse(0))
                .build();
    }
}
