package dev.plinth.rag.index;

import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Vectors one after another in a file of their own, mapped into memory: they take no heap, and the system keeps in memory
 * what is looked at. The file is working memory, not a copy of the index: it is gone when the index is closed.
 */
final class MappedLayout implements VectorLayout {
    private static final int SEGMENT_BYTES = 1 << 24;

    private final int length;
    private final int rowsInSegment;
    private final Path file;
    private final FileChannel channel;
    private FloatBuffer[] segments = new FloatBuffer[0];

    MappedLayout(int length, Path folder) {
        this.length = length;
        this.rowsInSegment = Math.max(1, SEGMENT_BYTES / (length * Float.BYTES));
        try {
            this.file = Files.createTempFile(Files.createDirectories(folder), "vectors-", ".mapped");
            this.channel = FileChannel.open(
                    file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        } catch (IOException exception) {
            throw failed("folder: " + folder + " cannot hold mapped vectors", exception);
        }
    }

    @Override
    public void reserve(int rows) {
        while ((long) segments.length * rowsInSegment < rows) {
            FloatBuffer segment = map(segments.length);
            segments = Arrays.copyOf(segments, segments.length + 1);
            segments[segments.length - 1] = segment;
        }
    }

    @Override
    public void put(int row, float[] vector) {
        reserve(row + 1);
        segments[row / rowsInSegment].put(row % rowsInSegment * length, vector, 0, length);
    }

    private FloatBuffer map(int segment) {
        long bytes = (long) rowsInSegment * length * Float.BYTES;
        try {
            fill(segment * bytes, bytes);
            return channel.map(FileChannel.MapMode.READ_WRITE, segment * bytes, bytes)
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
        } catch (IOException exception) {
            throw failed("file: " + file + " cannot grow", exception);
        }
    }

    /** Without this a full disk would show at some later access to the memory, as an error of the machine. */
    private void fill(long from, long bytes) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate(1 << 16);
        long at = from;
        while (at < from + bytes) {
            zeros.rewind().limit((int) Math.min(zeros.capacity(), from + bytes - at));
            at += channel.write(zeros, at);
        }
    }

    @Override
    public void copy(int row, float[] target) {
        segments[row / rowsInSegment].get(row % rowsInSegment * length, target, 0, length);
    }

    @Override
    public float dot(int row, float[] query) {
        FloatBuffer segment = segments[row / rowsInSegment];
        int at = row % rowsInSegment * length;
        float sum = 0;
        for (int d = 0; d < length; d += 4) {
            sum += query[d] * segment.get(at + d)
                    + query[d + 1] * segment.get(at + d + 1)
                    + query[d + 2] * segment.get(at + d + 2)
                    + query[d + 3] * segment.get(at + d + 3);
        }
        return sum;
    }

    /** The memory itself is given back when nothing refers to it any more. */
    @Override
    public void close() {
        segments = new FloatBuffer[0];
        try {
            channel.close();
        } catch (IOException exception) {
            throw failed("file: " + file + " cannot be closed", exception);
        }
    }

    private static StoreException failed(String message, IOException cause) {
        return new StoreException(message + ": " + cause, ErrorDetails.NONE, cause);
    }
}
