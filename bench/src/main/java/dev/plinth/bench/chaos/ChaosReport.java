package dev.plinth.bench.chaos;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;

/**
 * How a run went.
 *
 * @param answered calls that ended in an answer
 * @param typedErrors calls that ended in an {@code LlmException}
 * @param untypedErrors calls that ended in anything else
 * @param errors how many of each code, or class
 * @param wrong answers that were not the right one
 * @param late calls that ended after their deadline, by more than the tolerance
 * @param maxOverDeadline by how much the latest call was late
 * @param leakedSockets connections that were still open when every call had ended and the clients were closed
 * @param leakedThreads threads that were not there before the run
 * @param attempts that were made in all
 * @param fallbacks of them to another deployment
 * @param retries of them at the same deployment
 * @param hedges of them beside a slow one
 * @param tokens that the attempts say were reported to them
 * @param cost of these tokens, as the attempts say
 * @param miscounted attempts whose reported usage no server served, or that was counted before
 * @param mispriced attempts whose cost is not that of their tokens
 * @param unsummed calls whose usage or cost is not that of their attempts together, and attempts that used something though
 *     they were refused by a rate limit
 * @param lost answers that a server sent to their end, that nobody counted and nobody gave up
 * @param givenUp answers that a server sent to their end while their caller had gone
 * @param took the whole run
 */
public record ChaosReport(
        int answered,
        int typedErrors,
        int untypedErrors,
        Map<String, Integer> errors,
        int wrong,
        int late,
        Duration maxOverDeadline,
        int leakedSockets,
        int leakedThreads,
        int attempts,
        int fallbacks,
        int retries,
        int hedges,
        long tokens,
        BigDecimal cost,
        int miscounted,
        int mispriced,
        int unsummed,
        int lost,
        int givenUp,
        Duration took) {}
