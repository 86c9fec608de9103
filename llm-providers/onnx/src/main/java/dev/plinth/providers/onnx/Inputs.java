package dev.plinth.providers.onnx;

import dev.plinth.api.embedding.InputType;
import dev.plinth.api.error.ContextTooLongException;
import dev.plinth.api.error.ErrorDetails;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * What an encoder reads: prefix and text as token ids, not more of them than the model takes.
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
     * What is read of each text.
     *
     * @param name of the texts, for messages
     * @param checkpoint runs before each text and throws to give up
     */
    Sequence[] of(String name, List<String> texts, InputType type, Runnable checkpoint) {
        Sequence[] sequences = new Sequence[texts.size()];
        for (int i = 0; i < sequences.length; i++) {
            checkpoint.run();
            sequences[i] = of(name + "[" + i + "]", texts.get(i), type);
        }
        return sequences;
    }

    /** What is read of one text. */
    Sequence of(String name, String text, InputType type) {
        int[] ids = tokenizer.encode(prefix(type) + text);
        return Sequence.of(ids.length > profile.maxTokens() ? cut(name, ids, type) : ids);
    }

    /** What stands before the text's own ids: the start mark, and the prefix if there is one. */
    int[] head(InputType type) {
        int[] ids = tokenizer.encode(prefix(type));
        return Arrays.copyOf(ids, ids.length - 1);
    }

    /** How many texts were cut so far. */
    long truncated() {
        return truncated.sum();
    }

    private String prefix(InputType type) {
        return type == InputType.QUERY ? profile.queryPrefix() : profile.documentPrefix();
    }

    private int[] cut(String name, int[] ids, InputType type) {
        int most = profile.maxTokens();
        boolean whole =
                overlong == Overlong.REJECT || overlong == Overlong.TRUNCATE_DOCUMENTS && type == InputType.QUERY;
        if (whole) {
            throw new ContextTooLongException(
                    name + ": " + ids.length + " tokens (expected: <= " + most + ")", details, null);
        }
        truncated.increment();
        int[] head = Arrays.copyOf(ids, most);
        head[most - 1] = ids[ids.length - 1];
        return head;
    }
}
