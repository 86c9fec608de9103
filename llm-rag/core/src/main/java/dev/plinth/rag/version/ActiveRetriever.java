package dev.plinth.rag.version;

import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.HybridIndex;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.retrieval.Retrieval;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.retrieval.Retriever;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Reads the manifest at each search, so that a swap, by whomever, is followed at once. */
final class ActiveRetriever<S extends HybridIndex & Ledger> implements Retriever {
    private final String index;
    private final IndexVersions<S> versions;
    private final Function<? super S, ? extends Retriever> over;
    private final Map<Integer, Retriever> retrievers = new ConcurrentHashMap<>();

    ActiveRetriever(String index, IndexVersions<S> versions, Function<? super S, ? extends Retriever> over) {
        this.index = index;
        this.versions = versions;
        this.over = over;
    }

    @Override
    public Retrieval retrieve(RetrievalRequest request) {
        int number = versions.manifest()
                .active()
                .orElseThrow(() -> new StoreException(index + ": no version is read yet (expected: one activated)"))
                .number();
        return retrievers
                .computeIfAbsent(number, key -> over.apply(versions.open(key)))
                .retrieve(request);
    }

    @Override
    public String name() {
        return index;
    }
}
