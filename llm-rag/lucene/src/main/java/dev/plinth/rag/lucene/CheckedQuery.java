package dev.plinth.rag.lucene;

import dev.plinth.api.retrieval.Filter;
import java.io.IOException;
import java.util.Objects;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.search.ConstantScoreScorer;
import org.apache.lucene.search.ConstantScoreWeight;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.TwoPhaseIterator;
import org.apache.lucene.search.Weight;
import org.jspecify.annotations.Nullable;

/** Those of some chunks that pass a filter, asked of the filter itself: slow, for what terms cannot say. */
final class CheckedQuery extends Query {
    private final Query candidates;
    private final Filter filter;

    CheckedQuery(Query candidates, Filter filter) {
        this.candidates = candidates;
        this.filter = filter;
    }

    @Override
    public Query rewrite(IndexSearcher searcher) throws IOException {
        Query rewritten = candidates.rewrite(searcher);
        return rewritten.equals(candidates) ? this : new CheckedQuery(rewritten, filter);
    }

    @Override
    public Weight createWeight(IndexSearcher searcher, ScoreMode scoreMode, float boost) throws IOException {
        Weight inner = searcher.createWeight(candidates, ScoreMode.COMPLETE_NO_SCORES, 1);
        return new ConstantScoreWeight(this, boost) {
            @Override
            public @Nullable Scorer scorer(LeafReaderContext leaf) throws IOException {
                Scorer found = inner.scorer(leaf);
                return found == null
                        ? null
                        : new ConstantScoreScorer(
                                this,
                                score(),
                                scoreMode,
                                checked(found.iterator(), leaf.reader().storedFields()));
            }

            @Override
            public boolean isCacheable(LeafReaderContext leaf) {
                return true;
            }
        };
    }

    private TwoPhaseIterator checked(DocIdSetIterator found, StoredFields stored) {
        return new TwoPhaseIterator(found) {
            @Override
            public boolean matches() throws IOException {
                return filter.matches(ChunkDocument.chunk(stored, found.docID()).metadata());
            }

            @Override
            public float matchCost() {
                return 10_000; // a chunk is read
            }
        };
    }

    @Override
    public void visit(QueryVisitor visitor) {
        visitor.visitLeaf(this);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CheckedQuery that && candidates.equals(that.candidates) && filter.equals(that.filter);
    }

    @Override
    public int hashCode() {
        return Objects.hash(candidates, filter);
    }

    @Override
    public String toString(String field) {
        return "CheckedQuery[" + candidates.toString(field) + "]";
    }
}
