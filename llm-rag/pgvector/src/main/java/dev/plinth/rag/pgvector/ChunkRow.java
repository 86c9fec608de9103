package dev.plinth.rag.pgvector;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.rag.text.SearchText;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A chunk as a row. */
final class ChunkRow {
    /** What {@link #read} reads, of the table called {@code c}. */
    static final String COLUMNS =
            "c.id, c.document_id, c.source, c.headings, c.text, c.span, c.parent_text, c.parent_span,"
                    + " c.metadata::text";

    /** How many those are. */
    static final int WIDTH = 9;

    private static final String INSERT = " (tenant, key, id, document_id, source, headings, heading, text, span,"
            + " parent_text, parent_span, metadata, embedding) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::";
    private static final String UPDATE = ") ON CONFLICT (tenant, key) DO UPDATE SET document_id = EXCLUDED.document_id,"
            + " source = EXCLUDED.source, headings = EXCLUDED.headings, heading = EXCLUDED.heading,"
            + " text = EXCLUDED.text, span = EXCLUDED.span, parent_text = EXCLUDED.parent_text,"
            + " parent_span = EXCLUDED.parent_span, metadata = EXCLUDED.metadata";

    private ChunkRow() {}

    /**
     * Puts the chunk in, or in the place of the one with its id.
     *
     * @param embedding null: the one that is there stays
     */
    static Sql upsert(ChunkTable table, String tenant, Chunk chunk, @Nullable String embedding) {
        Chunk.Parent parent = chunk.parent();
        return Sql.of(
                "INSERT INTO " + table.name() + INSERT + table.extension().vector() + UPDATE
                        + (embedding == null ? "" : ", embedding = EXCLUDED.embedding"),
                tenant,
                Keys.of(chunk.id()),
                PgText.escaped(chunk.id()),
                PgText.escaped(chunk.documentId()),
                PgText.escaped(chunk.source()),
                chunk.headings().stream().map(PgText::escaped).toArray(String[]::new),
                PgText.escaped(heading(chunk)),
                PgText.escaped(chunk.text()),
                numbers(chunk.span()),
                parent == null ? null : PgText.escaped(parent.text()),
                parent == null ? null : numbers(parent.span()),
                MetadataJson.of(chunk.metadata()),
                embedding);
    }

    /** What is searched before the text. */
    private static String heading(Chunk chunk) {
        String whole = SearchText.of(chunk);
        return whole.substring(0, Math.max(0, whole.length() - chunk.text().length() - 1));
    }

    private static Integer[] numbers(Chunk.Span span) {
        return Stream.of(span.start(), span.end(), span.startLine(), span.endLine(), span.startPage(), span.endPage())
                .toArray(Integer[]::new);
    }

    /** Reads the columns from this position on. */
    static Chunk read(ResultSet row, int at) throws SQLException {
        String parent = row.getString(at + 6);
        return new Chunk(
                PgText.unescaped(row.getString(at)),
                PgText.unescaped(row.getString(at + 1)),
                PgText.unescaped(row.getString(at + 2)),
                PgText.unescaped(row.getString(at + 4)),
                span(row, at + 5),
                headings(row, at + 3),
                MetadataJson.read(row.getString(at + 8)),
                parent == null ? null : new Chunk.Parent(PgText.unescaped(parent), span(row, at + 7)));
    }

    private static List<String> headings(ResultSet row, int at) throws SQLException {
        String[] headings = (String[]) row.getArray(at).getArray();
        return Arrays.stream(headings).map(PgText::unescaped).toList();
    }

    private static Chunk.Span span(ResultSet row, int at) throws SQLException {
        Integer[] numbers = (Integer[]) row.getArray(at).getArray();
        return new Chunk.Span(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]);
    }
}
