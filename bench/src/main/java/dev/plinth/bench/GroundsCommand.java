package dev.plinth.bench;

import dev.plinth.api.retrieval.Filter;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.rag.answer.Answer;
import dev.plinth.rag.answer.Answerer;
import dev.plinth.rag.answer.Evidence;
import dev.plinth.rag.answer.ExtractiveAnswerer;
import dev.plinth.rag.answer.Grounds;
import dev.plinth.rag.index.InMemoryIndex;
import dev.plinth.rag.retrieve.HybridRetriever;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How well an answerer knows when to abstain: on the built-in {@link GroundsSet}, or on a set with relevance
 * judgements. There every question is asked twice: over everything (answerable), and with all passages of its own
 * document left out (taken as unanswerable, though another document may hold an answer by chance). The shipped grounds
 * are measured on all questions; the best grounds on a grid are fitted on every other question and measured on the
 * rest.
 */
final class GroundsCommand implements Command {
    private static final int K = 5;

    /** One question over one corpus. */
    private record Case(Evidence evidence, boolean answerable) {}

    @Override
    public String usage() {
        return "[--data DIR] [--model minilm|bge|e5] [--queries 300] [--grounds THRESHOLD,WEIGHT] [--cache FILE]";
    }

    @Override
    public void run(Options options, Figures figures) throws Exception {
        CachedEmbeddings model = new CachedEmbeddings(
                Models.of(options.text("model", "minilm")),
                options.path("cache").orElse(null));
        figures.set("model", model.info().model());
        List<Case> cases = options.path("data").isPresent()
                ? askSet(IrSet.read(options.requiredPath("data")), options.number("queries", 300), model, figures)
                : askBuiltIn(model, figures);
        model.save();
        report("shipped", Grounds.forModel(model.info().model()), cases, figures);
        options.text("grounds").ifPresent(own -> report("own", parse(own), cases, figures));
        report("cosine-only", best(half(cases, 0), 0, 0), half(cases, 1), figures);
        report("fitted", best(half(cases, 0), 0, 1), half(cases, 1), figures);
    }

    private static Grounds parse(String own) {
        String[] numbers = own.split(",", -1);
        return new Grounds(Double.parseDouble(numbers[0]), numbers.length > 1 ? Double.parseDouble(numbers[1]) : 0);
    }

    private static Answerer answerer(InMemoryIndex index, CachedEmbeddings model) {
        return ExtractiveAnswerer.over(HybridRetriever.over(index, model), model)
                .grounds(new Grounds(-2, 0));
    }

    private static List<Case> askBuiltIn(CachedEmbeddings model, Figures figures) throws Exception {
        GroundsSet set = GroundsSet.read();
        InMemoryIndex index = InMemoryIndex.forModel(model).build();
        Corpus.add(set.chunks(), index, model);
        Answerer answerer = answerer(index, model);
        List<Case> cases = new ArrayList<>();
        int first = 0;
        for (GroundsSet.Question question : set.questions()) {
            Answer answer = answerer.answer(RetrievalRequest.of(question.text(), K));
            cases.add(new Case(answer.evidence().orElseThrow(), question.answerable()));
            first += answer.citations().get(0).source().equals(question.document()) ? 1 : 0;
        }
        long answerable = cases.stream().filter(Case::answerable).count();
        figures.set("questions", cases.size());
        figures.set("extractive.first-citation-in-right-document", (double) first / answerable, 4);
        return cases;
    }

    private static List<Case> askSet(IrSet set, int questions, CachedEmbeddings model, Figures figures) {
        InMemoryIndex index = Corpus.index(set, model);
        Answerer answerer = answerer(index, model);
        List<Case> cases = new ArrayList<>();
        int quoted = 0;
        int withAnswers = 0;
        int step = Math.max(1, set.queries().size() / questions);
        for (int i = 0; i < set.queries().size(); i += step) {
            IrSet.Query query = set.queries().get(i);
            RetrievalRequest request = RetrievalRequest.of(query.text(), K);
            Answer answer = answerer.answer(request);
            cases.add(new Case(answer.evidence().orElseThrow(), true));
            Filter others = Filter.eq("document", set.documentOf(query)).negate();
            cases.add(new Case(answerer.answer(request.where(others)).evidence().orElseThrow(), false));
            withAnswers += query.answers().isEmpty() ? 0 : 1;
            quoted += query.answers().stream().anyMatch(answer.text()::contains) ? 1 : 0;
            if (cases.size() % 100 == 0) {
                System.err.println("asked " + cases.size());
            }
        }
        figures.set("questions", cases.size());
        if (withAnswers > 0) {
            figures.set("extractive.holds-an-answer", (double) quoted / withAnswers, 4);
        }
        return cases;
    }

    /** Every other question, both its cases. */
    private static List<Case> half(List<Case> cases, int which) {
        List<Case> half = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            if (i / 2 % 2 == which) {
                half.add(cases.get(i));
            }
        }
        return half;
    }

    private static Grounds best(List<Case> cases, double leastWeight, double mostWeight) {
        Grounds best = new Grounds(0, leastWeight);
        for (double weight = leastWeight; weight <= mostWeight; weight += 0.1) {
            for (double threshold = 0; threshold < 2; threshold += 0.01) {
                Grounds grounds = new Grounds(threshold, weight);
                if (accuracy(cases, grounds) > accuracy(cases, best)) {
                    best = grounds;
                }
            }
        }
        return best;
    }

    private static double accuracy(List<Case> cases, Grounds grounds) {
        return (double) cases.stream()
                        .filter(one -> grounds.carriedBy(one.evidence()) == one.answerable())
                        .count()
                / cases.size();
    }

    private static void report(String name, Grounds grounds, List<Case> cases, Figures figures) {
        long abstained =
                cases.stream().filter(one -> !grounds.carriedBy(one.evidence())).count();
        long rightly = cases.stream()
                .filter(one -> !grounds.carriedBy(one.evidence()) && !one.answerable())
                .count();
        long unanswerable = cases.stream().filter(one -> !one.answerable()).count();
        figures.set(
                name + ".grounds",
                String.format(
                        Locale.ROOT,
                        "threshold %.2f, lexical weight %.1f",
                        grounds.threshold(),
                        grounds.lexicalWeight()));
        figures.set(name + ".abstain.precision", abstained == 0 ? 1 : (double) rightly / abstained, 4);
        figures.set(name + ".abstain.recall", (double) rightly / unanswerable, 4);
        figures.set(
                name + ".answered-of-answerable",
                1 - (double) (abstained - rightly) / (cases.size() - unanswerable),
                4);
        figures.set(name + ".accuracy", accuracy(cases, grounds), 4);
    }
}
