package dev.plinth.providers.llamacpp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;

/**
 * A GGUF file that llama.cpp really loads: a llama of one block and random weights, half a megabyte. What it says makes
 * no sense, but it says it through the whole engine, on every machine and without anybody's weights.
 *
 * <p>Its tokens are the printable ASCII characters, some words, some characters beyond ASCII, and the 256 bytes; the
 * weights of the bytes and of the control tokens are zero, so that at temperature 0 it never says them unless a grammar
 * makes it.
 */
final class TinyGguf {

    static final String CHAT_ML = "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n'"
            + " + message['content'] + '<|im_end|>' + '\n' }}{% endfor %}"
            + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

    private static final int WIDTH = 32;
    private static final int FEED_FORWARD = 64;
    private static final int CONTEXT = 4096;
    private static final int ALIGNMENT = 32;

    private static final int UNKNOWN = 2;
    private static final int CONTROL = 3;
    private static final int NORMAL = 1;
    private static final int BYTE = 6;

    private final Map<String, Object> metadata = new LinkedHashMap<>();
    private final List<String> tokens = new ArrayList<>();
    private final List<Integer> types = new ArrayList<>();
    private final Map<String, int[]> shapes = new LinkedHashMap<>();
    private final Random random = new Random(42);

    private TinyGguf() {
        addTokens();
        addMetadata();
        addTensors();
    }

    static TinyGguf create() {
        return new TinyGguf();
    }

    /** Writes the usual file into this folder. */
    static Path in(@TempDir Path folder) {
        return create().write(folder.resolve("tiny.gguf"));
    }

    List<String> tokens() {
        return tokens;
    }

    /** Sets a value of the metadata, or takes it out when it is null. */
    TinyGguf with(String key, Object value) {
        if (value == null) {
            metadata.remove(key);
        } else {
            metadata.put(key, value);
        }
        return this;
    }

    Path write(Path file) {
        try {
            return Files.write(file, bytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void addTokens() {
        add("<unk>", UNKNOWN);
        add("<s>", CONTROL);
        add("</s>", CONTROL);
        for (int i = 0; i < 256; i++) {
            add("<0x%02X>".formatted(i), BYTE);
        }
        add("<|im_start|>", CONTROL);
        add("<|im_end|>", CONTROL);
        add("\u2581", NORMAL);
        for (char c = '!'; c <= '~'; c++) {
            add(String.valueOf(c), NORMAL);
        }
        for (String text :
                List.of("\u2581the", "\u2581a", "\u2581sky", "\u2581is", "\u2581blue", "user", "\u00e9", "\u8a9e")) {
            add(text, NORMAL);
        }
    }

    private void add(String token, int type) {
        tokens.add(token);
        types.add(type);
    }

    private void addMetadata() {
        with("general.architecture", "llama").with("general.name", "Tiny");
        with("llama.context_length", CONTEXT)
                .with("llama.embedding_length", WIDTH)
                .with("llama.block_count", 1);
        with("llama.feed_forward_length", FEED_FORWARD).with("llama.attention.head_count", 2);
        with("llama.attention.layer_norm_rms_epsilon", 1e-5f).with("llama.rope.dimension_count", WIDTH / 2);
        with("tokenizer.ggml.model", "llama").with("tokenizer.ggml.tokens", tokens);
        with(
                "tokenizer.ggml.scores",
                tokens.stream().map(token -> (float) token.length()).toList());
        with("tokenizer.ggml.token_type", types);
        with("tokenizer.ggml.bos_token_id", 1).with("tokenizer.ggml.eos_token_id", tokens.indexOf("<|im_end|>"));
        with("tokenizer.ggml.unknown_token_id", 0).with("tokenizer.ggml.add_bos_token", false);
        with("tokenizer.ggml.add_space_prefix", false).with("tokenizer.chat_template", CHAT_ML);
    }

    private void addTensors() {
        shapes.put("token_embd.weight", new int[] {WIDTH, tokens.size()});
        shapes.put("blk.0.attn_norm.weight", new int[] {WIDTH});
        for (String name : List.of("attn_q", "attn_k", "attn_v", "attn_output")) {
            shapes.put("blk.0." + name + ".weight", new int[] {WIDTH, WIDTH});
        }
        shapes.put("blk.0.ffn_norm.weight", new int[] {WIDTH});
        shapes.put("blk.0.ffn_gate.weight", new int[] {WIDTH, FEED_FORWARD});
        shapes.put("blk.0.ffn_up.weight", new int[] {WIDTH, FEED_FORWARD});
        shapes.put("blk.0.ffn_down.weight", new int[] {FEED_FORWARD, WIDTH});
        shapes.put("output_norm.weight", new int[] {WIDTH});
        shapes.put("output.weight", new int[] {WIDTH, tokens.size()});
    }

    private byte[] bytes() {
        ByteBuffer out = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
        out.put("GGUF".getBytes(StandardCharsets.US_ASCII)).putInt(3);
        out.putLong(shapes.size()).putLong(metadata.size());
        metadata.forEach((key, value) -> {
            put(out, key);
            putValue(out, value);
        });
        long offset = 0;
        for (Map.Entry<String, int[]> tensor : shapes.entrySet()) {
            put(out, tensor.getKey());
            out.putInt(tensor.getValue().length);
            long numbers = 1;
            for (int side : tensor.getValue()) {
                out.putLong(side);
                numbers *= side;
            }
            out.putInt(0).putLong(offset);
            offset += aligned(numbers * 4);
        }
        out.position((int) aligned(out.position()));
        for (String tensor : shapes.keySet()) {
            putWeights(out, tensor);
            out.position((int) aligned(out.position()));
        }
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }

    private void putWeights(ByteBuffer out, String tensor) {
        int[] shape = shapes.get(tensor);
        int rows = shape.length == 1 ? 1 : shape[1];
        for (int row = 0; row < rows; row++) {
            boolean silent = tensor.equals("output.weight") && types.get(row) != NORMAL;
            for (int i = 0; i < shape[0]; i++) {
                float value = tensor.contains("norm") ? 1 : (float) (random.nextGaussian() * 0.7);
                out.putFloat(silent ? 0 : value);
            }
        }
    }

    private static long aligned(long position) {
        return (position + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    private static void put(ByteBuffer out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.putLong(bytes.length).put(bytes);
    }

    private static void putValue(ByteBuffer out, Object value) {
        out.putInt(value instanceof Integer ? 4 : type(value));
        if (value instanceof List<?> list) {
            out.putInt(type(list.get(0))).putLong(list.size());
            list.forEach(element -> putScalar(out, element));
        } else {
            putScalar(out, value);
        }
    }

    private static int type(Object value) {
        if (value instanceof Integer) {
            return 5;
        }
        if (value instanceof Float) {
            return 6;
        }
        if (value instanceof Boolean) {
            return 7;
        }
        return value instanceof String ? 8 : 9;
    }

    private static void putScalar(ByteBuffer out, Object value) {
        if (value instanceof Integer number) {
            out.putInt(number);
        } else if (value instanceof Float number) {
            out.putFloat(number);
        } else if (value instanceof Boolean flag) {
            out.put((byte) (flag ? 1 : 0));
        } else {
            put(out, value.toString());
        }
    }
}
