package dev.plinth.rag.lucene;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.rag.index.StoreBytes;
import dev.plinth.rag.text.Analyzer;
import dev.plinth.rag.text.SearchText;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexableField;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/** A chunk as a document: whole in one stored field, and what it is found by in others. */
final class ChunkDocument {
    static final String WORDS = "words";
    static final String VECTOR = "vector";

    private static final String CHUNK = "chunk";
    private static final FieldType COUNTED = new FieldType(TextField.TYPE_NOT_STORED);

    static {
        COUNTED.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
        COUNTED.freeze();
    }

    private ChunkDocument() {}

    static Document of(Chunk chunk, Analyzer analyzer) {
        Document document = new Document();
        document.add(Keys.field(Keys.chunk(chunk.id())));
        document.add(new StoredField(CHUNK, StoreBytes.of(chunk)));
        document.add(new Field(WORDS, new WordStream(analyzer.terms(SearchText.of(chunk))), COUNTED));
        Facts.addTo(document, chunk.metadata());
        return document;
    }

    /** The same document with a vector. */
    static Document withVector(Document document, float[] unit) {
        Document copy = new Document();
        document.forEach(copy::add);
        copy.add(new KnnFloatVectorField(VECTOR, unit, VectorSimilarityFunction.DOT_PRODUCT));
        return copy;
    }

    /** The vector of a document that was not written yet; null: it has none. */
    static float @Nullable [] vector(Document document) {
        IndexableField field = document.getField(VECTOR);
        return field instanceof KnnFloatVectorField vector ? vector.vectorValue() : null;
    }

    /** The vector of a document; null: it has none. */
    static float @Nullable [] vector(IndexReader reader, int doc) throws IOException {
        LeafReaderContext leaf = reader.leaves().get(ReaderUtil.subIndex(doc, reader.leaves()));
        FloatVectorValues values = leaf.reader().getFloatVectorValues(VECTOR);
        int own = doc - leaf.docBase;
        if (values == null || values.advance(own) != own) {
            return null;
        }
        float[] vector = values.vectorValue();
        return Arrays.copyOf(vector, vector.length);
    }

    static Chunk chunk(StoredFields stored, int doc) throws IOException {
        BytesRef bytes = stored.document(doc, Set.of(CHUNK)).getBinaryValue(CHUNK);
        if (bytes == null) {
            throw new IOException("document " + doc + ": no chunk (expected: one)");
        }
        return StoreBytes.chunk(BytesRef.deepCopyOf(bytes).bytes);
    }
}
