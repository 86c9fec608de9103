/** The rows of a table or a query as documents. */
module dev.plinth.rag.connectors.jdbc {
    requires transitive dev.plinth.rag;
    requires transitive java.sql;
    requires static org.jspecify;

    exports dev.plinth.rag.connectors.jdbc;
}
