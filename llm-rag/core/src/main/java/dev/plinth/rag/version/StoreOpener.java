package dev.plinth.rag.version;

import dev.plinth.api.retrieval.HybridIndex;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.retrieval.VectorStore;

/**
 * Opens the store of one version of an index.
 *
 * @param <S> a store that searches both ways and is its own ledger
 */
public interface StoreOpener<S extends HybridIndex & Ledger> {

    /**
     * Opens a store, an empty one if there is none of this name.
     *
     * @param name such as {@code docs-v2}: letters, digits, {@code -} and {@code _}
     * @param stamp whose vectors it holds
     */
    S open(String name, VectorStore.Stamp stamp);

    /**
     * Deletes a store, which has been closed, with all that it holds. If there is none of this name, or only a part of
     * it, what is left goes: a drop that failed is repeated.
     */
    void drop(String name);
}
