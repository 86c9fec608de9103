/** Keeps feedback in a relational database. */
module dev.plinth.feedback.jdbc {
    requires transitive dev.plinth.api;
    requires transitive java.sql;
    requires static org.jspecify;

    exports dev.plinth.feedback.jdbc;
}
