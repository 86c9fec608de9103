package dev.plinth.rag.retrieve;

import dev.plinth.api.check.Check;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.HybridIndex;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.rag.quality.Gain;
import dev.plinth.rag.quality.Judgement;
import dev.plinth.rag.quality.RankMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * The weight of the vectors in {@link SearchMode#WEIGHTED} that serves one's own questions best.
 *
 * <pre>{@code
 * VectorWeight tuned = VectorWeight.tune(HybridRetriever.over(index, model), judgements, Chunk::documentId);
 * Retriever retriever = HybridRetriever.builder(index, model).vectorWeight(tuned.weight()).build();
 * }</pre>
 *
 * <p>Weights from 0 to 1 in steps of 0.05 are tried, by nDCG over the first 10 results. The gain is cross-validated: five
 * times, the weight that is best on four fifths of the questions is held against the weight in use on the other fifth.
 *
 * @param weight the best on all questions if the gain is shown, else the one in use
 * @param gain over the weight in use, on questions the weight was not chosen by
 */
public record VectorWeight(double weight, Gain gain) {
    private static final int DEPTH = 10;
    private static final int STEPS = 20;
    private static final int FOLDS = 5;

    /**
     * Asks the retriever's lists every question once.
     *
     * @param retriever whose own weight is the one in use
     * @param judgements at least ten
     * @param key the id that the judgements name, such as {@code Chunk::documentId}
     */
    public static VectorWeight tune(
            HybridRetriever retriever, List<Judgement> judgements, Function<Chunk, String> key) {
        return tune(retriever, judgements, key, CallContext.current());
    }

    /** The same in this context, with whose rights is searched. */
    public static VectorWeight tune(
            HybridRetriever retriever, List<Judgement> judgements, Function<Chunk, String> key, CallContext context) {
        Check.that(judgements.size() >= 2 * FOLDS, "judgements", judgements.size(), ">= " + 2 * FOLDS);
        List<double[]> byWeight = new ArrayList<>(); // for each question its figure at each weight
        List<Double> present = new ArrayList<>();
        for (Judgement judgement : judgements) {
            HybridIndex.Both lists = retriever.lists(
                    RetrievalRequest.of(judgement.query(), DEPTH).in(context));
            byWeight.add(IntStream.rangeClosed(0, STEPS)
                    .mapToDouble(step -> figure(lists, weight(step), judgement, key))
                    .toArray());
            present.add(figure(lists, retriever.vectorWeight(), judgement, key));
        }
        double[] heldOut = new double[judgements.size()];
        for (int fold = 0; fold < FOLDS; fold++) {
            int tested = fold;
            int best = best(byWeight, question -> question % FOLDS != tested);
            for (int question = fold; question < heldOut.length; question += FOLDS) {
                heldOut[question] = byWeight.get(question)[best];
            }
        }
        Gain gain = Gain.of(present.stream().mapToDouble(Double::doubleValue).toArray(), heldOut);
        return new VectorWeight(
                gain.shown() ? weight(best(byWeight, question -> true)) : retriever.vectorWeight(), gain);
    }

    private static double weight(int step) {
        return (double) step / STEPS;
    }

    private static double figure(
            HybridIndex.Both lists, double weight, Judgement judgement, Function<Chunk, String> key) {
        List<Match> joined = Fusion.weighted(lists.byVector(), weight, lists.byWords(), DEPTH);
        List<String> ranking = joined.stream()
                .map(match -> key.apply(match.chunk()))
                .distinct()
                .toList();
        return RankMetrics.ndcg(ranking, judgement.grades(), DEPTH);
    }

    /** The step with the highest sum over some questions; of several the one nearest to the middle. */
    private static int best(List<double[]> byWeight, IntPredicate questions) {
        int best = STEPS / 2;
        double most = sum(byWeight, best, questions);
        for (int away = 1; away <= STEPS / 2; away++) {
            for (int step : new int[] {STEPS / 2 - away, STEPS / 2 + away}) {
                double sum = sum(byWeight, step, questions);
                if (sum > most) {
                    best = step;
                    most = sum;
                }
            }
        }
        return best;
    }

    private static double sum(List<double[]> byWeight, int step, IntPredicate questions) {
        return IntStream.range(0, byWeight.size())
                .filter(questions)
                .mapToDouble(question -> byWeight.get(question)[step])
                .sum();
    }
}
