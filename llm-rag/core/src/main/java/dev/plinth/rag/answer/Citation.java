package dev.plinth.rag.answer;

import dev.plinth.api.check.Check;
import dev.plinth.api.retrieval.Chunk;

/**
 * What a part of an answer rests on.
 *
 * @param number how the answer's text refers to it: {@code [1]} is 1
 * @param chunk where the quote stands
 * @param quote word for word from the chunk
 * @param startLine line of the document in which the quote starts, from 1
 * @param endLine line of the document in which it ends
 */
public record Citation(int number, Chunk chunk, String quote, int startLine, int endLine) {

    public Citation {
        Check.positive(number, "number");
        Check.notNull(chunk, "chunk");
        Check.notBlank(quote, "quote");
        Check.that(startLine >= 1, "startLine", startLine, ">= 1");
        Check.that(endLine >= startLine, "endLine", endLine, ">= " + startLine);
    }

    static Citation of(int number, Passage passage) {
        Chunk chunk = passage.chunk();
        int startLine = chunk.span().startLine() + lineFeeds(chunk.text(), 0, passage.start());
        int endLine = startLine + lineFeeds(chunk.text(), passage.start(), passage.end());
        return new Citation(number, chunk, passage.text(), startLine, endLine);
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

    /** Where a person finds the document. */
    public String source() {
        return chunk.source();
    }

    /** Where a person finds the quote, such as {@code docs/shipping.md:3}. */
    public String place() {
        return source() + ":" + startLine + (endLine > startLine ? "-" + endLine : "");
    }
}
