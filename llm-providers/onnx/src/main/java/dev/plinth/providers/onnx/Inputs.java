package dev.plinth.providers.onnx;

import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.InputType;
import dev.plinth.api.error.ContextTooLongException;
import dev.plinth.api.error.ErrorDetails;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the model reads for a request: prefix and text as token ids, not more of them than the model takes.
 *
 * <p>Thread-safe.
 */
final class Inputs {

    private final Tokenizer tokenizer;
    private final EmbeddingProfile profile;
    private final Overlong overlong;
    private final ErrorDetails details;
    private final LongAdder truncated = new LongAdder();

    Inputs(Tokenizer tokenizer, EmbeddingProfile profile, Overlong overlong, ErrorDetails details) {
        this.tokenizer = tokenizer;
        this.profile = profile;
        this.overlong = overlong;
        this.details = details;
    }

    /**
     * The ids of each text.
     *
     * @param checkpoint runs before each text and throws to give up
     */
    int[][] encode(EmbeddingRequest request, Runnable checkpoint) {
        String prefix = request.inputType() == InputType.QUERY ? profile.queryPrefix() : profile.documentPrefix();
        List<String> texts = request.texts();
        int[][] ids = new int[texts.size()][];
        int cut = 0;
        for (int i = 0; i < ids.length; i++) {
            checkpoint.run();
            ids[i] = tokenizer.encode(prefix + texts.get(i));
            if (ids[i].length > profile.maxTokens()) {
                ids[i] = cut(ids[i], i);
                cut++;
            }
        }
        truncated.add(cut);
        return ids;
    }

    /** How many texts were cut so far. */
    long truncated() {
        return truncated.sum();
    }

    private int[] cut(int[] ids, int position) {
        int most = profile.maxTokens();
        if (overlong == Overlong.REJECT) {
            throw new ContextTooLongException(
                    "texts[" + position + "]: " + ids.length + " tokens (expected: <= " + most + ")", details, null);
        }
        int[] head = Arrays.copyOf(ids, most);
        head[most - 1] = ids[ids.length - 1];
        return head;
    }
}
