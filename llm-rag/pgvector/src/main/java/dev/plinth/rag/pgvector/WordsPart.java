package dev.plinth.rag.pgvector;

import dev.plinth.api.retrieval.TextQuery;

/** The part of a search that finds the chunks that share words with the query, as {@code by_words}. */
final class WordsPart {
    private WordsPart() {}

    /** The words of the query, each quoted, with "or" between them: no text of a user is read as the query language. */
    static Sql sql(ChunkTable table, String tenant, TextQuery query) {
        return Sql.of(
                        """
                        asked AS MATERIALIZED (
                          SELECT string_agg('''' || replace(replace(lexeme, '\\', '\\\\'), '''', '''''') || '''', ' | ')::tsquery AS words
                          FROM unnest(to_tsvector(?::regconfig, ?))),
                        by_words AS MATERIALIZED (
                          SELECT tenant, key, ts_rank_cd(words, (SELECT words FROM asked))::float8 AS score FROM\s""" + table.name() + " WHERE tenant = ? AND words @@ (SELECT words FROM asked) AND ",
                        table.language(),
                        PgText.escaped(query.text()),
                        tenant)
                .add(Conditions.of(query.filter()))
                .add(" ORDER BY score DESC LIMIT ?)", query.k());
    }
}
