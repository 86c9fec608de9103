package dev.plinth.api.chat;

import dev.plinth.api.check.Check;
import org.jspecify.annotations.Nullable;

/**
 * What a vendor says backs a piece of the answer. Whether it does is not checked.
 *
 * @param start where the piece starts in {@link ChatResponse#text()}, in chars from 0
 * @param end where it ends, exclusive; of a vendor that names no span, the end of the text block
 * @param source what backs it: a URL, or the vendor's id or number of a document that was sent
 * @param title of the source; null: not said
 * @param quote the words of the source; null: not said
 */
public record Citation(
        int start,
        int end,
        String source,
        @Nullable String title,
        @Nullable String quote) {

    public Citation {
        Check.that(start >= 0 && start <= end, "start", start, "0 to end, which is " + end);
        Check.notNull(source, "source");
    }
}
