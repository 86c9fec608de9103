package dev.plinth.rag.lucene;

import dev.plinth.api.retrieval.Ledger;
import dev.plinth.rag.index.SortableBytes;
import dev.plinth.rag.index.StoreBytes;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/** What a ledger remembers, as documents that no search finds, and how they are found. */
final class LedgerDocument {
    private static final String SOURCE = "source";
    private static final String ID = "id";
    private static final String REMEMBERED = "remembered";

    private LedgerDocument() {}

    static Document of(String source, String documentId, Ledger.Entry entry) {
        Document document = new Document();
        document.add(Keys.field(Keys.entry(source, documentId)));
        document.add(new StoredField(SOURCE, SortableBytes.of(source)));
        document.add(new StoredField(ID, SortableBytes.of(documentId)));
        document.add(new StoredField(REMEMBERED, StoreBytes.of(entry)));
        return document;
    }

    static Document of(String source, Ledger.Checkpoint checkpoint) {
        Document document = new Document();
        document.add(Keys.field(Keys.checkpoint(source)));
        document.add(new StoredField(SOURCE, SortableBytes.of(source)));
        document.add(new StoredField(REMEMBERED, StoreBytes.of(checkpoint)));
        return document;
    }

    static Map<String, Ledger.Entry> find(IndexSearcher searcher, String source, Collection<String> ids)
            throws IOException {
        List<BytesRef> keys = ids.stream().map(id -> Keys.entry(source, id)).toList();
        StoredFields stored = searcher.storedFields();
        Map<String, Ledger.Entry> found = new LinkedHashMap<>();
        for (int doc : Keys.find(searcher.getIndexReader(), keys)) {
            addTo(found, stored.document(doc));
        }
        return found;
    }

    static Map<String, Ledger.Entry> list(IndexSearcher searcher, String source, @Nullable String after, int limit)
            throws IOException {
        StoredFields stored = searcher.storedFields();
        Keys.Walk walk = new Keys.Walk(
                searcher.getIndexReader(), Keys.entries(source), after == null ? null : Keys.entry(source, after));
        Map<String, Ledger.Entry> found = new LinkedHashMap<>();
        for (int doc = walk.next(); doc >= 0; doc = walk.next()) {
            addTo(found, stored.document(doc));
            if (found.size() == limit) {
                break;
            }
        }
        return found;
    }

    private static void addTo(Map<String, Ledger.Entry> found, Document document) {
        found.put(SortableBytes.text(copy(document, ID)), StoreBytes.entry(copy(document, REMEMBERED)));
    }

    static Optional<Ledger.Checkpoint> checkpoint(IndexSearcher searcher, String source) throws IOException {
        List<Integer> docs = Keys.find(searcher.getIndexReader(), List.of(Keys.checkpoint(source)));
        return docs.isEmpty()
                ? Optional.empty()
                : Optional.of(StoreBytes.checkpoint(copy(searcher.storedFields().document(docs.get(0)), REMEMBERED)));
    }

    /** The sources of entries and checkpoints. Of each source only the first entry is read. */
    static Set<String> sources(IndexSearcher searcher) throws IOException {
        Set<String> sources = new TreeSet<>();
        StoredFields stored = searcher.storedFields();
        for (BytesRef kind : List.of(Keys.ENTRIES, Keys.CHECKPOINTS)) {
            Keys.Walk walk = new Keys.Walk(searcher.getIndexReader(), kind, null);
            for (int doc = walk.next(); doc >= 0; doc = walk.next()) {
                String source = SortableBytes.text(copy(stored.document(doc, Set.of(SOURCE)), SOURCE));
                sources.add(source);
                if (kind.equals(Keys.ENTRIES)) {
                    walk.skipTo(TextBytes.after(Keys.entries(source)));
                }
            }
        }
        return sources;
    }

    private static byte[] copy(Document document, String field) {
        BytesRef bytes = document.getBinaryValue(field);
        if (bytes == null) {
            throw new IllegalStateException("document of the ledger: no " + field + " (expected: one)");
        }
        return BytesRef.deepCopyOf(bytes).bytes;
    }
}
