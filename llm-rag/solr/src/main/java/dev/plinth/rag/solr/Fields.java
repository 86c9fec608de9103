package dev.plinth.rag.solr;

/** The fields of the collection, beside {@code id}. A document is a chunk, or something the ledger remembers. */
final class Fields {
    /** The hash of what the document is and whose. */
    static final String ID = "id";
    /** Which kind of document it is and whose, as one term. */
    static final String OWNER = "plinth_owner";
    /** What people call it; not searched. */
    static final String NAME = "plinth_name";
    /** All of it, in Base64; not searched. */
    static final String CONTENT = "plinth_content";
    /** What it is found by; nothing but chunks has the following. */
    static final String WORDS = "plinth_words";

    static final String FACTS = "plinth_facts";
    static final String VECTOR = "plinth_vector";
    /** Whether it has a vector, which Solr cannot be asked. */
    static final String EMBEDDED = "plinth_embedded";
    /** The source; nothing but the ledger has the following. */
    static final String SOURCE = "plinth_source";
    /** The id of the document, to sort by. */
    static final String ENTRY = "plinth_entry";

    private Fields() {}
}
