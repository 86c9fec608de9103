package dev.plinth.rag.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.Retrieval;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.retrieval.Retriever;
import dev.plinth.rag.Chunks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RetrievalTrialTest {
    private static final int QUESTIONS = 60;
    private static final List<Judgement> JUDGEMENTS = IntStream.range(0, QUESTIONS)
            .mapToObj(i -> new Judgement("question " + i, Map.of("right " + i, 1)))
            .toList();

    /** Has the right chunk first for some questions, and as the third for the others. */
    private static Retriever firstFor(IntPredicate questions) {
        return new Retriever() {
            @Override
            public Retrieval retrieve(RetrievalRequest request) {
                int question = Integer.parseInt(request.query().substring("question ".length()));
                List<Match> matches = new ArrayList<>(List.of(
                        new Match(Chunks.chunk("wrong", "x"), 3), new Match(Chunks.chunk("wrong too", "x"), 2)));
                matches.add(questions.test(question) ? 0 : 2, new Match(Chunks.chunk("right " + question, "x"), 1));
                return new Retrieval(request.query(), matches.subList(0, Math.min(request.k(), 3)));
            }

            @Override
            public String name() {
                return "test";
            }
        };
    }

    private static RetrievalTrial trial() {
        return RetrievalTrial.on(JUDGEMENTS).by(Chunk::id);
    }

    @Test
    void clearGainIsShownAndTheCandidateWins() {
        Retriever present = firstFor(question -> question % 4 == 0);
        Retriever candidate = firstFor(question -> question % 4 != 3);

        RetrievalTrial.Result result = trial().run(present, candidate);

        assertThat(result.gain().present()).isCloseTo(0.25 + 0.75 / 2, within(1e-9));
        assertThat(result.gain().candidate()).isCloseTo(0.75 + 0.25 / 2, within(1e-9));
        assertThat(result.gain().shown()).isTrue();
        assertThat(result.winner()).isSameAs(candidate);
        assertThat(result.gain())
                .hasToString("0.625 -> 0.875, +0.250 [" + signed(result.gain().low()) + ", "
                        + signed(result.gain().high()) + "] over 60 questions");
    }

    private static String signed(double value) {
        return String.format(Locale.ROOT, "%+.3f", value);
    }

    @Test
    void gainByChanceIsNotShownAndWhatIsInUseStays() {
        Retriever present = firstFor(question -> question < 30);
        Retriever candidate = firstFor(question -> question < 30 && question > 2 || question > 55);

        RetrievalTrial.Result result = trial().run(present, candidate);

        assertThat(result.gain().difference()).isPositive();
        assertThat(result.gain().shown()).isFalse();
        assertThat(result.winner()).isSameAs(present);
    }

    @Test
    void depthLimitsWhatCounts() {
        assertThat(trial().depth(1).measure(firstFor(question -> false))).containsOnly(0);
    }

    @Test
    void oneQuestionIsTooFew() {
        assertThatThrownBy(() -> RetrievalTrial.on(JUDGEMENTS.subList(0, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("judgements: 1 (expected: >= 2)");
    }

    @Property(tries = 20)
    void intervalHoldsTheDifferenceAndTurnsWithTheSides(@ForAll long seed) {
        Random random = new Random(seed);
        double[] one = random.doubles(40).toArray();
        double[] other = random.doubles(40).toArray();
        Gain gain = Gain.of(one, other);
        Gain turned = Gain.of(other, one);
        assertThat(gain.difference()).isBetween(gain.low(), gain.high());
        assertThat(turned.low()).isCloseTo(-gain.high(), within(0.01));
        assertThat(Gain.of(one, one).shown()).isFalse();
    }

    /** The interval of a mean of differences that are normal is close to 1.96 standard errors. */
    @Test
    void intervalIsThatOfTheNormalApproximation() {
        Random random = new Random(5);
        double[] zeros = new double[400];
        double[] values = random.doubles(400).map(x -> x - 0.4).toArray();
        double mean = Arrays.stream(values).average().orElseThrow();
        double variance = Arrays.stream(values)
                .map(x -> (x - mean) * (x - mean))
                .average()
                .orElseThrow();
        double half = 1.96 * Math.sqrt(variance / 400);
        Gain gain = Gain.of(zeros, values);
        assertThat(gain.low()).isCloseTo(mean - half, within(0.003));
        assertThat(gain.high()).isCloseTo(mean + half, within(0.003));
    }

    @Test
    void fewQuestionsThatDifferShowNothing() {
        assertThat(Gain.of(new double[2], new double[] {1, 1}).shown()).isFalse();
        double[] fourOfFifty = new double[50];
        Arrays.fill(fourOfFifty, 0, 4, 1);
        assertThat(Gain.of(new double[50], fourOfFifty).low()).isPositive();
        assertThat(Gain.of(new double[50], fourOfFifty).shown()).isFalse();
        Arrays.fill(fourOfFifty, 0, 8, 1);
        assertThat(Gain.of(new double[50], fourOfFifty).shown()).isTrue();
    }
}
