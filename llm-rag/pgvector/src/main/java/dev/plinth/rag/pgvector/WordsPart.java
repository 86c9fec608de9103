package dev.plinth.rag.pgvector;

import dev.plinth.api.retrieval.TextQuery;
import dev.plinth.rag.text.SearchText;

/**
 * The part of a search that finds the chunks that share words with the query, as {@code by_words}.
 *
 * <p>PostgreSQL's own rank does not know that a rare word says more than a common one. So every chunk that shares a word
 * is ranked by each of them alone, which grows ever slower with its occurrences and falls with the length of the text;
 * the score is the sum of these ranks, each times the weight that BM25 gives the word.
 */
final class WordsPart {
    /** So many chunks of the tenant are counted: from there on only what a word's rarity is measured against stays small. */
    private static final int COUNTED = 100_000;

    private static final int MOST_WORDS = 500;

    /** Each word of the query, quoted: no text of a user is read as the query language. */
    private static final String ASKED = """
            asked AS MATERIALIZED (
              SELECT n, ('''' || replace(replace(lexeme, '\\', '\\\\'), '''', '''''') || '''')::tsquery AS word
              FROM unnest(to_tsvector(?::regconfig, ?)) WITH ORDINALITY AS words (lexeme, positions, labels, n)),
            """;

    private static final String ANY = "(SELECT string_agg(word::text, ' | ')::tsquery FROM asked)";

    /** The label is the one that all positions have: a value that was made is not decompressed again for each word. */
    private static final String WORDS = "SELECT key, setweight(words, 'D') AS words FROM ";

    private static final String RANKED = """
             OFFSET 0) sharing CROSS JOIN LATERAL (
                SELECT n, ts_rank(sharing.words, word, 1) AS rank FROM asked WHERE sharing.words @@ word OFFSET 0) ranked),
            """;

    private static final String WEIGHTED = """
            weights AS MATERIALIZED (
              SELECT n, ln(1 + (greatest(chunks, count(*)) - count(*) + 0.5) / (count(*) + 0.5)) AS weight
              FROM hits CROSS JOIN total GROUP BY n, chunks),
            by_words AS MATERIALIZED (
              SELECT ?::text AS tenant, key, sum(weight * rank)::float8 AS score FROM hits JOIN weights USING (n)
              GROUP BY key ORDER BY score DESC LIMIT ?)""";

    private WordsPart() {}

    static Sql sql(ChunkTable table, String tenant, TextQuery query) {
        return Sql.of(ASKED, table.language(), PgText.escaped(SearchText.query(query.text(), MOST_WORDS)))
                .add(
                        "total AS MATERIALIZED (SELECT count(*) AS chunks FROM (SELECT FROM " + table.name()
                                + " WHERE tenant = ? LIMIT " + COUNTED + ") counted),\n",
                        tenant)
                .add(
                        "hits AS MATERIALIZED (SELECT key, n, rank FROM (" + WORDS + table.name()
                                + " WHERE tenant = ? AND words @@ " + ANY + " AND ",
                        tenant)
                .add(Conditions.of(query.filter()))
                .add(RANKED)
                .add(WEIGHTED, tenant, query.k());
    }
}
