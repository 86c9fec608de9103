package dev.plinth.rag.lucene;

import java.util.List;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.BytesTermAttribute;
import org.apache.lucene.util.BytesRef;

/** Words that an analyzer of Plinth made, handed to Lucene one by one. */
final class WordStream extends TokenStream {
    private final BytesTermAttribute term = addAttribute(BytesTermAttribute.class);
    private final List<String> words;
    private int next;

    WordStream(List<String> words) {
        this.words = words;
    }

    /** A word as a term. */
    static BytesRef term(String word) {
        return new BytesRef(TextBytes.part(word));
    }

    @Override
    public boolean incrementToken() {
        if (next == words.size()) {
            return false;
        }
        clearAttributes();
        term.setBytesRef(term(words.get(next++)));
        return true;
    }

    @Override
    public void reset() {
        next = 0;
    }
}
