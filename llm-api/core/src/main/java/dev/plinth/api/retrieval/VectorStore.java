package dev.plinth.api.retrieval;

import dev.plinth.api.check.Check;
import dev.plinth.api.embedding.EmbeddingModel;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Keeps chunks with their vectors and finds the nearest ones by cosine.
 *
 * <p>Thread-safe. A vector of another length, with a value that is not finite, or without a direction (all zero) is
 * refused with {@link IllegalArgumentException}; what the store itself cannot do, with
 * {@link dev.plinth.api.error.StoreException}. A search that begins after the deadline of the current context, or on an
 * interrupted thread, is refused with an {@link dev.plinth.api.error.LlmException}; one that runs then ends, if the store
 * can end it. What a write returned from is found by every later search, and is kept, in
 * a store that keeps anything, even if the process is killed.
 */
public interface VectorStore extends AutoCloseable {

    /**
     * Takes chunks out and puts others in, in one step: a reader sees none of it or all of it, and so does who opens the
     * store after a failure. A store that cannot promise that says so in its documentation; it puts in before it takes
     * out, so that a reader may see both for a moment but never neither.
     *
     * @param chunks are put in; one whose id is there already is replaced, and of two with the same id the last one stays
     * @param deleted ids that are taken out, unless they are put in; unknown ones are passed over
     */
    void write(List<Embedded> chunks, Collection<String> deleted);

    /** Puts chunks in, as {@link #write} does. */
    default void upsert(List<Embedded> chunks) {
        write(chunks, List.of());
    }

    /** Removes the chunks of these ids; unknown ids are passed over. */
    default void delete(Collection<String> ids) {
        write(List.of(), ids);
    }

    /**
     * The nearest chunks, best first, their scores being cosines from -1 to 1. As many as were asked for, if so many
     * pass the filter. An approximate store says so in its documentation.
     */
    List<Match> search(VectorQuery query);

    /** The chunks of these ids with their vectors, in no particular order; unknown ids are passed over. */
    List<Embedded> fetch(Collection<String> ids);

    /**
     * Walks through all that the store holds. What is written meanwhile may be in it or not; what is there from the
     * first page to the last is in it once.
     *
     * @param cursor {@link Page#next} of the page before; null: from the start
     * @param limit how many chunks at most
     */
    Page scan(@Nullable String cursor, int limit);

    /** How many chunks it holds. */
    long size();

    /** Whose vectors it holds. */
    Stamp stamp();

    /** Releases what it holds. Closing twice does nothing. */
    @Override
    void close();

    /**
     * A part of a walk.
     *
     * @param chunks with their vectors, whose length may be another than the one they were put in with
     * @param next where the next page starts; null: this is the last one
     */
    record Page(List<Embedded> chunks, @Nullable String next) {
        public Page {
            chunks = List.copyOf(Check.notNull(chunks, "chunks"));
        }
    }

    /**
     * Whose vectors a store holds: vectors of different models do not compare.
     *
     * @param model name of the embedding model
     * @param dimensions length of the vectors
     */
    record Stamp(String model, int dimensions) {
        public Stamp {
            Check.notBlank(model, "model");
            Check.positive(dimensions, "dimensions");
        }

        /** For the vectors of this model. One that does not know their length is asked to embed one word. */
        public static Stamp of(EmbeddingModel model) {
            OptionalInt known = model.dimensions();
            int dimensions = known.isPresent()
                    ? known.getAsInt()
                    : model.embedDocuments(List.of("length")).get(0).length;
            return new Stamp(model.info().model(), dimensions);
        }
    }
}
