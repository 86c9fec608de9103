package dev.plinth.providers.llamacpp;

import static dev.plinth.providers.llamacpp.GgufFile.require;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** The tokens of a model. */
final class GgufVocabulary {

    private static final String TOKENS = "tokenizer.ggml.tokens";
    private static final String TYPES = "tokenizer.ggml.token_type";
    private static final String SCORES = "tokenizer.ggml.scores";
    private static final String BEGIN = "tokenizer.ggml.bos_token_id";
    private static final String END = "tokenizer.ggml.eos_token_id";

    private static final long UNKNOWN_TOKEN = 2;
    private static final long CONTROL_TOKEN = 3;
    private static final String UNREADABLE = "\ufffd";

    private final GgufFile file;
    private final List<String> tokens;

    private GgufVocabulary(GgufFile file) {
        this.file = file;
        this.tokens = file.texts(TOKENS);
    }

    /** Reads and checks it; the engine takes for granted what is checked here. */
    static GgufVocabulary of(GgufFile file) {
        GgufVocabulary vocabulary = new GgufVocabulary(file);
        vocabulary.check();
        return vocabulary;
    }

    /** Whether the values of this key are needed. */
    static boolean reads(String key) {
        return key.equals(TOKENS) || key.equals(TYPES);
    }

    /** The text of the token that begins a text; empty when there is none. */
    String begin() {
        return token(BEGIN);
    }

    /** The text of the token that ends an answer; empty when there is none. */
    String end() {
        return token(END);
    }

    private String token(String key) {
        Long id = file.number(key);
        return id == null ? "" : tokens.get(id.intValue());
    }

    /** The texts that the engine reads as a control token wherever they stand in a prompt. */
    Set<String> controlTokens() {
        List<Long> types = file.numbers(TYPES);
        Set<String> texts = new TreeSet<>();
        for (int i = 0; i < types.size(); i++) {
            boolean control = types.get(i) == CONTROL_TOKEN || types.get(i) == UNKNOWN_TOKEN;
            if (control && !tokens.get(i).isEmpty()) {
                texts.add(tokens.get(i));
            }
        }
        return texts;
    }

    private void check() {
        int size = tokens.size();
        require(size > 0, TOKENS, "none", "a vocabulary");
        requireArray(SCORES, GgufReader.FLOAT32, size);
        requireArray(TYPES, GgufReader.INT32, size);
        for (String key : List.of(BEGIN, END)) {
            Long id = file.number(key);
            require(id == null || id >= 0 && id < size, key, id, "0 to " + (size - 1));
        }
        Set<String> texts = new HashSet<>();
        for (String token : tokens) {
            require(texts.add(token) || token.contains(UNREADABLE), TOKENS, token + " twice", "each token once");
        }
        if (file.text("tokenizer.ggml.model").orElse("").equals("llama")) {
            requireBytes(texts);
        }
    }

    private void requireArray(String key, int elementType, int size) {
        require(
                !file.has(key) || file.isArray(key, elementType, size),
                key,
                "of another length or type",
                size + " values, one for each token");
    }

    /** What is no token of such a vocabulary is read byte by byte. */
    private static void requireBytes(Set<String> texts) {
        for (int i = 0; i < 256; i++) {
            String name = String.format(Locale.ROOT, "<0x%02X>", i);
            boolean ascii = i < 128 && texts.contains(String.valueOf((char) i));
            require(ascii || texts.contains(name), TOKENS, "no " + name, "a token for each byte");
        }
    }
}
