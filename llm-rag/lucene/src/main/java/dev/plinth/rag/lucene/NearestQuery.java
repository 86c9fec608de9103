package dev.plinth.rag.lucene;

import java.io.IOException;
import org.apache.lucene.codecs.hnsw.HnswGraphProvider;
import org.apache.lucene.codecs.perfield.PerFieldKnnVectorsFormat;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.FilteredDocIdSetIterator;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.knn.KnnCollectorManager;
import org.apache.lucene.util.Bits;
import org.jspecify.annotations.Nullable;

/** The nearest vectors of each segment: by its graph, or one by one where that is wanted or costs no more. */
final class NearestQuery extends KnnFloatVectorQuery {
    /** A search in a graph looks at about as many vectors. */
    private static final int FEW = 1_000;

    private final boolean exact;

    /** @param filter null: all */
    NearestQuery(float[] unit, int k, @Nullable Query filter, boolean exact) {
        super(ChunkDocument.VECTOR, unit, k, filter);
        this.exact = exact;
    }

    /** @param most vectors to look at: one more than may be found, or the largest number without a filter */
    @Override
    protected TopDocs approximateSearch(
            LeafReaderContext leaf, @Nullable Bits allowed, int most, KnnCollectorManager collectors)
            throws IOException {
        FloatVectorValues values = leaf.reader().getFloatVectorValues(ChunkDocument.VECTOR);
        if (values == null || values.size() == 0) {
            return super.approximateSearch(leaf, allowed, most, collectors);
        }
        boolean byGraph = !exact && Math.min(values.size(), most) > FEW && hasGraph(leaf.reader());
        return byGraph
                ? super.approximateSearch(leaf, allowed, most, collectors)
                : exactSearch(leaf, allowed(values, allowed), null);
    }

    static boolean hasGraph(LeafReader segment) {
        return segment instanceof CodecReader reader
                && reader.getVectorReader() instanceof PerFieldKnnVectorsFormat.FieldsReader fields
                && fields.getFieldReader(ChunkDocument.VECTOR) instanceof HnswGraphProvider;
    }

    private static FilteredDocIdSetIterator allowed(FloatVectorValues values, @Nullable Bits allowed) {
        return new FilteredDocIdSetIterator(values) {
            @Override
            protected boolean match(int doc) {
                return allowed == null || allowed.get(doc);
            }
        };
    }
}
