/** What REST APIs list as documents. Jackson does the parsing and shows in no signature. */
module dev.plinth.rag.connectors.rest {
    requires transitive dev.plinth.rag;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires static org.jspecify;

    exports dev.plinth.rag.connectors.rest;

    opens dev.plinth.rag.connectors.rest to
            com.fasterxml.jackson.databind;
}
