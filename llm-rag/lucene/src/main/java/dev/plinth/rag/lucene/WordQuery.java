package dev.plinth.rag.lucene;

import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.BytesRef;

/** Chunks that share words with a query. A word asked for twice counts twice. */
final class WordQuery {
    /** Of a longer query the rarest words count. Together with a filter this is below what Lucene allows. */
    static final int MOST_WORDS = 500;

    private WordQuery() {}

    static BooleanQuery of(IndexReader reader, List<String> words) throws IOException {
        Map<BytesRef, Integer> counts = new LinkedHashMap<>();
        words.forEach(word -> counts.merge(WordStream.term(word), 1, Integer::sum));
        BooleanQuery.Builder query = new BooleanQuery.Builder();
        for (BytesRef word : rarest(reader, counts.keySet())) {
            TermQuery one = new TermQuery(new Term(ChunkDocument.WORDS, word));
            query.add(new BoostQuery(one, counts.getOrDefault(word, 1)), Occur.SHOULD);
        }
        return query.build();
    }

    private static Collection<BytesRef> rarest(IndexReader reader, Collection<BytesRef> words) throws IOException {
        if (words.size() <= MOST_WORDS) {
            return words;
        }
        Map<BytesRef, Integer> frequency = new HashMap<>();
        for (BytesRef word : words) {
            int documents = reader.docFreq(new Term(ChunkDocument.WORDS, word));
            if (documents > 0) {
                frequency.put(word, documents);
            }
        }
        return frequency.entrySet().stream()
                .sorted(Map.Entry.<BytesRef, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .limit(MOST_WORDS)
                .map(Map.Entry::getKey)
                .toList();
    }
}
