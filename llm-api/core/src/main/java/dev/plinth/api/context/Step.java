package dev.plinth.api.context;

import dev.plinth.api.check.Check;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a layer did for a call and that is no call of its own, such as a look into a cache. A layer tells it to the
 * context of the request, {@link CallContext#report}, and whoever traces the call or records it hears of it. Names and
 * outcomes are of low cardinality and hold no content.
 *
 * <p>Kinds will be added: write a default branch. Immutable and thread-safe.
 */
public sealed interface Step permits Step.CacheLookup, Step.GuardrailCheck, Step.Other {

    /** What was done, such as {@code cache}. */
    String kind();

    /** Who did it, such as {@code masking}. */
    String name();

    /** What came of it, in a word in lower case, such as {@code hit}. */
    String outcome();

    /** When it began. */
    Instant startedAt();

    /** How long it took. */
    Duration duration();

    /**
     * A look into a cache of answers.
     *
     * @param name of the cache
     * @param result what came of it
     * @param startedAt when it began
     * @param duration how long it took
     * @param saved what the kept answer had used and this call did not; none for a miss
     * @param savedCost what that had cost; null: not known, or a miss
     */
    record CacheLookup(
            String name,
            Result result,
            Instant startedAt,
            Duration duration,
            Usage saved,
            @Nullable Cost savedCost) implements Step {

        /** What comes of a look into a cache. */
        public enum Result {
            /** The answer was there. */
            HIT,
            /** Another call for the same was under way and gave its answer to this one, too. */
            SHARED,
            /** The answer was not there. */
            MISS,
            /** The store failed, and the call goes on as without a cache. */
            FAILED
        }

        public CacheLookup {
            Check.notBlank(name, "name");
            Check.notNull(result, "result");
            Check.notNull(startedAt, "startedAt");
            Check.notNull(duration, "duration");
            Check.notNull(saved, "saved");
        }

        @Override
        public String kind() {
            return "cache";
        }

        @Override
        public String outcome() {
            return Words.of(result);
        }
    }

    /**
     * A check of a guardrail.
     *
     * @param name of the rule
     * @param side what was checked
     * @param verdict what came of it
     * @param startedAt when it began
     * @param duration how long it took; of a stream the whole stream
     * @param findings how many of each kind were found, such as {@code email=2}; never what was found
     */
    record GuardrailCheck(
            String name,
            Side side,
            Verdict verdict,
            Instant startedAt,
            Duration duration,
            Map<String, Integer> findings)
            implements Step {

        /** What is checked. */
        public enum Side {
            /** What goes to the model. */
            INPUT,
            /** What comes from it. */
            OUTPUT
        }

        /** What comes of a check. */
        public enum Verdict {
            /** Nothing to object to. */
            PASSED,
            /** The content was changed, and the call goes on. */
            CHANGED,
            /** The call was refused. */
            BLOCKED,
            /** The check itself did not succeed. */
            FAILED
        }

        public GuardrailCheck {
            Check.notBlank(name, "name");
            Check.notNull(side, "side");
            Check.notNull(verdict, "verdict");
            Check.notNull(startedAt, "startedAt");
            Check.notNull(duration, "duration");
            findings = Map.copyOf(Check.notNull(findings, "findings"));
        }

        @Override
        public String kind() {
            return "guardrail";
        }

        @Override
        public String outcome() {
            return Words.of(verdict);
        }
    }

    /**
     * A step of another kind, for layers that Plinth does not know.
     *
     * @param kind what was done, such as {@code budget}
     * @param name who did it
     * @param outcome what came of it
     * @param startedAt when it began
     * @param duration how long it took
     */
    record Other(String kind, String name, String outcome, Instant startedAt, Duration duration) implements Step {
        public Other {
            Check.notBlank(kind, "kind");
            Check.notBlank(name, "name");
            Check.notBlank(outcome, "outcome");
            Check.notNull(startedAt, "startedAt");
            Check.notNull(duration, "duration");
        }
    }

    /**
     * Hears of the steps of a call: an attachment of a context that implements this is told. What it throws is thrown at
     * the layer that reports.
     */
    @FunctionalInterface
    interface Listener {

        /** A step has ended; on whichever thread it did. */
        void ended(Step step);
    }
}
