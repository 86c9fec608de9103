package dev.plinth.rag.split;

import dev.plinth.api.check.Check;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Document;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.ToLongFunction;

/**
 * Cuts a text into chunks of as many whole words as a number of tokens holds. A word stands between white space; an
 * ideograph and a letter of Kana are words of their own. Only a word that alone is too large is cut, never inside a
 * surrogate pair.
 *
 * <pre>{@code
 * JtokkitTokenCounter counter = JtokkitTokenCounter.forModel("text-embedding-3-small");
 * Splitter splitter = TokenSplitter.by("cl100k_base", counter::count).maxTokens(400).overlap(40);
 * }</pre>
 *
 * <p>No chunk has more tokens than the limit: the text of each was counted as it is, since the counts of two texts do
 * not add up to that of both joined. With an overlap, every chunk but the first starts with the most whole words before
 * the end of the chunk before it that have at most so many tokens and leave room for the next word.
 *
 * <p>Defaults: at most 250 tokens, no overlap. Immutable, and thread-safe if the tokenizer is.
 */
public final class TokenSplitter implements Splitter {
    private static final int LEAST = 8;

    private final String tokenizer;
    private final ToLongFunction<String> count;
    private final int maxTokens;
    private final int overlap;

    private TokenSplitter(String tokenizer, ToLongFunction<String> count, int maxTokens, int overlap) {
        this.tokenizer = tokenizer;
        this.count = count;
        this.maxTokens = maxTokens;
        this.overlap = overlap;
    }

    /**
     * By this tokenizer, with the defaults.
     *
     * @param tokenizer its name, for the fingerprint
     * @param count how many tokens a text has: a longer text never fewer than its beginning; called very often, so it
     *     must not ask a server
     */
    public static TokenSplitter by(String tokenizer, ToLongFunction<String> count) {
        return new TokenSplitter(Check.notBlank(tokenizer, "tokenizer"), Check.notNull(count, "count"), 250, 0);
    }

    /** The same with chunks of at most this many tokens, 8 or more and at least twice the overlap. */
    public TokenSplitter maxTokens(int tokens) {
        Check.that(tokens >= LEAST, "maxTokens", tokens, ">= " + LEAST);
        Check.that(tokens >= 2 * overlap, "maxTokens", tokens, ">= " + 2 * overlap + ", twice the overlap");
        return new TokenSplitter(tokenizer, count, tokens, overlap);
    }

    /** The same with at most this many tokens shared by neighbours, 0 to half of a chunk's. */
    public TokenSplitter overlap(int tokens) {
        Check.that(tokens >= 0 && tokens <= maxTokens / 2, "overlap", tokens, "0 to " + maxTokens / 2);
        return new TokenSplitter(tokenizer, count, maxTokens, tokens);
    }

    @Override
    public String fingerprint() {
        return "token-1/" + tokenizer + "/" + maxTokens + "/" + overlap;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if a single character has more tokens than a chunk may have
     */
    @Override
    public List<Chunk> split(Document document) {
        List<Span> words = words(document.text());
        Pieces pieces = new Pieces(document);
        int from = 0;
        int to = 0;
        while (to < words.size()) {
            from = start(document.text(), words, from, to);
            to = end(document.text(), words, from, to);
            pieces.add(words.get(from).start(), words.get(to - 1).end());
        }
        return pieces.chunks();
    }

    /** The words of a text, none of them too large. */
    private List<Span> words(String text) {
        List<Span> words = new ArrayList<>();
        for (Span word : WordSpans.of(text)) {
            int start = word.start();
            while (start < word.end()) {
                int end = fittingEnd(text, start, word.end());
                words.add(new Span(start, end));
                start = end;
            }
        }
        return words;
    }

    private int fittingEnd(String text, int start, int end) {
        int fitting =
                largest(0, end - start, 4 * maxTokens, n -> tokens(text, start, whole(text, start + n)) <= maxTokens);
        int fittingEnd = whole(text, start + fitting);
        Check.that(fittingEnd > start, "maxTokens", maxTokens, "no less than a single character of the text has");
        return fittingEnd;
    }

    /** The position itself, or the one before it where it would split a surrogate pair. */
    private static int whole(String text, int position) {
        return Cutter.splitsPair(text, position) ? position - 1 : position;
    }

    /** The first word of the chunk after one of {@code from} to {@code to}, exclusive. */
    private int start(String text, List<Span> words, int from, int to) {
        int shared = largest(
                0,
                Math.min(overlap == 0 ? 0 : to - from - 1, to),
                1 + overlap / 4,
                n -> tokens(text, words, to - n, to) <= overlap && tokens(text, words, to - n, to + 1) <= maxTokens);
        return to - shared;
    }

    /** After the last word of the chunk that starts with {@code from} and has at least the word {@code last}. */
    private int end(String text, List<Span> words, int from, int last) {
        return largest(last + 1, words.size(), 1 + maxTokens / 4, end -> tokens(text, words, from, end) <= maxTokens);
    }

    private long tokens(String text, List<Span> words, int from, int to) {
        return tokens(text, words.get(from).start(), words.get(to - 1).end());
    }

    private long tokens(String text, int start, int end) {
        return count.applyAsLong(text.substring(start, end));
    }

    /** The largest number up to {@code most} that fits, when {@code known} does; tries about a step more first. */
    private static int largest(int known, int most, int step, IntPredicate fits) {
        int low = known;
        int high = known;
        long next = step;
        while (low == high && low < most) {
            high = (int) Math.min(most, low + next);
            low = fits.test(high) ? high : low;
            next *= 2;
        }
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (fits.test(middle)) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
