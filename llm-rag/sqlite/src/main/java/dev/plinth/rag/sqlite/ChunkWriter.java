package dev.plinth.rag.sqlite;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.rag.index.SortableBytes;
import dev.plinth.rag.index.StoreBytes;
import dev.plinth.rag.text.Analyzer;
import dev.plinth.rag.text.SearchText;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes chunks in one transaction. */
final class ChunkWriter implements AutoCloseable {
    private record Known(long row, Chunk chunk) {}

    private final Analyzer analyzer;
    private final List<PreparedStatement> statements = new ArrayList<>();
    private final PreparedStatement find;
    private final PreparedStatement putChunk;
    private final PreparedStatement removeChunk;
    private final PreparedStatement putVector;
    private final PreparedStatement removeVector;
    private final PreparedStatement putFact;
    private final PreparedStatement removeFact;
    private final PreparedStatement putWords;
    private final PreparedStatement removeWords;
    private final Connection connection;

    ChunkWriter(Connection connection, Tables tables, Analyzer analyzer) throws SQLException {
        this.connection = connection;
        this.analyzer = analyzer;
        find = prepared("SELECT row, content FROM " + tables.chunk() + " WHERE id = ?");
        putChunk = prepared("INSERT INTO " + tables.chunk() + " (id, content) VALUES (?, ?)"
                + " ON CONFLICT (id) DO UPDATE SET content = excluded.content RETURNING row");
        removeChunk = prepared("DELETE FROM " + tables.chunk() + " WHERE row = ?");
        putVector = prepared("INSERT OR REPLACE INTO " + tables.vector() + " (row, unit) VALUES (?, ?)");
        removeVector = prepared("DELETE FROM " + tables.vector() + " WHERE row = ?");
        putFact = prepared("INSERT INTO " + tables.fact() + " (row, field, kind, value) VALUES (?, ?, ?, ?)");
        removeFact =
                prepared("DELETE FROM " + tables.fact() + " WHERE row = ? AND field = ? AND kind = ? AND value = ?");
        putWords = prepared("INSERT INTO " + tables.words() + " (rowid, words) VALUES (?, ?)");
        removeWords = prepared("DELETE FROM " + tables.words() + " WHERE rowid = ?");
    }

    private PreparedStatement prepared(String sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statements.add(statement);
        return statement;
    }

    /** Puts a chunk in. Without a vector, one that the id has already is kept. */
    void put(Chunk chunk, float @Nullable [] unit) throws SQLException {
        Known known = known(chunk.id());
        if (known != null) {
            removeWhatFinds(known);
        }
        long row = row(chunk);
        for (Fact fact : Fact.all(chunk.metadata())) {
            run(putFact, row, fact.field(), fact.kind(), fact.value());
        }
        run(putWords, row, Words.text(analyzer.terms(SearchText.of(chunk))));
        if (unit != null) {
            run(putVector, row, Cosine.bytes(unit));
        }
    }

    void remove(String id) throws SQLException {
        Known known = known(id);
        if (known != null) {
            removeWhatFinds(known);
            run(removeVector, known.row());
            run(removeChunk, known.row());
        }
    }

    private void removeWhatFinds(Known known) throws SQLException {
        for (Fact fact : Fact.all(known.chunk().metadata())) {
            run(removeFact, known.row(), fact.field(), fact.kind(), fact.value());
        }
        run(removeWords, known.row());
    }

    private @Nullable Known known(String id) throws SQLException {
        find.setBytes(1, SortableBytes.of(id));
        try (ResultSet row = find.executeQuery()) {
            return row.next() ? new Known(row.getLong(1), StoreBytes.chunk(row.getBytes(2))) : null;
        }
    }

    private long row(Chunk chunk) throws SQLException {
        putChunk.setBytes(1, SortableBytes.of(chunk.id()));
        putChunk.setBytes(2, StoreBytes.of(chunk));
        try (ResultSet row = putChunk.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private static void run(PreparedStatement statement, Object... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        statement.executeUpdate();
    }

    @Override
    public void close() throws SQLException {
        for (PreparedStatement statement : statements) {
            statement.close();
        }
    }
}
