package dev.plinth.rag.retrieve;

import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.RetrievalRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Puts the best matches at both ends and the weakest in the middle, where models read least carefully (Liu et al., "Lost
 * in the Middle: How Language Models Use Long Contexts", TACL 2024): the first stays first, the second becomes the last,
 * the third the second, and so on. The list is then no longer best first, so let this be the last step.
 */
public final class EdgesFirst implements Refinement {
    private static final EdgesFirst INSTANCE = new EdgesFirst();

    private EdgesFirst() {}

    /** The only one. */
    public static EdgesFirst order() {
        return INSTANCE;
    }

    @Override
    public List<Match> refine(RetrievalRequest request, List<Match> matches) {
        List<Match> front = new ArrayList<>();
        Deque<Match> back = new ArrayDeque<>();
        for (int i = 0; i < Math.min(request.k(), matches.size()); i++) {
            if (i % 2 == 0) {
                front.add(matches.get(i));
            } else {
                back.addFirst(matches.get(i));
            }
        }
        front.addAll(back);
        return front;
    }
}
