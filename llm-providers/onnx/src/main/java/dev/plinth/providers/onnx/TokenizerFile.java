package dev.plinth.providers.onnx;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@code tokenizer.json} of the Hugging Face tokenizers library, as far as the BERT family uses it. The
 * sections {@code truncation} and {@code padding} are left aside: they belong to how the file's author called the
 * tokenizer (the one of MiniLM says 128 tokens, padded), the profile decides here.
 */
final class TokenizerFile {

    private static final JsonFactory JSON = new JsonFactory();

    private final String name;
    private final Map<?, ?> root;

    private TokenizerFile(String name, Map<?, ?> root) {
        this.name = name;
        this.root = root;
    }

    /**
     * The tokenizer this file describes.
     *
     * @param name of the file, for messages
     * @throws IllegalArgumentException if it is not JSON or describes another family
     */
    static WordPieceTokenizer read(String name, byte[] json) {
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            if (value(parser) instanceof Map<?, ?> root) {
                return new TokenizerFile(name, root).tokenizer();
            }
            throw new IllegalArgumentException(name + ": no JSON object (expected: a tokenizer.json)");
        } catch (IOException e) {
            throw new IllegalArgumentException(name + ": not readable as JSON (expected: a tokenizer.json)", e);
        }
    }

    private WordPieceTokenizer tokenizer() {
        Map<?, ?> normalizer = section("normalizer");
        Map<?, ?> model = section("model");
        requireType(model, "model", "WordPiece");
        requireType(normalizer, "normalizer", "BertNormalizer");
        requireType(section("pre_tokenizer"), "pre_tokenizer", "BertPreTokenizer");
        boolean lowercase = flag(normalizer, "lowercase", true);
        BertNormalizer text = new BertNormalizer(
                flag(normalizer, "clean_text", true),
                flag(normalizer, "handle_chinese_chars", true),
                flag(normalizer, "strip_accents", lowercase),
                lowercase);
        int longestWord = model.get("max_input_chars_per_word") instanceof Number number ? number.intValue() : 100;
        WordPieces pieces = new WordPieces(
                vocabulary(model), text(model, "unk_token"), text(model, "continuing_subword_prefix"), longestWord);
        return new WordPieceTokenizer(text, pieces, addedTokens(), mark(0), mark(-1));
    }

    // The template of a single text is [start mark, the text, end mark].
    private int mark(int position) {
        Map<?, ?> processor = section("post_processor");
        if (processor.get("single") instanceof List<?> single
                && processor.get("special_tokens") instanceof Map<?, ?> tokens
                && single.size() == 3
                && single.get(position < 0 ? 2 : 0) instanceof Map<?, ?> part
                && part.get("SpecialToken") instanceof Map<?, ?> special
                && tokens.get(special.get("id")) instanceof Map<?, ?> token
                && token.get("ids") instanceof List<?> ids
                && ids.size() == 1
                && ids.get(0) instanceof Number id) {
            return id.intValue();
        }
        if ("BertProcessing".equals(processor.get("type"))
                && processor.get(position < 0 ? "sep" : "cls") instanceof List<?> pair
                && pair.size() == 2
                && pair.get(1) instanceof Number id) {
            return id.intValue();
        }
        throw unfit("post_processor", processor.get("type"), "one mark before and one after the text");
    }

    private Map<String, Integer> vocabulary(Map<?, ?> model) {
        if (!(model.get("vocab") instanceof Map<?, ?> entries)) {
            throw unfit("model.vocab", null, "an object");
        }
        Map<String, Integer> vocabulary = new HashMap<>(entries.size() * 2);
        entries.forEach((piece, id) -> {
            if (piece instanceof String text && id instanceof Number number) {
                vocabulary.put(text, number.intValue());
            }
        });
        return vocabulary;
    }

    private Map<String, Integer> addedTokens() {
        Map<String, Integer> added = new HashMap<>();
        if (root.get("added_tokens") instanceof List<?> tokens) {
            for (Object token : tokens) {
                if (token instanceof Map<?, ?> fields
                        && fields.get("content") instanceof String content
                        && fields.get("id") instanceof Number id) {
                    added.put(content, id.intValue());
                }
            }
        }
        return added;
    }

    private Map<?, ?> section(String key) {
        return root.get(key) instanceof Map<?, ?> section ? section : Map.of();
    }

    private void requireType(Map<?, ?> section, String key, String expected) {
        if (!expected.equals(section.get("type"))) {
            throw unfit(key, section.get("type"), expected);
        }
    }

    private String text(Map<?, ?> section, String key) {
        if (section.get(key) instanceof String text) {
            return text;
        }
        throw unfit("model." + key, section.get(key), "a string");
    }

    private static boolean flag(Map<?, ?> section, String key, boolean otherwise) {
        return section.get(key) instanceof Boolean flag ? flag : otherwise;
    }

    private IllegalArgumentException unfit(String key, @Nullable Object found, String expected) {
        return new IllegalArgumentException(name + " " + key + ": " + found + " (expected: " + expected
                + "; for a model outside the BERT WordPiece family hand in a Tokenizer of your own)");
    }

    private static @Nullable Object value(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            Map<String, @Nullable Object> object = new HashMap<>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String key = parser.currentName();
                parser.nextToken();
                object.put(key, value(parser));
            }
            return object;
        }
        if (token == JsonToken.START_ARRAY) {
            List<@Nullable Object> array = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                array.add(value(parser));
            }
            return array;
        }
        return scalar(parser, token);
    }

    private static @Nullable Object scalar(JsonParser parser, @Nullable JsonToken token) throws IOException {
        if (token == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
            return parser.getNumberValue();
        }
        return token != null && token.isBoolean() ? parser.getBooleanValue() : null;
    }
}
