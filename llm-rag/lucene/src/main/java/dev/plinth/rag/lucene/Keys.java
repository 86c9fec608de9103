package dev.plinth.rag.lucene;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexableField;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.MultiBits;
import org.apache.lucene.index.MultiTerms;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.StringHelper;
import org.jspecify.annotations.Nullable;

/** Finds documents by the one term that each has to itself. A document is named by its number in a reader. */
final class Keys {
    /** How the keys of all chunks begin. */
    static final BytesRef CHUNKS = TextBytes.term('c');

    /** How the keys of all entries of the ledger begin. */
    static final BytesRef ENTRIES = TextBytes.term('d');

    /** How the keys of all checkpoints begin. */
    static final BytesRef CHECKPOINTS = TextBytes.term('s');

    private static final String FIELD = "key";

    private Keys() {}

    static BytesRef chunk(String id) {
        return TextBytes.term('c', TextBytes.part(id));
    }

    static BytesRef entry(String source, String documentId) {
        return TextBytes.term('d', TextBytes.part(source), TextBytes.part(documentId));
    }

    /** How the keys of all entries of a source begin. */
    static BytesRef entries(String source) {
        return TextBytes.term('d', TextBytes.part(source), new byte[0]);
    }

    static BytesRef checkpoint(String source) {
        return TextBytes.term('s', TextBytes.part(source));
    }

    static Term term(BytesRef key) {
        return new Term(FIELD, key);
    }

    static IndexableField field(BytesRef key) {
        return new StringField(FIELD, key, Field.Store.NO);
    }

    /** The documents of these keys; unknown ones are passed over. */
    static List<Integer> find(IndexReader reader, Collection<BytesRef> keys) throws IOException {
        Collection<BytesRef> sorted = new TreeSet<>(keys);
        List<Integer> found = new ArrayList<>();
        for (LeafReaderContext leaf : reader.leaves()) {
            Terms terms = Terms.getTerms(leaf.reader(), FIELD);
            TermsEnum places = terms.iterator();
            PostingsEnum reuse = null;
            for (BytesRef key : sorted) {
                if (places.seekExact(key)) {
                    reuse = places.postings(reuse, PostingsEnum.NONE);
                    int doc = live(reuse, leaf.reader().getLiveDocs());
                    if (doc != DocIdSetIterator.NO_MORE_DOCS) {
                        found.add(leaf.docBase + doc);
                    }
                }
            }
        }
        return found;
    }

    private static int live(PostingsEnum places, @Nullable Bits live) throws IOException {
        int doc = places.nextDoc();
        while (doc != DocIdSetIterator.NO_MORE_DOCS && live != null && !live.get(doc)) {
            doc = places.nextDoc();
        }
        return doc;
    }

    /** Goes through documents in the order of their keys. */
    static final class Walk {
        private final BytesRef start;
        private final @Nullable Bits live;
        private final TermsEnum terms;
        private @Nullable PostingsEnum reuse;
        private @Nullable BytesRef key;

        /**
         * Goes through those whose keys begin so.
         *
         * @param after behind this key; null: from the start
         */
        Walk(IndexReader reader, BytesRef start, @Nullable BytesRef after) throws IOException {
            this.start = start;
            this.live = MultiBits.getLiveDocs(reader);
            Terms all = MultiTerms.getTerms(reader, FIELD);
            this.terms = all == null ? TermsEnum.EMPTY : all.iterator();
            skipTo(after == null ? start : after);
            if (key != null && key.equals(after)) {
                key = terms.next();
            }
        }

        /** The next document, or -1 at the end. */
        int next() throws IOException {
            while (key != null && begins(key)) {
                reuse = terms.postings(reuse, PostingsEnum.NONE);
                int doc = live(reuse, live);
                key = terms.next();
                if (doc != DocIdSetIterator.NO_MORE_DOCS) {
                    return doc;
                }
            }
            return -1;
        }

        /** Goes on at this key, or the first behind it. */
        void skipTo(BytesRef next) throws IOException {
            key = terms.seekCeil(next) == TermsEnum.SeekStatus.END ? null : terms.term();
        }

        private boolean begins(BytesRef key) {
            return StringHelper.startsWith(key, start);
        }
    }
}
