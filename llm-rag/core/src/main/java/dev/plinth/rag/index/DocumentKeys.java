package dev.plinth.rag.index;

import dev.plinth.rag.text.Sha256;

/**
 * What the documents of a tenant are told apart by in a place that tenants share: its chunks, the entries of its ledger, or
 * its checkpoints. For those who write a store over a server.
 *
 * <p>Immutable and thread-safe.
 */
public final class DocumentKeys {
    private final String owner;

    private DocumentKeys(char kind, String tenant) {
        this.owner = kind + FactTerms.of(tenant);
    }

    /** Of chunks. */
    public static DocumentKeys chunks(String tenant) {
        return new DocumentKeys('C', tenant);
    }

    /** Of what is known of documents. */
    public static DocumentKeys entries(String tenant) {
        return new DocumentKeys('E', tenant);
    }

    /** Of when sources were gone through. */
    public static DocumentKeys checkpoints(String tenant) {
        return new DocumentKeys('P', tenant);
    }

    /** A term, of letters and digits, that all of them have and no other. */
    public String owner() {
        return owner;
    }

    /** The key of the one with these names, which no other has: 64 hexadecimal digits. */
    public String of(String... names) {
        StringBuilder all = new StringBuilder(owner);
        for (String name : names) {
            all.append('x').append(name.length()).append('x').append(name);
        }
        return Sha256.of(SortableBytes.of(all.toString()));
    }
}
