package dev.plinth.rag.split;

import dev.plinth.api.check.Check;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Document;
import dev.plinth.rag.text.Sentences;
import java.util.List;

/**
 * Cuts a text into chunks of whole sentences, as {@link Sentences} finds them: as many as fit, or up to a number. A
 * sentence that is too large is cut at white space, at last anywhere but inside a surrogate pair; its parts then count
 * as sentences.
 *
 * <p>Defaults: at most 1,000 characters ({@code char}), any number of sentences, no overlap.
 *
 * <p>With an overlap, every chunk but the first starts with exactly that many last sentences of the chunk before it;
 * with fewer where that chunk has no more of them than that, or where they leave no room for the next sentence.
 *
 * <p>Immutable and thread-safe.
 */
public final class SentenceSplitter implements Splitter {
    private final Size size;
    private final int maxSentences;
    private final int overlap;

    private SentenceSplitter(Size size, int maxSentences, int overlap) {
        this.size = size;
        this.maxSentences = maxSentences;
        this.overlap = overlap;
    }

    /** With the defaults. */
    public static SentenceSplitter create() {
        return new SentenceSplitter(Size.of(1000), Integer.MAX_VALUE, 0);
    }

    /** The same with chunks of at most this many characters, 16 or more. */
    public SentenceSplitter maxSize(int characters) {
        return new SentenceSplitter(size.withMax(characters), maxSentences, overlap);
    }

    /** The same with chunks of at most this many sentences, more than the overlap. */
    public SentenceSplitter maxSentences(int sentences) {
        Check.that(sentences > overlap, "maxSentences", sentences, "> " + overlap + ", the overlap");
        return new SentenceSplitter(size, sentences, overlap);
    }

    /** The same with this many sentences shared by neighbours, fewer than a chunk may have. */
    public SentenceSplitter overlap(int sentences) {
        Check.that(sentences >= 0 && sentences < maxSentences, "overlap", sentences, "0 to " + (maxSentences - 1));
        return new SentenceSplitter(size, maxSentences, sentences);
    }

    @Override
    public String fingerprint() {
        return "sentence-1/" + size.max() + "/" + maxSentences + "/" + overlap;
    }

    @Override
    public List<Chunk> split(Document document) {
        String text = document.text();
        List<Span> sentences = new Cutter(text, size.max()).sentences(0, text.length());
        Pieces pieces = new Pieces(document);
        int from = 0;
        int to = 0;
        while (to < sentences.size()) {
            from = start(sentences, from, to);
            to = end(sentences, from, to);
            pieces.add(sentences.get(from).start(), sentences.get(to - 1).end());
        }
        return pieces.chunks();
    }

    /** The first sentence of the chunk after one of {@code from} to {@code to}, exclusive. */
    private int start(List<Span> sentences, int from, int to) {
        int start = Math.max(to - overlap, Math.min(from + 1, to));
        while (length(sentences, start, to + 1) > size.max()) {
            start++;
        }
        return start;
    }

    private int end(List<Span> sentences, int from, int least) {
        int end = least + 1;
        while (end < sentences.size() && end - from < maxSentences && length(sentences, from, end + 1) <= size.max()) {
            end++;
        }
        return end;
    }

    private static int length(List<Span> sentences, int from, int to) {
        return sentences.get(to - 1).end() - sentences.get(from).start();
    }
}
