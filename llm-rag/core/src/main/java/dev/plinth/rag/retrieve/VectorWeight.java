package dev.plinth.rag.retrieve;

import dev.plinth.api.check.Check;
import dev.plinth.api.retrieval.HybridIndex;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.rag.quality.Gain;
import dev.plinth.rag.quality.Judgement;
import dev.plinth.rag.quality.RetrievalTrial;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * The weight of the vectors in {@link SearchMode#WEIGHTED} that serves one's own questions best.
 *
 * <pre>{@code
 * VectorWeight tuned = VectorWeight.tune(HybridRetriever.over(index, model), RetrievalTrial.on(judgements));
 * Retriever retriever = HybridRetriever.builder(index, model).vectorWeight(tuned.weight()).build();
 * }</pre>
 *
 * <p>Weights from 0 to 1 in steps of 0.05 are tried, by the figure of the trial. The gain is cross-validated: five
 * times, the weight that is best on four fifths of the questions is held against the weight in use on the other fifth.
 *
 * @param weight the best on all questions if the gain is shown, else the one in use
 * @param gain over the weight in use, on questions the weight was not chosen by
 */
public record VectorWeight(double weight, Gain gain) {
    private static final int STEPS = 20;
    private static final int FOLDS = 5;

    /**
     * Asks the retriever's lists every question once.
     *
     * @param retriever whose own weight is the one in use
     * @param trial with at least ten judgements
     */
    public static VectorWeight tune(HybridRetriever retriever, RetrievalTrial trial) {
        List<Judgement> judgements = trial.judgements();
        Check.that(judgements.size() >= 2 * FOLDS, "judgements", judgements.size(), ">= " + 2 * FOLDS);
        List<double[]> byWeight = new ArrayList<>(); // for each question its figure at each weight
        double[] present = new double[judgements.size()];
        for (int question = 0; question < present.length; question++) {
            Judgement judgement = judgements.get(question);
            RetrievalRequest request = trial.request(judgement);
            HybridIndex.Both lists = retriever.lists(request);
            DoubleUnaryOperator figure = weight ->
                    trial.figure(judgement, Fusion.weighted(lists.byVector(), weight, lists.byWords(), request.k()));
            byWeight.add(IntStream.rangeClosed(0, STEPS)
                    .mapToDouble(step -> figure.applyAsDouble(weight(step)))
                    .toArray());
            present[question] = figure.applyAsDouble(retriever.vectorWeight());
        }
        double[] heldOut = new double[present.length];
        for (int fold = 0; fold < FOLDS; fold++) {
            int tested = fold;
            int best = best(byWeight, question -> question % FOLDS != tested);
            for (int question = fold; question < heldOut.length; question += FOLDS) {
                heldOut[question] = byWeight.get(question)[best];
            }
        }
        Gain gain = Gain.of(present, heldOut);
        return new VectorWeight(
                gain.shown() ? weight(best(byWeight, question -> true)) : retriever.vectorWeight(), gain);
    }

    private static double weight(int step) {
        return (double) step / STEPS;
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
