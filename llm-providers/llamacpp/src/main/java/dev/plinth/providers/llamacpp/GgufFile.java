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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a GGUF file says of itself, read and checked before native code sees the file: an assertion that fails in there
 * takes its process down. So everything is refused here that is cut off, contradicts itself, or that the engine does not
 * know. A file that passes can still be wrong in ways that only the engine notices.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">the format</a>
 */
final class GgufFile {

    private static final String TOKENS = "tokenizer.ggml.tokens";
    private static final String SCORES = "tokenizer.ggml.scores";
    private static final String TOKEN_TYPES = "tokenizer.ggml.token_type";

    private static final int MAGIC = 0x46554747; // "GGUF", little-endian
    private static final long MAX_KEYS = 1 << 16;
    private static final long MAX_TENSORS = 1 << 20;
    private static final int MAX_DIMENSIONS = 4;
    private static final long UNKNOWN_TOKEN = 2;
    private static final long CONTROL_TOKEN = 3;

    private final Path file;
    private final Map<String, Object> values = new HashMap<>();

    private GgufFile(Path file) {
        this.file = file;
    }

    /**
     * Reads and checks the file; its weights are not looked at.
     *
     * @throws IllegalArgumentException if it is not a whole GGUF file of a chat model that the engine knows
     * @throws UncheckedIOException if it cannot be read
     */
    static GgufFile read(Path file) {
        GgufFile read = new GgufFile(file);
        try (GgufReader reader = new GgufReader(file)) {
            read.readHeader(reader);
        } catch (EOFException e) {
            throw refused("file", "cut off", "a whole GGUF file");
        } catch (IOException e) {
            throw new UncheckedIOException("gguf: " + file + " (expected: a readable file)", e);
        }
        GgufModel.check(read);
        read.checkVocabulary();
        return read;
    }

    Path file() {
        return file;
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
        if (values.get(key) instanceof GgufReader.Array array && array.values() != null) {
            return array.values().stream()
                    .filter(Long.class::isInstance)
                    .map(Long.class::cast)
                    .toList();
        }
        Long number = number(key);
        return number == null ? List.of() : List.of(number);
    }

    /** The text of the token whose id this key holds; empty when there is none. */
    String token(String key) {
        Long id = number(key);
        return id == null ? "" : tokens().get(id.intValue()).toString();
    }

    /** The texts that the engine reads as a control token wherever they stand in a prompt. */
    Set<String> controlTokens() {
        List<Long> types = numbers(TOKEN_TYPES);
        List<Object> tokens = tokens();
        Set<String> texts = new java.util.TreeSet<>();
        for (int i = 0; i < types.size(); i++) {
            String text = tokens.get(i).toString();
            if ((types.get(i) == CONTROL_TOKEN || types.get(i) == UNKNOWN_TOKEN) && !text.isEmpty()) {
                texts.add(text);
            }
        }
        return texts;
    }

    private List<Object> tokens() {
        return values.get(TOKENS) instanceof GgufReader.Array array && array.values() != null
                ? array.values()
                : List.of();
    }

    private void readHeader(GgufReader reader) throws IOException {
        require(reader.i32() == MAGIC, "magic", "not GGUF", "GGUF");
        long version = reader.u32();
        require(version == 2 || version == 3, "version", Long.toString(version), "2 or 3");
        long tensors = reader.count("tensor_count", MAX_TENSORS);
        long keys = reader.count("metadata_kv_count", MAX_KEYS);
        for (long i = 0; i < keys; i++) {
            String key = reader.string("key");
            boolean keep = key.equals(TOKENS) || key.equals(TOKEN_TYPES) || key.endsWith(".head_count");
            require(values.put(key, reader.value(key, keep)) == null, "key", key, "each key once");
        }
        require(
                number("split.count") == null || number("split.count") <= 1,
                "split.count",
                values.get("split.count"),
                "one file");
        List<Tensor> found = new ArrayList<>();
        for (long i = 0; i < tensors; i++) {
            found.add(Tensor.read(reader));
        }
        checkExtents(found, reader);
    }

    private record Tensor(String name, long offset, long bytes) {

        static Tensor read(GgufReader reader) throws IOException {
            String name = reader.string("tensor.name");
            String what = "tensor " + name;
            int dimensions = reader.i32();
            require(dimensions >= 1 && dimensions <= MAX_DIMENSIONS, what + ".dimensions", dimensions, "1 to 4");
            long[] shape = new long[dimensions];
            long numbers = 1;
            for (int i = 0; i < dimensions; i++) {
                shape[i] = reader.count(what + ".shape", Integer.MAX_VALUE);
                require(shape[i] > 0, what + ".shape", shape[i], "> 0");
                numbers = times(numbers, shape[i], what);
            }
            int id = reader.i32();
            GgmlType type = GgmlType.of(id);
            if (type == null) {
                throw refused(what + ".type", id, "a type that the engine knows");
            }
            require(shape[0] % type.block() == 0, what + ".shape", shape[0], "rows in blocks of " + type.block());
            return new Tensor(name, reader.count(what + ".offset", reader.size()), bytes(type, numbers, what));
        }

        private static long times(long one, long other, String what) {
            try {
                return Math.multiplyExact(one, other);
            } catch (ArithmeticException e) {
                throw refused(what + ".shape", "too large", "what a file can hold");
            }
        }

        private static long bytes(GgmlType type, long numbers, String what) {
            try {
                return type.bytes(numbers);
            } catch (ArithmeticException e) {
                throw refused(what + ".shape", "too large", "what a file can hold");
            }
        }
    }

    private void checkExtents(List<Tensor> tensors, GgufReader reader) {
        Long given = number("general.alignment");
        long alignment = given == null ? 32 : given;
        require(
                alignment >= 8 && alignment <= 1 << 20 && Long.bitCount(alignment) == 1,
                "general.alignment",
                alignment,
                "a power of 2 from 8");
        long start = (reader.position() + alignment - 1) / alignment * alignment;
        for (Tensor tensor : tensors) {
            String what = "tensor " + tensor.name();
            require(tensor.offset() % alignment == 0, what + ".offset", tensor.offset(), "a multiple of " + alignment);
            require(
                    tensor.bytes() <= reader.size() - start - tensor.offset(),
                    what,
                    "ends after the file",
                    "within its " + reader.size() + " bytes");
        }
    }

    /** The engine takes the lengths of these arrays for granted. */
    private void checkVocabulary() {
        int size = tokens().size();
        require(size > 0, TOKENS, "none", "a vocabulary");
        checkArray(SCORES, GgufReader.FLOAT32, size);
        checkArray(TOKEN_TYPES, GgufReader.INT32, size);
        for (String key : values.keySet()) {
            if (key.startsWith("tokenizer.ggml.") && key.endsWith("_token_id")) {
                Long id = number(key);
                require(id != null && id >= 0 && id < size, key, values.get(key), "0 to " + (size - 1));
            }
        }
    }

    private void checkArray(String key, int type, int size) {
        Object value = values.get(key);
        if (value != null) {
            require(
                    value instanceof GgufReader.Array array && array.elementType() == type && array.length() == size,
                    key,
                    "of another length or type",
                    size + " values, one for each token");
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
