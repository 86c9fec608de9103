package dev.plinth.rag.sqlite;

import dev.plinth.api.retrieval.Ledger;
import dev.plinth.rag.index.SortableBytes;
import dev.plinth.rag.index.StoreBytes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a ledger remembers, in one transaction. */
final class LedgerRows {
    private final Connection connection;
    private final Tables tables;

    LedgerRows(Connection connection, Tables tables) {
        this.connection = connection;
        this.tables = tables;
    }

    Map<String, Ledger.Entry> find(String source, Collection<String> ids) throws SQLException {
        Map<String, Ledger.Entry> found = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT id, content FROM " + tables.entry() + " WHERE source = ? AND id = ?")) {
            statement.setBytes(1, SortableBytes.of(source));
            for (String id : ids) {
                statement.setBytes(2, SortableBytes.of(id));
                addTo(found, statement);
            }
        }
        return found;
    }

    Map<String, Ledger.Entry> list(String source, @Nullable String after, int limit) throws SQLException {
        Map<String, Ledger.Entry> found = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT id, content FROM " + tables.entry() + " WHERE source = ? AND id > ? ORDER BY id LIMIT ?")) {
            statement.setBytes(1, SortableBytes.of(source));
            statement.setBytes(2, after == null ? new byte[0] : SortableBytes.of(after));
            statement.setInt(3, limit);
            addTo(found, statement);
        }
        return found;
    }

    private static void addTo(Map<String, Ledger.Entry> found, PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                found.put(SortableBytes.text(row.getBytes(1)), StoreBytes.entry(row.getBytes(2)));
            }
        }
    }

    void put(String source, Map<String, Ledger.Entry> entries) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT OR REPLACE INTO " + tables.entry() + " (source, id, content) VALUES (?, ?, ?)")) {
            statement.setBytes(1, SortableBytes.of(source));
            for (Map.Entry<String, Ledger.Entry> entry : entries.entrySet()) {
                statement.setBytes(2, SortableBytes.of(entry.getKey()));
                statement.setBytes(3, StoreBytes.of(entry.getValue()));
                statement.executeUpdate();
            }
        }
    }

    void remove(String source, Collection<String> ids) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("DELETE FROM " + tables.entry() + " WHERE source = ? AND id = ?")) {
            statement.setBytes(1, SortableBytes.of(source));
            for (String id : ids) {
                statement.setBytes(2, SortableBytes.of(id));
                statement.executeUpdate();
            }
        }
    }

    Set<String> sources() throws SQLException {
        Set<String> sources = new TreeSet<>();
        try (PreparedStatement statement = connection.prepareStatement(
                        "SELECT source FROM " + tables.entry() + " UNION SELECT source FROM " + tables.checkpoint());
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                sources.add(SortableBytes.text(row.getBytes(1)));
            }
        }
        return sources;
    }

    Optional<Ledger.Checkpoint> checkpoint(String source) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT content FROM " + tables.checkpoint() + " WHERE source = ?")) {
            statement.setBytes(1, SortableBytes.of(source));
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(StoreBytes.checkpoint(row.getBytes(1))) : Optional.empty();
            }
        }
    }

    void checkpoint(String source, Ledger.Checkpoint checkpoint) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT OR REPLACE INTO " + tables.checkpoint() + " (source, content) VALUES (?, ?)")) {
            statement.setBytes(1, SortableBytes.of(source));
            statement.setBytes(2, StoreBytes.of(checkpoint));
            statement.executeUpdate();
        }
    }
}
