package dev.plinth.rag.quality;

import dev.plinth.api.check.Check;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * How much better one way of retrieval is than another, on the same questions.
 *
 * @param questions how many
 * @param differing on how many of them the two figures differ
 * @param present the mean of what is in use
 * @param candidate the mean of what is tried
 * @param low the lower end of the 95 % interval of the difference of the means, by the paired bootstrap: questions drawn
 *     anew 10,000 times, with a fixed seed
 * @param high its upper end
 */
public record Gain(int questions, int differing, double present, double candidate, double low, double high) {
    private static final int DRAWS = 10_000;
    private static final int LEAST_DIFFERING = 6;
    private static final double TAIL = 0.025;
    private static final long SEED = 20_220_711;

    /**
     * Whether the gain is shown: the whole interval is above 0, and at least 6 questions differ. With fewer, even if all of
     * them gain, chance alone does as well more often than one time in twenty (sign test).
     */
    public boolean shown() {
        return low > 0 && differing >= LEAST_DIFFERING;
    }

    /** The difference of the means. */
    public double difference() {
        return candidate - present;
    }

    /**
     * Of two lists of figures, question by question.
     *
     * @param present at least two
     * @param candidate as many, in the same order
     */
    public static Gain of(double[] present, double[] candidate) {
        Check.that(present.length >= 2, "questions", present.length, ">= 2");
        Check.that(candidate.length == present.length, "candidate.length", candidate.length, "" + present.length);
        int count = present.length;
        SplittableRandom random = new SplittableRandom(SEED);
        double[] means = new double[DRAWS];
        for (int draw = 0; draw < DRAWS; draw++) {
            double sum = 0;
            for (int i = 0; i < count; i++) {
                int question = random.nextInt(count);
                sum += candidate[question] - present[question];
            }
            means[draw] = sum / count;
        }
        Arrays.sort(means);
        int differing = (int) IntStream.range(0, count)
                .filter(i -> present[i] != candidate[i])
                .count();
        return new Gain(
                count,
                differing,
                Arrays.stream(present).average().orElseThrow(),
                Arrays.stream(candidate).average().orElseThrow(),
                means[(int) (DRAWS * TAIL)],
                means[(int) (DRAWS * (1 - TAIL)) - 1]);
    }

    /** For people, such as {@code 0.712 -> 0.741, +0.029 [+0.011, +0.048] over 200 questions}. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%.3f -> %.3f, %+.3f [%+.3f, %+.3f] over %d questions",
                present,
                candidate,
                difference(),
                low,
                high,
                questions);
    }
}
