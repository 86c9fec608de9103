package dev.plinth.bench;

import dev.plinth.api.check.Check;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Vectors out of a file: .fvecs (for each vector its length as a little-endian int, then its floats), .npy (format 1 to
 * 3, little-endian float32, C order, two dimensions), anything else: raw little-endian floats, one vector after
 * another.
 */
final class VectorFile {
    private static final Pattern SHAPE = Pattern.compile("'shape':\\s*\\((\\d+),\\s*(\\d+)\\)");

    private VectorFile() {}

    static List<float[]> read(Path file, int dimension) throws IOException {
        String name = file.toString();
        try (FileChannel channel = FileChannel.open(file)) {
            int length = dimension;
            if (name.endsWith(".npy")) {
                length = npyDimension(channel);
            }
            List<float[]> vectors = new ArrayList<>();
            ByteBuffer size = buffer(Integer.BYTES);
            while (channel.position() < channel.size()) {
                if (name.endsWith(".fvecs")) {
                    fill(channel, size);
                    length = size.getInt(0);
                }
                ByteBuffer bytes = buffer(length * Float.BYTES);
                fill(channel, bytes);
                float[] vector = new float[length];
                bytes.flip().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
                vectors.add(vector);
            }
            return vectors;
        }
    }

    private static int npyDimension(FileChannel channel) throws IOException {
        ByteBuffer start = buffer(10);
        fill(channel, start);
        int version = start.get(6);
        int header = start.getShort(8) & 0xFFFF;
        if (version > 1) {
            ByteBuffer high = buffer(Short.BYTES);
            fill(channel, high);
            header |= (high.getShort(0) & 0xFFFF) << 16;
        }
        ByteBuffer text = buffer(header);
        fill(channel, text);
        String description = StandardCharsets.US_ASCII.decode(text.flip()).toString();
        Matcher shape = SHAPE.matcher(description);
        boolean readable = description.contains("'<f4'") && description.contains("'fortran_order': False");
        Check.that(readable && shape.find(), "npy header", description.trim(), "<f4, C order, two dimensions");
        return Integer.parseInt(shape.group(2));
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void fill(FileChannel channel, ByteBuffer target) throws IOException {
        target.clear();
        while (target.hasRemaining()) {
            if (channel.read(target) < 0) {
                throw new IOException("vectors: the file ends inside a vector (expected: whole ones)");
            }
        }
    }
}
