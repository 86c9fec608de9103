package dev.plinth.api.retrieval;

import dev.plinth.api.check.Check;
import java.util.Collection;
import java.util.List;

/**
 * Keeps chunks and finds them both ways: by vector and by words. What {@link #write} puts in is found both ways; what
 * {@link #add} puts in, by words only.
 */
public interface HybridIndex extends VectorStore, TextIndex {

    /** Removes the chunks of these ids; unknown ids are passed over. */
    @Override
    default void delete(Collection<String> ids) {
        write(List.of(), ids);
    }

    /** Both searches; one round trip where the store can. */
    default Both search(VectorQuery vector, TextQuery text) {
        return new Both(search(vector), search(text));
    }

    /**
     * Two lists of what was found, not yet joined.
     *
     * @param byVector as {@link #search(VectorQuery)} gives it
     * @param byWords as {@link #search(TextQuery)} gives it
     */
    record Both(List<Match> byVector, List<Match> byWords) {
        public Both {
            byVector = List.copyOf(Check.notNull(byVector, "byVector"));
            byWords = List.copyOf(Check.notNull(byWords, "byWords"));
        }
    }
}
