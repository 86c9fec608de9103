package dev.plinth.rag.index;

import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.VectorStore;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands in an index file after its header: the stamp of the vectors, the analyzer's name, its terms, the chunks
 * in row order (each with its term counts and its vector if it has one), the documents. The recall is not kept; it is
 * measured anew after loading.
 */
final class IndexContent {
    private IndexContent() {}

    static void write(DataOutputStream out, IndexSettings settings, IndexState state) throws IOException {
        Wire.writeText(out, settings.stamp().model());
        out.writeInt(settings.stamp().dimensions());
        Wire.writeText(out, settings.analyzer().name());
        Wire.writeTexts(out, state.postings().terms());
        out.writeInt(state.size());
        for (int row = 0; row < state.chunks().size(); row++) {
            Chunk chunk = state.chunks().get(row);
            if (chunk != null) {
                ChunkWire.write(out, chunk);
                writePairs(out, state.postings().pairs(row));
                writeVector(out, state.vectorOf(row), settings.stamp().dimensions());
            }
        }
        LedgerWire.write(out, state.ledger());
    }

    static IndexState read(DataInputStream in, IndexSettings settings, Path file) throws IOException {
        VectorStore.Stamp stamp = new VectorStore.Stamp(Wire.readText(in), in.readInt());
        if (!stamp.equals(settings.stamp())) {
            throw new StoreException("index file: " + file + " holds vectors of " + stamp.model() + " with "
                    + stamp.dimensions() + " dimensions (expected: "
                    + settings.stamp().model() + " with "
                    + settings.stamp().dimensions() + ")");
        }
        IndexState state = new IndexState(settings);
        try {
            readChunks(in, settings, state);
            LedgerWire.read(in, state.ledger());
            return state;
        } catch (IOException | RuntimeException exception) {
            state.vectors().close();
            throw exception;
        }
    }

    private static void readChunks(DataInputStream in, IndexSettings settings, IndexState state) throws IOException {
        boolean sameAnalyzer = Wire.readText(in).equals(settings.analyzer().name());
        for (String term : Wire.readTexts(in)) {
            if (sameAnalyzer) {
                state.postings().idOf(term);
            }
        }
        int chunks = in.readInt();
        for (int i = 0; i < chunks; i++) {
            Chunk chunk = ChunkWire.read(in);
            int[] pairs = readPairs(in);
            float[] vector = readVector(in, settings.stamp().dimensions());
            if (sameAnalyzer) {
                state.put(chunk, vector, pairs);
            } else {
                state.put(chunk, vector);
            }
        }
    }

    private static void writePairs(DataOutputStream out, int @Nullable [] pairs) throws IOException {
        if (pairs == null) {
            out.writeInt(0);
            return;
        }
        out.writeInt(pairs.length);
        for (int number : pairs) {
            Wire.writeCompact(out, number);
        }
    }

    private static int[] readPairs(DataInputStream in) throws IOException {
        List<Integer> values = new ArrayList<>();
        int length = in.readInt();
        for (int i = 0; i < length; i++) {
            values.add(Wire.readCompact(in));
        }
        return values.stream().mapToInt(Integer::intValue).toArray();
    }

    private static void writeVector(DataOutputStream out, float @Nullable [] vector, int dimensions)
            throws IOException {
        out.writeBoolean(vector != null);
        if (vector != null) {
            ByteBuffer bytes = ByteBuffer.allocate(dimensions * Float.BYTES);
            bytes.asFloatBuffer().put(vector, 0, dimensions);
            out.write(bytes.array());
        }
    }

    private static float @Nullable [] readVector(DataInputStream in, int dimensions) throws IOException {
        if (!in.readBoolean()) {
            return null;
        }
        byte[] bytes = new byte[dimensions * Float.BYTES];
        in.readFully(bytes);
        float[] vector = new float[VectorLayout.padded(dimensions)];
        ByteBuffer.wrap(bytes).asFloatBuffer().get(vector, 0, dimensions);
        return vector;
    }
}
