package dev.plinth.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VectorFileTest {
    @TempDir
    Path folder;

    private Path write(String name, ByteBuffer bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes.array());
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void readsFvecsNpyAndRawFloats() throws IOException {
        ByteBuffer fvecs = buffer(24)
                .putInt(2)
                .putFloat(1)
                .putFloat(2)
                .putInt(2)
                .putFloat(3)
                .putFloat(4);
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }\n";
        ByteBuffer npy = buffer(10 + header.length() + 16)
                .put((byte) 0x93)
                .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 1)
                .put((byte) 0)
                .putShort((short) header.length())
                .put(header.getBytes(StandardCharsets.US_ASCII));
        npy.putFloat(1).putFloat(2).putFloat(3).putFloat(4);
        ByteBuffer raw = buffer(16).putFloat(1).putFloat(2).putFloat(3).putFloat(4);

        assertThat(VectorFile.read(write("a.fvecs", fvecs), 9)).containsExactly(new float[] {1, 2}, new float[] {3, 4});
        assertThat(VectorFile.read(write("a.npy", npy), 9)).containsExactly(new float[] {1, 2}, new float[] {3, 4});
        assertThat(VectorFile.read(write("a.raw", raw), 2)).containsExactly(new float[] {1, 2}, new float[] {3, 4});
    }

    @Test
    void refusesHalfAVector() throws IOException {
        Path file = write("a.raw", buffer(12));
        assertThatThrownBy(() -> VectorFile.read(file, 2)).hasMessageContaining("ends inside a vector");
    }
}
