package dev.plinth.rag.retrieve;

import dev.plinth.api.check.Check;
import dev.plinth.api.retrieval.ForwardingRetriever;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.Retrieval;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.retrieval.Retriever;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes more matches from another retriever than are wanted, sends them through steps, and gives the first of what is
 * left.
 *
 * <pre>{@code
 * Retriever retriever = RefinedRetriever.builder(HybridRetriever.over(index, model))
 *         .then(Reranking.by(reranker))
 *         .then(TokenBudget.of(3000, counter::count))
 *         .build();
 * }</pre>
 *
 * <p>Default: 50 candidates, or as many as are wanted if that is more. As thread-safe as its parts; errors are theirs.
 */
public final class RefinedRetriever extends ForwardingRetriever {
    private final int candidates;
    private final List<Refinement> steps;

    private RefinedRetriever(Builder builder) {
        super(builder.retriever);
        this.candidates = builder.candidates;
        this.steps = List.copyOf(builder.steps);
    }

    /** A builder over the retriever that finds the candidates. */
    public static Builder builder(Retriever retriever) {
        return new Builder(Check.notNull(retriever, "retriever"));
    }

    /** The context is made current, for the steps too: stores look there for its deadline. */
    @Override
    public Retrieval retrieve(RetrievalRequest request) {
        return request.context().call(() -> refined(request));
    }

    private Retrieval refined(RetrievalRequest request) {
        Retrieval found = next().retrieve(request.top(Math.max(candidates, request.k())));
        // A follow-up question means little alone: steps judge by what was made of it.
        RetrievalRequest asked =
                found.queries().size() == 1 ? request.asking(found.queries().get(0)) : request;
        List<Match> matches = found.matches();
        for (Refinement step : steps) {
            if (!matches.isEmpty()) {
                matches = step.refine(asked, matches);
            }
        }
        return new Retrieval(found.queries(), matches.subList(0, Math.min(request.k(), matches.size())));
    }

    /** Not thread-safe. */
    public static final class Builder {
        private final Retriever retriever;
        private final List<Refinement> steps = new ArrayList<>();
        private int candidates = 50;

        private Builder(Retriever retriever) {
            this.retriever = retriever;
        }

        /** How many matches the first step gets, or k if that is more. */
        public Builder candidates(int candidates) {
            this.candidates = Check.positive(candidates, "candidates");
            return this;
        }

        /** The next step. */
        public Builder then(Refinement step) {
            steps.add(Check.notNull(step, "step"));
            return this;
        }

        /** The retriever. */
        public RefinedRetriever build() {
            return new RefinedRetriever(this);
        }
    }
}
