package dev.plinth.bench.chaos;

import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Price;
import dev.plinth.api.usage.Usage;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** How the calls ended, and what they say they used. Thread-safe. */
final class Outcomes {

    private final Ledger ledger;
    private final Price price;
    private final Map<String, Integer> errors = new TreeMap<>();
    private int answered;
    private int wrong;
    private int untyped;
    private int late;
    private int fallbacks;
    private int hedges;
    private int retries;
    private int attempts;
    private int givenUp;
    private int miscounted;
    private int mispriced;
    private int unsummed;
    private long tokens;
    private Duration maxOverDeadline = Duration.ZERO;
    private BigDecimal cost = BigDecimal.ZERO;

    Outcomes(Ledger ledger, Price price) {
        this.ledger = ledger;
        this.price = price;
    }

    synchronized void answered(String question, ChatResponse response) {
        answered++;
        if (!response.text().equals(FaultyServer.answer(question))) {
            wrong++;
        }
        List<Attempt> tried = response.attempts();
        if (!response.usage().equals(together(tried)) || !same(response.cost(), Attempt.totalCost(tried))) {
            unsummed++;
        }
        add(tried);
    }

    synchronized void failed(LlmException failure) {
        errors.merge(failure.code(), 1, Integer::sum);
        List<Attempt> tried = failure.attempts();
        if (!tried.isEmpty() && !failure.partialUsage().equals(together(tried))) {
            unsummed++;
        }
        add(tried);
    }

    private static Usage together(List<Attempt> tried) {
        return tried.stream().map(Attempt::usage).reduce(Usage.NONE, Usage::plus);
    }

    /** Amounts are the same whatever their scale. */
    private static boolean same(Optional<Cost> one, Optional<Cost> other) {
        return one.map(cost -> cost.amount().stripTrailingZeros())
                .equals(other.map(cost -> cost.amount().stripTrailingZeros()));
    }

    synchronized void failed(Throwable unexpected) {
        untyped++;
        errors.merge(unexpected.getClass().getName(), 1, Integer::sum);
    }

    /** The call ended this long after its deadline; negative: before. */
    synchronized void ended(Duration overDeadline, Duration tolerance) {
        if (overDeadline.compareTo(maxOverDeadline) > 0) {
            maxOverDeadline = overDeadline;
        }
        if (overDeadline.compareTo(tolerance) > 0) {
            late++;
        }
    }

    private void add(List<Attempt> tried) {
        for (Attempt attempt : tried) {
            attempts++;
            fallbacks += attempt.why().startsWith("fallback") ? 1 : 0;
            hedges += attempt.why().startsWith("hedge") ? 1 : 0;
            retries += attempt.why().startsWith("retry") ? 1 : 0;
            Usage usage = attempt.usage();
            if ("rate_limited".equals(attempt.error()) && !usage.equals(Usage.NONE)) {
                unsummed++; // refused by the server or by our own limits: nobody did any work
            }
            if (usage.source() != Usage.Source.REPORTED) {
                givenUp += "cancelled".equals(attempt.error()) || "timed_out".equals(attempt.error()) ? 1 : 0;
            } else if (usage.total().orElse(0) > 0) {
                count(attempt);
            }
        }
    }

    private void count(Attempt attempt) {
        Usage usage = attempt.usage();
        miscounted += ledger.count(usage) ? 0 : 1;
        tokens += usage.total().orElseThrow();
        Cost right = price.of(usage).orElseThrow();
        Cost said = attempt.cost();
        if (said == null || said.amount().compareTo(right.amount()) != 0) {
            mispriced++;
        } else {
            cost = cost.add(said.amount());
        }
    }

    synchronized ChaosReport report(int leakedSockets, int leakedThreads, Duration took) {
        // What a server sent to its end and nobody counted was given up by a caller who did not see the end.
        int lost = Math.max(0, ledger.uncounted() - givenUp);
        int typed = errors.values().stream().mapToInt(Integer::intValue).sum() - untyped;
        return new ChaosReport(
                answered,
                typed,
                untyped,
                Map.copyOf(errors),
                wrong,
                late,
                maxOverDeadline,
                leakedSockets,
                leakedThreads,
                attempts,
                fallbacks,
                retries,
                hedges,
                tokens,
                cost,
                miscounted,
                mispriced,
                unsummed,
                lost,
                ledger.uncounted(),
                took);
    }
}
