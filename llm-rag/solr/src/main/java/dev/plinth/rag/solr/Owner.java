package dev.plinth.rag.solr;

import dev.plinth.rag.index.FactTerms;
import dev.plinth.rag.index.SortableBytes;
import dev.plinth.rag.text.Sha256;

/** Whose documents these are: a tenant's chunks, the entries of its ledger, or its checkpoints. */
final class Owner {
    private final String term;

    private Owner(char kind, String tenant) {
        this.term = kind + FactTerms.of(tenant);
    }

    static Owner chunks(String tenant) {
        return new Owner('C', tenant);
    }

    static Owner entries(String tenant) {
        return new Owner('E', tenant);
    }

    static Owner checkpoints(String tenant) {
        return new Owner('P', tenant);
    }

    /** The term that all of them have. */
    String term() {
        return term;
    }

    /** The id of the one with these names. */
    String id(String... names) {
        StringBuilder all = new StringBuilder(term);
        for (String name : names) {
            all.append('x').append(name.length()).append('x').append(name);
        }
        return Sha256.of(SortableBytes.of(all.toString()));
    }
}
