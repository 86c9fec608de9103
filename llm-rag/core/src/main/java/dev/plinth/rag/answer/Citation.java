package dev.plinth.rag.answer;

import dev.plinth.api.check.Check;
import dev.plinth.api.retrieval.Chunk;

/**
 * What a part of an answer rests on.
 *
 * @param number how the answer's text refers to it: {@code [1]} is 1
 * @param chunk where the quote stands
 * @param quote word for word from the chunk
 * @param span where the quote stands in the document; its pages are those of the chunk
 * @param support how much of what the answer states with this number stands in the chunk: the share of the statement's
 *     words, of several statements the least, and 0 where a number of the statement is missing there; 1 for a quote.
 *     Words are compared as English stems, so an answer in another language than its source has little
 */
public record Citation(int number, Chunk chunk, String quote, Chunk.Span span, double support) {
    private static final double SUPPORTED = 0.5;

    public Citation {
        Check.positive(number, "number");
        Check.notNull(chunk, "chunk");
        Check.notBlank(quote, "quote");
        Check.that(chunk.text().contains(quote), "quote", quote.length() + " characters", "words of the chunk");
        Check.notNull(span, "span");
        Check.within(support, 0, 1, "support");
    }

    static Citation of(int number, Passage passage, double support) {
        Chunk chunk = passage.chunk();
        Chunk.Span whole = chunk.span();
        int startLine = whole.startLine() + lineFeeds(chunk.text(), 0, passage.start());
        int endLine = startLine + lineFeeds(chunk.text(), passage.start(), passage.end());
        Chunk.Span span = new Chunk.Span(
                whole.start() + passage.start(),
                whole.start() + passage.end(),
                startLine,
                endLine,
                whole.startPage(),
                whole.endPage());
        return new Citation(number, chunk, passage.text(), span, support);
    }

    private static int lineFeeds(String text, int from, int to) {
        int count = 0;
        for (int i = from; i < to; i++) {
            if (text.charAt(i) == '\n') {
                count++;
            }
        }
        return count;
    }

    /** Whether at least half of what the answer states stands in the chunk. If not, let a person look. */
    public boolean isSupported() {
        return support >= SUPPORTED;
    }

    /** Where a person finds the document. */
    public String source() {
        return chunk.source();
    }

    /** Where a person finds the quote, such as {@code docs/shipping.md:3} or {@code docs/handbook.pdf, page 12}. */
    public String place() {
        if (span.startPage() > 0) {
            String pages = range(span.startPage(), span.endPage());
            return source() + (span.endPage() > span.startPage() ? ", pages " : ", page ") + pages;
        }
        return source() + ":" + range(span.startLine(), span.endLine());
    }

    private static String range(int first, int last) {
        return first + (last > first ? "-" + last : "");
    }
}
