package dev.plinth.api.embedding;

import dev.plinth.api.check.Check;
import java.util.ArrayList;
import java.util.List;

/**
 * How much a model takes in one call.
 *
 * <p>Tokens are estimated as one for each byte. The tokenizers of embedding models hardly ever need more, whatever the
 * language, so no call is refused for its size; most need fewer, so a call has a half or a quarter of what it could have.
 *
 * @param texts at most so many; {@link Integer#MAX_VALUE}: any number
 * @param tokens all texts together; {@link Long#MAX_VALUE}: any number
 * @param bytes all texts together, in UTF-8, without what a protocol writes around them; {@link Long#MAX_VALUE}: any number
 */
public record EmbeddingLimits(int texts, long tokens, long bytes) {

    /** Takes everything in one call. */
    public static final EmbeddingLimits NONE = new EmbeddingLimits(Integer.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

    public EmbeddingLimits {
        Check.positive(texts, "texts");
        Check.positive(tokens, "tokens");
        Check.positive(bytes, "bytes");
    }

    /** The same with at most so many texts. */
    public EmbeddingLimits withTexts(int texts) {
        return new EmbeddingLimits(texts, tokens, bytes);
    }

    /** The same with at most so many tokens. */
    public EmbeddingLimits withTokens(long tokens) {
        return new EmbeddingLimits(texts, tokens, bytes);
    }

    /** The same with at most so many bytes. */
    public EmbeddingLimits withBytes(long bytes) {
        return new EmbeddingLimits(texts, tokens, bytes);
    }

    /** What both allow. */
    public EmbeddingLimits and(EmbeddingLimits other) {
        return new EmbeddingLimits(
                Math.min(texts, other.texts), Math.min(tokens, other.tokens), Math.min(bytes, other.bytes));
    }

    /**
     * Cuts texts into as few calls as one pass finds: each takes the texts that follow for as long as they fit. A text that
     * is too large by itself goes alone, for the model to refuse or to cut.
     *
     * @param all at least one
     * @return one list or several, none of them empty, together all texts in their order
     */
    public List<List<String>> split(List<String> all) {
        Check.notEmpty(all, "all");
        long most = Math.min(tokens, bytes);
        if (all.size() <= texts && most == Long.MAX_VALUE) {
            return List.of(all);
        }
        List<List<String>> calls = new ArrayList<>();
        int from = 0;
        long size = 0;
        for (int i = 0; i < all.size(); i++) {
            long more = most == Long.MAX_VALUE ? 0 : utf8Size(all.get(i));
            if (i > from && (i - from == texts || size + more > most)) {
                calls.add(all.subList(from, i));
                from = i;
                size = 0;
            }
            size += more;
        }
        calls.add(all.subList(from, all.size()));
        return calls;
    }

    private static long utf8Size(String text) {
        long size = 0;
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (unit < 0x80) {
                size++;
            } else if (unit < 0x800 || Character.isSurrogate(unit)) {
                size += 2; // two surrogates make one character of four bytes
            } else {
                size += 3;
            }
        }
        return size;
    }
}
