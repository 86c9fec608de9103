package dev.plinth.rag.retrieve;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.ForwardingRetriever;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.Retrieval;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.retrieval.Retriever;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds small chunks and gives the larger pieces they were cut from, see
 * {@link dev.plinth.rag.split.ParentChildSplitter}. Several children of one parent become one match, in the place and
 * with the score of the best of them; it has the text and the place of the parent, and the id, headings and metadata of
 * that child. A chunk without a parent stays as it is.
 *
 * <p>It asks once, for twenty times as many chunks as are wanted, but for no more than 1,000 unless more are wanted:
 * enough where a parent has no more than twenty children, while of larger families fewer parents than wanted may be
 * found. As thread-safe as the other retriever; errors are the other's.
 */
public final class ParentRetriever extends ForwardingRetriever {
    private static final int CHILDREN = 20;
    private static final int MOST = 1000;

    private ParentRetriever(Retriever children) {
        super(children);
    }

    /** Over a retriever that finds the small chunks. */
    public static ParentRetriever over(Retriever children) {
        return new ParentRetriever(children);
    }

    @Override
    public Retrieval retrieve(RetrievalRequest request) {
        int k = request.k();
        int children = (int) Math.max(k, Math.min((long) k * CHILDREN, MOST));
        Retrieval found = next().retrieve(request.top(children));
        List<Match> matches = parents(found.matches());
        return new Retrieval(found.queries(), matches.subList(0, Math.min(k, matches.size())));
    }

    /** Where a piece stands: two chunks of one parent have the same. */
    private record Place(String source, String documentId, Object piece) {}

    private static List<Match> parents(List<Match> children) {
        Map<Place, Match> parents = new LinkedHashMap<>();
        for (Match match : children) {
            Chunk chunk = match.chunk();
            Chunk.Parent parent = chunk.parent();
            Object piece = parent == null ? chunk.id() : parent.span();
            parents.putIfAbsent(
                    new Place(chunk.source(), chunk.documentId(), piece),
                    parent == null ? match : new Match(read(chunk, parent), match.score()));
        }
        return List.copyOf(parents.values());
    }

    private static Chunk read(Chunk child, Chunk.Parent parent) {
        return new Chunk(
                child.id(),
                child.documentId(),
                child.source(),
                parent.text(),
                parent.span(),
                child.headings(),
                child.metadata());
    }
}
