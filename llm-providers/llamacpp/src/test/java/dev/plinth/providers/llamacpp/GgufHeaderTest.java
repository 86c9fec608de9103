package dev.plinth.providers.llamacpp;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Headers that lie, byte by byte: each is refused for what it is, without memory for what it claims. */
class GgufHeaderTest {

    private static final int STRING = 8;
    private static final int ARRAY = 9;
    private static final int Q4_0 = 2;

    @TempDir
    private Path folder;

    @Test
    void anotherKindOfFile() throws IOException {
        refused("gguf.magic: not GGUF (expected: GGUF)", out -> out.put("GGML".getBytes(StandardCharsets.US_ASCII)));
        refused(
                "gguf.magic: not GGUF (expected: GGUF)",
                out -> out.put("<html>no</html>".getBytes(StandardCharsets.US_ASCII)));
        refused("gguf.file: cut off (expected: a whole GGUF file)", out -> {});
    }

    @Test
    void anotherVersion() throws IOException {
        refused("gguf.version: 1 (expected: 2 or 3)", out -> head(out, 1, 0, 0));
        refused("gguf.version: 4 (expected: 2 or 3)", out -> head(out, 4, 0, 0));
        refused("gguf.version: 50331648 (expected: 2 or 3)", out -> head(out, 3 << 24, 0, 0)); // big-endian
    }

    @Test
    void countsThatNoFileHas() throws IOException {
        refused("gguf.tensor_count: 18446744073709551615 (expected: at most 1048576)", out -> head(out, 3, -1, 0));
        refused("gguf.metadata_kv_count: 65537 (expected: at most 65536)", out -> head(out, 3, 0, 65_537));
    }

    @Test
    void lengthsBeyondTheFile() throws IOException {
        refused(
                "gguf.key.length: 4611686018427387904 (expected: at most ",
                out -> head(out, 3, 0, 1).putLong(1L << 62));
        refused(
                "gguf.a.length: 1000 (expected: at most ",
                out -> key(out, "a").putInt(STRING).putLong(1000));
        refused(
                "gguf.a.length: 9223372036854775807 (expected: at most ",
                out -> key(out, "a").putInt(ARRAY).putInt(0).putLong(Long.MAX_VALUE));
        refused(
                "gguf.tokenizer.ggml.tokens.length: 1073741824 (expected: at most ",
                out -> key(out, "tokenizer.ggml.tokens")
                        .putInt(ARRAY)
                        .putInt(STRING)
                        .putLong(1 << 30));
    }

    @Test
    void valuesOfNoKnownType() throws IOException {
        refused("gguf.a.type: 13 (expected: 0 to 12)", out -> key(out, "a").putInt(13));
        refused(
                "gguf.a.type: 99 (expected: 0 to 12)",
                out -> key(out, "a").putInt(ARRAY).putInt(99).putLong(1).put((byte) 0));
        refused(
                "gguf.a.type: array of arrays (expected: an array of simple values)",
                out -> key(out, "a").putInt(ARRAY).putInt(ARRAY));
    }

    @Test
    void theSameKeyTwice() throws IOException {
        refused("gguf.key: a (expected: each key once)", out -> {
            head(out, 3, 0, 2);
            text(out, "a").putInt(0).put((byte) 1);
            text(out, "a").putInt(0).put((byte) 2);
        });
    }

    @Test
    void tensorsOfNoShape() throws IOException {
        refused(
                "gguf.tensor t.dimensions: 0 (expected: 1 to 4)",
                out -> tensor(out).putInt(0));
        refused(
                "gguf.tensor t.dimensions: 5 (expected: 1 to 4)",
                out -> tensor(out).putInt(5));
        refused(
                "gguf.tensor t.shape: 0 (expected: > 0)",
                out -> tensor(out).putInt(1).putLong(0));
        refused(
                "gguf.tensor t.shape: too large (expected: what a file can hold)",
                out -> tensor(out)
                        .putInt(3)
                        .putLong(Integer.MAX_VALUE)
                        .putLong(Integer.MAX_VALUE)
                        .putLong(Integer.MAX_VALUE));
        refused(
                "gguf.tensor t.type: 4 (expected: a type that the engine knows)",
                out -> tensor(out).putInt(1).putLong(32).putInt(4));
        refused(
                "gguf.tensor t.shape: 33 (expected: rows in blocks of 32)",
                out -> tensor(out).putInt(1).putLong(33).putInt(Q4_0));
        refused(
                "gguf.tensor t: ends after the file (expected: within its ",
                out -> tensor(out).putInt(1).putLong(1 << 20).putInt(Q4_0).putLong(0));
    }

    private static ByteBuffer head(ByteBuffer out, int version, long tensors, long keys) {
        return out.put("GGUF".getBytes(StandardCharsets.US_ASCII))
                .putInt(version)
                .putLong(tensors)
                .putLong(keys);
    }

    private static ByteBuffer text(ByteBuffer out, String text) {
        return out.putLong(text.length()).put(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static ByteBuffer key(ByteBuffer out, String key) {
        return text(head(out, 3, 0, 1), key);
    }

    private static ByteBuffer tensor(ByteBuffer out) {
        return text(head(out, 3, 1, 0), "t");
    }

    private void refused(String message, Consumer<ByteBuffer> header) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
        header.accept(out);
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        Path file = Files.write(folder.resolve("lies.gguf"), bytes);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GgufFile.read(file))
                .withMessageStartingWith(message);
    }
}
