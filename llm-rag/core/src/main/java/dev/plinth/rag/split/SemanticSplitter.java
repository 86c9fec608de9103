package dev.plinth.rag.split;

import dev.plinth.api.check.Check;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Document;
import java.util.List;

/**
 * Cuts a text where its subject changes: each sentence is embedded together with its neighbours, and where the cosine
 * distance from one sentence to the next is above a percentile of all distances in the document, a chunk ends (Kamradt:
 * The 5 Levels Of Text Splitting For Retrieval, 2023). A part that is still too large is cut at its largest distance,
 * again and again; one that is too small goes with the part before it.
 *
 * <p>Defaults: 200 to 1,000 characters ({@code char}), the 95th percentile, one neighbour on each side. The lower bound
 * is a wish: the last part of a document, or what stands between large sentences, may be smaller. No overlap. A sentence
 * that is too large is cut at white space, at last anywhere but inside a surrogate pair.
 *
 * <p>{@link #split} asks the model about as many times as the document has sentences divided by 64, and fails as the
 * model fails. The same document gives the same chunks if the model gives the same vectors. Immutable, and thread-safe
 * if the model is.
 */
public final class SemanticSplitter implements Splitter {
    private final EmbeddingModel model;
    private final Size size;
    private final int minSize;
    private final double percentile;
    private final int neighbours;

    private SemanticSplitter(EmbeddingModel model, Size size, int minSize, double percentile, int neighbours) {
        this.model = model;
        this.size = size;
        this.minSize = minSize;
        this.percentile = percentile;
        this.neighbours = neighbours;
    }

    /** By the vectors of this model, with the defaults. */
    public static SemanticSplitter by(EmbeddingModel model) {
        return new SemanticSplitter(Check.notNull(model, "model"), Size.of(1000), 200, 95, 1);
    }

    /** The same with chunks of at most this many characters, 16 or more and at least twice the least. */
    public SemanticSplitter maxSize(int characters) {
        Check.that(characters >= 2 * minSize, "maxSize", characters, ">= " + 2 * minSize + ", twice the least size");
        return new SemanticSplitter(model, size.withMax(characters), minSize, percentile, neighbours);
    }

    /** The same with chunks of at least this many characters where that can be, 0 to half the size. */
    public SemanticSplitter minSize(int characters) {
        Check.that(characters >= 0 && characters <= size.max() / 2, "minSize", characters, "0 to " + size.max() / 2);
        return new SemanticSplitter(model, size, characters, percentile, neighbours);
    }

    /** The same with a cut where the distance is above this share of all distances, 0 to 100. */
    public SemanticSplitter percentile(double percentile) {
        Check.within(percentile, 0, 100, "percentile");
        return new SemanticSplitter(model, size, minSize, percentile, neighbours);
    }

    /** The same with sentences embedded together with this many on each side, 0 to 10. */
    public SemanticSplitter neighbours(int sentences) {
        Check.that(sentences >= 0 && sentences <= 10, "neighbours", sentences, "0 to 10");
        return new SemanticSplitter(model, size, minSize, percentile, sentences);
    }

    @Override
    public String fingerprint() {
        return "semantic-1/" + model.info().model() + "/" + minSize + "-" + size.max() + "/" + percentile + "/"
                + neighbours;
    }

    /**
     * {@inheritDoc}
     *
     * @throws dev.plinth.api.error.LlmException as the model does
     */
    @Override
    public List<Chunk> split(Document document) {
        String text = document.text();
        List<Span> sentences = new Cutter(text, size.max()).sentences(0, text.length());
        float[] distances = SentenceDistances.of(text, sentences, model, neighbours);
        Breakpoints breakpoints = new Breakpoints(sentences, distances, minSize, size.max());
        Pieces pieces = new Pieces(document);
        int start = 0;
        for (int end : breakpoints.above(percentile)) {
            pieces.add(sentences.get(start).start(), sentences.get(end - 1).end());
            start = end;
        }
        return pieces.chunks();
    }
}
