package dev.plinth.providers.attempt;

import dev.plinth.api.error.LlmException;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Usage;
import java.util.List;

/** What attempts used that nobody reported: nothing, an estimate that says so, or not known. */
final class Estimates {

    private static final int CHARACTERS_PER_TOKEN = 4;

    private Estimates() {}

    /** What a failed attempt used. Whoever was cut off may have done all of it. */
    static Usage usage(LlmException failure) {
        Usage reported = failure.partialUsage();
        if (reported.source() != Usage.Source.UNKNOWN) {
            return reported;
        }
        int arrived = failure.partialText().length();
        return arrived == 0
                ? Usage.UNKNOWN
                : Usage.builder()
                        .output((arrived + CHARACTERS_PER_TOKEN - 1) / CHARACTERS_PER_TOKEN)
                        .source(Usage.Source.ESTIMATED)
                        .build();
    }

    /** The attempts with what is not known of them filled in from the one that answered: all of them were asked the same. */
    static List<Attempt> fill(List<Attempt> attempts) {
        Usage answer = attempts.stream()
                .filter(Attempt::succeeded)
                .map(Attempt::usage)
                .reduce((first, last) -> last)
                .orElse(Usage.UNKNOWN);
        return attempts.stream()
                .map(attempt -> attempt.succeeded() || isKnown(attempt.usage()) ? attempt : filled(attempt, answer))
                .toList();
    }

    private static boolean isKnown(Usage usage) {
        return usage.total().isPresent();
    }

    private static Attempt filled(Attempt attempt, Usage answer) {
        if (answer.input().isEmpty()) {
            return attempt;
        }
        Usage known = attempt.usage();
        Usage estimate = Usage.builder()
                .input(known.input().orElse(answer.input().getAsLong()))
                .cachedInput(known.cachedInput().orElse(0))
                .cacheWrite(known.cacheWrite().orElse(0))
                .longCacheWrite(known.longCacheWrite().orElse(0))
                .output(known.output().orElse(0))
                .reasoning(known.reasoning().orElse(0))
                .source(Usage.Source.ESTIMATED)
                .build();
        return new Attempt(
                attempt.deployment(),
                attempt.provider(),
                attempt.model(),
                attempt.why(),
                attempt.startedAt(),
                attempt.duration(),
                attempt.error(),
                estimate,
                attempt.cost());
    }
}
