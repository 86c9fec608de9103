/** An index in one file, over SQLite. */
module dev.plinth.rag.sqlite {
    requires transitive dev.plinth.rag;
    requires static transitive org.jspecify;
    requires java.sql;
    requires org.xerial.sqlitejdbc;

    exports dev.plinth.rag.sqlite;
}
