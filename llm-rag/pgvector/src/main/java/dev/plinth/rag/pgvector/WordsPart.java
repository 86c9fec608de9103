package dev.plinth.rag.pgvector;

import dev.plinth.api.retrieval.TextQuery;

/**
 * The part of a search that finds the chunks that share words with the query, as {@code by_words}.
 *
 * <p>PostgreSQL's own rank does not know that a rare word says more than a common one. So its best candidates are ranked
 * once more: the sum, over the words of the query, of the rank by this word alone, which grows ever slower with its
 * occurrences and falls with the length of the text, times the weight that BM25 gives the word. How many chunks hold a
 * word is counted among the candidates.
 */
final class WordsPart {
    private static final int CANDIDATES = 1000;

    /** Each word of the query, quoted: no text of a user is read as the query language. */
    private static final String ASKED = """
            asked AS MATERIALIZED (
              SELECT ('''' || replace(replace(lexeme, '\\', '\\\\'), '''', '''''') || '''')::tsquery AS word
              FROM unnest(to_tsvector(?::regconfig, ?))),
            """;

    private static final String ANY = "(SELECT string_agg(word::text, ' | ')::tsquery FROM asked)";

    private static final String WEIGHTED = """
            hits AS MATERIALIZED (
              SELECT s.tenant, s.key, a.word, ts_rank(s.words, a.word, 1) AS rank
              FROM sharing s JOIN asked a ON s.words @@ a.word),
            weights AS MATERIALIZED (
              SELECT word, ln(1 + (greatest((SELECT reltuples FROM pg_class WHERE oid = ?::regclass),
                (SELECT count(*) FROM sharing)) - count(*) + 0.5) / (count(*) + 0.5)) AS weight
              FROM hits GROUP BY word),
            by_words AS MATERIALIZED (
              SELECT tenant, key, sum(weight * rank)::float8 AS score FROM hits JOIN weights USING (word)
              GROUP BY tenant, key ORDER BY score DESC LIMIT ?)""";

    private WordsPart() {}

    static Sql sql(ChunkTable table, String tenant, TextQuery query) {
        return Sql.of(ASKED, table.language(), PgText.escaped(query.text()))
                .add(
                        "sharing AS MATERIALIZED (SELECT tenant, key, words FROM " + table.name()
                                + " WHERE tenant = ? AND words @@ " + ANY + " AND ",
                        tenant)
                .add(Conditions.of(query.filter()))
                .add(" ORDER BY ts_rank(words, " + ANY + ", 1) DESC LIMIT ?),\n", Math.max(CANDIDATES, query.k()))
                .add(WEIGHTED, table.name(), query.k());
    }
}
