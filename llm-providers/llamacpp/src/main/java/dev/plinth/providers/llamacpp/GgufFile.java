package dev.plinth.providers.llamacpp;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a GGUF file says of itself, read and checked before native code sees the file: an assertion that fails in there
 * takes its process down. So everything is refused here that is cut off, contradicts itself, or that the engine does not
 * know. A file that passes can still be wrong in ways that only the engine notices.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">the format</a>
 */
final class GgufFile {

    private static final int MAGIC = 0x46554747; // "GGUF", little-endian
    private static final long MAX_KEYS = 1 << 16;
    private static final long MAX_TENSORS = 1 << 20;
    private static final long USUAL_ALIGNMENT = 32;

    private final Map<String, Object> values = new HashMap<>();

    private GgufFile() {}

    /**
     * Reads and checks the file; its weights are not looked at.
     *
     * @throws IllegalArgumentException if it is not a whole GGUF file of a chat model that the engine knows
     * @throws UncheckedIOException if it cannot be read
     */
    static GgufFile read(Path path) {
        GgufFile file = new GgufFile();
        try (GgufReader reader = new GgufReader(path)) {
            file.readHeader(reader);
        } catch (EOFException e) {
            throw refused("file", "cut off", "a whole GGUF file");
        } catch (IOException e) {
            throw new UncheckedIOException("gguf: " + path + " (expected: a readable file)", e);
        }
        GgufModel.check(file);
        return file;
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    Optional<String> text(String key) {
        return values.get(key) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    Optional<Boolean> flag(String key) {
        return values.get(key) instanceof Boolean flag ? Optional.of(flag) : Optional.empty();
    }

    /** The number, or null when there is none. */
    @Nullable
    Long number(String key) {
        return values.get(key) instanceof Long number ? number : null;
    }

    /** All numbers of this key, whether it has one or an array of them. */
    List<Long> numbers(String key) {
        Long number = number(key);
        return number == null ? all(key, Long.class) : List.of(number);
    }

    /** The texts of this array; empty when there is none. */
    List<String> texts(String key) {
        return all(key, String.class);
    }

    private <T> List<T> all(String key, Class<T> type) {
        if (values.get(key) instanceof GgufReader.Array array && array.values() != null) {
            return array.values().stream()
                    .filter(type::isInstance)
                    .map(type::cast)
                    .toList();
        }
        return List.of();
    }

    boolean isArray(String key, int elementType, int length) {
        return values.get(key) instanceof GgufReader.Array array
                && array.elementType() == elementType
                && array.length() == length;
    }

    private void readHeader(GgufReader reader) throws IOException {
        require(reader.i32() == MAGIC, "magic", "not GGUF", "GGUF");
        long version = reader.u32();
        require(version == 2 || version == 3, "version", version, "2 or 3");
        long tensors = reader.count("tensor_count", MAX_TENSORS);
        long keys = reader.count("metadata_kv_count", MAX_KEYS);
        for (long i = 0; i < keys; i++) {
            String key = reader.string("key");
            boolean keep = GgufVocabulary.reads(key) || GgufModel.reads(key);
            require(values.put(key, reader.value(key, keep)) == null, "key", key, "each key once");
        }
        List<GgufTensor> found = new ArrayList<>();
        for (long i = 0; i < tensors; i++) {
            found.add(GgufTensor.read(reader));
        }
        requireWithinFile(found, reader);
    }

    private void requireWithinFile(List<GgufTensor> tensors, GgufReader reader) {
        Long given = number("general.alignment");
        long alignment = given == null ? USUAL_ALIGNMENT : given;
        require(
                alignment >= 8 && alignment <= 1 << 20 && Long.bitCount(alignment) == 1,
                "general.alignment",
                alignment,
                "a power of 2 from 8");
        long start = (reader.position() + alignment - 1) / alignment * alignment;
        for (GgufTensor tensor : tensors) {
            String what = "tensor " + tensor.name();
            require(tensor.offset() % alignment == 0, what + ".offset", tensor.offset(), "a multiple of " + alignment);
            require(
                    tensor.bytes() <= reader.size() - start - tensor.offset(),
                    what,
                    "ends after the file",
                    "within its " + reader.size() + " bytes");
        }
    }

    static void require(boolean holds, String name, @Nullable Object value, String expected) {
        if (!holds) {
            throw refused(name, value, expected);
        }
    }

    static IllegalArgumentException refused(String name, @Nullable Object value, String expected) {
        return new IllegalArgumentException("gguf." + name + ": " + value + " (expected: " + expected + ")");
    }
}
