package dev.plinth.rag.lucene;

import java.io.IOException;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.lucene912.Lucene912Codec;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;

/**
 * Lucene's own format of vectors under its own name, so that any Lucene can read it, but without its limit of 1,024
 * dimensions.
 */
final class GraphFormat extends KnnVectorsFormat {
    /** The most that Lucene's arithmetic on pages of memory was made for; models have up to 4,096. */
    static final int MOST_DIMENSIONS = 16_384;

    private final KnnVectorsFormat format;

    private GraphFormat(KnnVectorsFormat format) {
        super(format.getName());
        this.format = format;
    }

    /** Lucene's codec with graphs of this kind. */
    static Codec codec(int neighbours, int candidates) {
        KnnVectorsFormat graphs = new GraphFormat(new Lucene99HnswVectorsFormat(neighbours, candidates));
        return new Lucene912Codec() {
            @Override
            public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                return graphs;
            }
        };
    }

    @Override
    public KnnVectorsWriter fieldsWriter(SegmentWriteState state) throws IOException {
        return format.fieldsWriter(state);
    }

    @Override
    public KnnVectorsReader fieldsReader(SegmentReadState state) throws IOException {
        return format.fieldsReader(state);
    }

    @Override
    public int getMaxDimensions(String field) {
        return MOST_DIMENSIONS;
    }
}
