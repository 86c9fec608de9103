package dev.plinth.rag.opensearch;

/** The fields of the index. A document is a chunk, or something the ledger remembers. */
final class Fields {
    /** The id of the document, to sort by. */
    static final String KEY = "key";
    /** Which kind of document it is and whose, as one term. */
    static final String OWNER = "owner";
    /** What people call it; not searched. */
    static final String NAME = "name";
    /** All of it, in Base64; not searched. */
    static final String CONTENT = "content";
    /** What it is found by; nothing but chunks has the following. */
    static final String WORDS = "words";

    static final String FACTS = "facts";
    static final String VECTOR = "vector";
    /** Whether it has a vector. */
    static final String EMBEDDED = "embedded";
    /** The source; nothing but the ledger has the following. */
    static final String SOURCE = "source";
    /** The id of the document that is remembered, to sort by. */
    static final String ENTRY = "entry";

    private Fields() {}
}
