package dev.plinth.rag.retrieve;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.ContextTooLongException;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.rag.text.SearchText;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Takes matches in their order, as many as are wanted and fit into a number of tokens together. One that does not fit is
 * passed over for the next that does.
 */
public final class TokenBudget implements Refinement {
    private final long tokens;
    private final ToLongFunction<String> count;

    private TokenBudget(long tokens, ToLongFunction<String> count) {
        this.tokens = tokens;
        this.count = count;
    }

    /**
     * This many tokens.
     *
     * @param count how many tokens a text has; called for each match, so it must not ask a server
     */
    public static TokenBudget of(long tokens, ToLongFunction<String> count) {
        return new TokenBudget(Check.positive(tokens, "tokens"), Check.notNull(count, "count"));
    }

    /** @throws ContextTooLongException if there are matches and none fits */
    @Override
    public List<Match> refine(RetrievalRequest request, List<Match> matches) {
        List<Match> taken = new ArrayList<>();
        long left = tokens;
        long least = Long.MAX_VALUE;
        for (int i = 0; i < matches.size() && taken.size() < request.k(); i++) {
            long size = count.applyAsLong(SearchText.of(matches.get(i).chunk()));
            least = Math.min(least, size);
            if (size <= left) {
                left -= size;
                taken.add(matches.get(i));
            }
        }
        if (taken.isEmpty() && !matches.isEmpty()) {
            throw new ContextTooLongException("tokens: " + tokens + " (expected: at least " + least
                    + ", the size of the smallest text that was found)");
        }
        return taken;
    }
}
