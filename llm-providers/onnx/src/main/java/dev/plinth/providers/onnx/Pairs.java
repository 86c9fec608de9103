package dev.plinth.providers.onnx;

import dev.plinth.api.error.ContextTooLongException;
import dev.plinth.api.error.ErrorDetails;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * What a cross-encoder reads: start mark, query, end marks, document, end mark, not more than the model takes.
 *
 * <p>Thread-safe.
 */
final class Pairs {

    private final Tokenizer tokenizer;
    private final CrossEncoderProfile profile;
    private final Overlong overlong;
    private final ErrorDetails details;
    private final int room;
    private final LongAdder truncated = new LongAdder();

    Pairs(Tokenizer tokenizer, CrossEncoderProfile profile, Overlong overlong, ErrorDetails details) {
        this.tokenizer = tokenizer;
        this.profile = profile;
        this.overlong = overlong;
        this.details = details;
        this.room = profile.maxTokens() - profile.separators() - 2;
    }

    /**
     * What is read of each document beside the query.
     *
     * @param checkpoint runs before each document and throws to give up
     */
    Sequence[] of(String query, List<String> documents, Runnable checkpoint) {
        int[] asked = tokenizer.encode(query);
        Sequence[] pairs = new Sequence[documents.size()];
        for (int i = 0; i < pairs.length; i++) {
            checkpoint.run();
            pairs[i] = pair(asked, tokenizer.encode(documents.get(i)), i);
        }
        return pairs;
    }

    /** How many pairs were cut so far. */
    long truncated() {
        return truncated.sum();
    }

    private Sequence pair(int[] query, int[] document, int position) {
        int first = query.length - 2;
        int second = document.length - 2;
        if (first + second <= room) {
            return joined(query, first, document, second);
        }
        int kept = keptOfQuery(first, second, position);
        truncated.increment();
        return joined(query, kept, document, Math.min(second, room - kept));
    }

    private int keptOfQuery(int first, int second, int position) {
        return switch (overlong) {
            case TRUNCATE -> longestFirst(first, second);
            case TRUNCATE_DOCUMENTS -> {
                if (first >= room) {
                    throw tooLong("query", first, "<");
                }
                yield first;
            }
            case REJECT -> throw tooLong("query and documents[" + position + "]", first + second, "<=");
        };
    }

    // As if one token after the other were taken from the longer text, of two equal ones from the query.
    private int longestFirst(int first, int second) {
        int half = room / 2;
        if (Math.min(first, second) <= half) {
            return first <= second ? first : room - second;
        }
        return first > second ? room - half : half;
    }

    private Sequence joined(int[] query, int first, int[] document, int second) {
        int separators = profile.separators();
        int end = query[query.length - 1];
        int[] ids = new int[first + second + separators + 2];
        System.arraycopy(query, 0, ids, 0, first + 1);
        for (int i = 0; i < separators; i++) {
            ids[first + 1 + i] = end;
        }
        int start = first + 1 + separators;
        System.arraycopy(document, 1, ids, start, second);
        ids[ids.length - 1] = end;
        return Sequence.pair(ids, start);
    }

    private ContextTooLongException tooLong(String name, int tokens, String limit) {
        int most = profile.maxTokens();
        return new ContextTooLongException(
                name + ": " + (tokens + most - room) + " tokens (expected: " + limit + " " + most + ")", details, null);
    }
}
