package dev.plinth.rag.lucene.internal;

import java.io.IOException;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.KnnFieldVectorsWriter;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.hnsw.FlatVectorScorerUtil;
import org.apache.lucene.codecs.lucene912.Lucene912Codec;
import org.apache.lucene.codecs.lucene99.Lucene99FlatVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexFileNames;
import org.apache.lucene.index.MergeState;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;
import org.apache.lucene.index.Sorter;
import org.jspecify.annotations.Nullable;

/**
 * How vectors are written: as Lucene itself does, but without its limit of 1,024 dimensions, and with a graph only in
 * segments that were merged from many vectors, since most graphs of small ones would be thrown away before they were of
 * use.
 *
 * @apiNote Public for Lucene, which finds it by its name when it reads an index.
 */
public final class GraphFormat extends KnnVectorsFormat {
    /** The most that Lucene's arithmetic on pages of memory was made for; models have up to 4,096. */
    public static final int MOST_DIMENSIONS = 16_384;

    private static final int FEWEST_IN_GRAPH = 2_000;
    private static final String GRAPH_EXTENSION = "vem";

    private final KnnVectorsFormat flat =
            new Lucene99FlatVectorsFormat(FlatVectorScorerUtil.getLucene99FlatVectorsScorer());
    private final KnnVectorsFormat graph;

    /** For reading. */
    public GraphFormat() {
        this(Lucene99HnswVectorsFormat.DEFAULT_MAX_CONN, Lucene99HnswVectorsFormat.DEFAULT_BEAM_WIDTH);
    }

    private GraphFormat(int neighbours, int candidates) {
        super("PlinthGraph");
        this.graph = new Lucene99HnswVectorsFormat(neighbours, candidates);
    }

    /** Lucene's codec with graphs of this kind. */
    public static Codec codec(int neighbours, int candidates) {
        KnnVectorsFormat format = new GraphFormat(neighbours, candidates);
        return new Lucene912Codec() {
            @Override
            public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                return format;
            }
        };
    }

    @Override
    public KnnVectorsWriter fieldsWriter(SegmentWriteState state) {
        return new Writer(state);
    }

    @Override
    public KnnVectorsReader fieldsReader(SegmentReadState state) throws IOException {
        String name = IndexFileNames.segmentFileName(state.segmentInfo.name, state.segmentSuffix, GRAPH_EXTENSION);
        for (String file : state.directory.listAll()) {
            if (file.equals(name)) {
                return graph.fieldsReader(state);
            }
        }
        return flat.fieldsReader(state);
    }

    @Override
    public int getMaxDimensions(String field) {
        return MOST_DIMENSIONS;
    }

    /** Writes one field, in the format that is chosen when its vectors come. */
    private final class Writer extends KnnVectorsWriter {
        private final SegmentWriteState state;
        private @Nullable KnnVectorsWriter chosen;

        Writer(SegmentWriteState state) {
            this.state = state;
        }

        @Override
        public KnnFieldVectorsWriter<?> addField(FieldInfo field) throws IOException {
            return choose(flat).addField(field);
        }

        @Override
        public void mergeOneField(FieldInfo field, MergeState merge) throws IOException {
            int vectors = 0;
            for (KnnVectorsReader reader : merge.knnVectorsReaders) {
                FloatVectorValues values = reader == null ? null : reader.getFloatVectorValues(field.name);
                vectors += values == null ? 0 : values.size();
            }
            choose(vectors < FEWEST_IN_GRAPH ? flat : graph).mergeOneField(field, merge);
        }

        private KnnVectorsWriter choose(KnnVectorsFormat format) throws IOException {
            if (chosen == null) {
                chosen = format.fieldsWriter(state);
            }
            return chosen;
        }

        @Override
        public void flush(int documents, Sorter.@Nullable DocMap order) throws IOException {
            choose(flat).flush(documents, order);
        }

        @Override
        public void finish() throws IOException {
            choose(flat).finish();
        }

        @Override
        public void close() throws IOException {
            if (chosen != null) {
                chosen.close();
            }
        }

        @Override
        public long ramBytesUsed() {
            return chosen == null ? 0 : chosen.ramBytesUsed();
        }
    }
}
