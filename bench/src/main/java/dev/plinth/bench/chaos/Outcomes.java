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
        add(response.attempts());
    }

    synchronized void failed(LlmException failure) {
        errors.merge(failure.code(), 1, Integer::sum);
        add(failure.attempts());
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
                lost,
                ledger.uncounted(),
                took);
    }
}
