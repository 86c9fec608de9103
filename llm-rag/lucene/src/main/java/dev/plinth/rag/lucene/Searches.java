package dev.plinth.rag.lucene;

import dev.plinth.api.context.Cancellation;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Filter;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.TextQuery;
import dev.plinth.api.retrieval.VectorQuery;
import dev.plinth.api.retrieval.VectorStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.FieldExistsQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.jspecify.annotations.Nullable;

/** What is asked of one state of the index. */
final class Searches {
    private Searches() {}

    static List<Match> byVector(IndexSearcher searcher, Settings settings, float[] unit, VectorQuery query)
            throws IOException {
        Cancellation.check();
        int all = Math.max(1, searcher.getIndexReader().maxDoc());
        int wanted = Math.min(all, query.k());
        int candidates = (int) Math.min(all, (long) wanted * settings.oversampling());
        Query filter = query.filter() instanceof Filter.All ? null : FilterQuery.of(query.filter());
        TopDocs found = searcher.search(new NearestQuery(unit, candidates, filter, settings.exact()), wanted);
        if (found.scoreDocs.length < wanted && found.scoreDocs.length < withVector(searcher, filter)) {
            // A graph may fall apart into pieces that do not reach each other.
            found = searcher.search(new NearestQuery(unit, wanted, filter, true), wanted);
        }
        List<Match> matches = new ArrayList<>(found.scoreDocs.length);
        StoredFields stored = searcher.storedFields();
        for (ScoreDoc one : found.scoreDocs) {
            double cosine = 2.0 * one.score - 1; // Lucene's scores are never negative
            matches.add(new Match(ChunkDocument.chunk(stored, one.doc), Math.min(1, Math.max(-1, cosine))));
        }
        return matches;
    }

    private static int withVector(IndexSearcher searcher, @Nullable Query filter) throws IOException {
        return searcher.count(new BooleanQuery.Builder()
                .add(new FieldExistsQuery(ChunkDocument.VECTOR), Occur.FILTER)
                .add(filter == null ? new MatchAllDocsQuery() : filter, Occur.FILTER)
                .build());
    }

    static List<Match> byWords(IndexSearcher searcher, List<String> words, TextQuery query) throws IOException {
        Cancellation.check();
        if (words.isEmpty()) {
            return List.of();
        }
        Query both = new BooleanQuery.Builder()
                .add(WordQuery.of(searcher.getIndexReader(), words), Occur.MUST)
                .add(FilterQuery.of(query.filter()), Occur.FILTER)
                .build();
        List<Match> matches = new ArrayList<>();
        StoredFields stored = searcher.storedFields();
        for (ScoreDoc one : searcher.search(both, query.k()).scoreDocs) {
            matches.add(new Match(ChunkDocument.chunk(stored, one.doc), one.score));
        }
        return matches;
    }

    static List<Embedded> fetch(IndexSearcher searcher, Collection<String> ids) throws IOException {
        List<Embedded> found = new ArrayList<>();
        StoredFields stored = searcher.storedFields();
        for (int doc : Keys.find(
                searcher.getIndexReader(), ids.stream().map(Keys::chunk).toList())) {
            embedded(searcher.getIndexReader(), stored, doc).ifPresent(found::add);
        }
        return found;
    }

    /** In the order of the ids; the cursor is the last one. */
    static VectorStore.Page scan(IndexSearcher searcher, @Nullable String cursor, int limit) throws IOException {
        Keys.Walk walk =
                new Keys.Walk(searcher.getIndexReader(), Keys.CHUNKS, cursor == null ? null : Keys.chunk(cursor));
        StoredFields stored = searcher.storedFields();
        List<Embedded> found = new ArrayList<>();
        for (int doc = walk.next(); doc >= 0; doc = walk.next()) {
            embedded(searcher.getIndexReader(), stored, doc).ifPresent(found::add);
            if (found.size() == limit) {
                return new VectorStore.Page(found, found.get(limit - 1).chunk().id());
            }
        }
        return new VectorStore.Page(found, null);
    }

    private static Optional<Embedded> embedded(IndexReader reader, StoredFields stored, int doc) throws IOException {
        float[] vector = ChunkDocument.vector(reader, doc);
        return vector == null ? Optional.empty() : Optional.of(new Embedded(ChunkDocument.chunk(stored, doc), vector));
    }

    static long size(IndexSearcher searcher) throws IOException {
        return searcher.count(new TermQuery(new Term(Facts.TERMS, Facts.CHUNK)));
    }
}
