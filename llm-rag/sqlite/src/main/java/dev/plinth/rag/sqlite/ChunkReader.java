package dev.plinth.rag.sqlite;

import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.TextQuery;
import dev.plinth.api.retrieval.VectorQuery;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.rag.index.SortableBytes;
import dev.plinth.rag.index.StoreBytes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds chunks in one transaction. */
final class ChunkReader {
    private final Connection connection;
    private final Tables tables;

    ChunkReader(Connection connection, Tables tables) {
        this.connection = connection;
        this.tables = tables;
    }

    /** @param cosine how it is said in SQL */
    List<Match> byVector(float[] unit, VectorQuery query, String cosine) throws SQLException {
        Condition condition = new Condition(query.filter(), "row", tables.fact());
        String best = "SELECT row, " + cosine + " AS score FROM " + tables.vector() + " WHERE " + condition.sql()
                + " ORDER BY score DESC LIMIT ?";
        try (PreparedStatement statement = connection.prepareStatement(withChunks(best))) {
            statement.setBytes(1, Cosine.bytes(unit));
            statement.setInt(condition.setOn(statement, 2), query.k());
            return matches(statement, 1);
        }
    }

    List<Match> byWords(List<String> words, TextQuery query) throws SQLException {
        if (words.isEmpty()) {
            return List.of();
        }
        // The plus keeps SQLite from asking for the words anew for each row that passes the filter.
        Condition condition = new Condition(query.filter(), "+rowid", tables.fact());
        String best = "SELECT rowid AS row, -bm25(" + tables.words() + ") AS score FROM " + tables.words() + " WHERE "
                + tables.words() + " MATCH ? AND " + condition.sql() + " ORDER BY score DESC LIMIT ?";
        try (PreparedStatement statement = connection.prepareStatement(withChunks(best))) {
            statement.setString(1, Words.query(words));
            statement.setInt(condition.setOn(statement, 2), query.k());
            return matches(statement, Double.MAX_VALUE);
        }
    }

    private String withChunks(String best) {
        return "SELECT content, score FROM (" + best + ") JOIN " + tables.chunk() + " USING (row) ORDER BY score DESC";
    }

    private static List<Match> matches(PreparedStatement statement, double highest) throws SQLException {
        List<Match> matches = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                double score = Math.min(highest, Math.max(-highest, row.getDouble(2)));
                matches.add(new Match(StoreBytes.chunk(row.getBytes(1)), score));
            }
        }
        return matches;
    }

    List<Embedded> fetch(Collection<String> ids) throws SQLException {
        List<Embedded> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement("SELECT content, unit FROM " + tables.chunk()
                + " JOIN " + tables.vector() + " USING (row) WHERE id = ?")) {
            for (String id : new LinkedHashSet<>(ids)) {
                statement.setBytes(1, SortableBytes.of(id));
                addTo(found, statement);
            }
        }
        return found;
    }

    /** In the order of the ids; the cursor is the last one. */
    VectorStore.Page scan(@Nullable String cursor, int limit) throws SQLException {
        List<Embedded> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement("SELECT content, unit FROM " + tables.chunk()
                + " JOIN " + tables.vector() + " USING (row) WHERE id > ? ORDER BY id LIMIT ?")) {
            statement.setBytes(1, cursor == null ? new byte[0] : SortableBytes.of(cursor));
            statement.setInt(2, limit);
            addTo(found, statement);
        }
        return new VectorStore.Page(
                found,
                found.size() < limit ? null : found.get(limit - 1).chunk().id());
    }

    private static void addTo(List<Embedded> found, PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                found.add(new Embedded(StoreBytes.chunk(row.getBytes(1)), Cosine.vector(row.getBytes(2))));
            }
        }
    }

    long size() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT count(*) FROM " + tables.chunk());
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }
}
