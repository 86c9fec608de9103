package dev.plinth.rag.pgvector;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.VectorStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes chunks and reads them back. */
final class Chunks {
    private final Database database;
    private final ChunkTable table;

    Chunks(Database database, ChunkTable table) {
        this.database = database;
        this.table = table;
    }

    void write(List<Embedded> chunks, Collection<String> deleted) {
        Map<byte[], Sql> upserts = new TreeMap<>(Arrays::compareUnsigned);
        for (int i = 0; i < chunks.size(); i++) {
            Chunk chunk = chunks.get(i).chunk();
            String unit = VectorText.of(chunks.get(i).vector(), table.dimensions(), "chunks[" + i + "].vector");
            upserts.put(Keys.of(chunk.id()), ChunkRow.upsert(table, database.tenant(), chunk, unit));
        }
        write(upserts, Keys.of(deleted));
    }

    void add(List<Chunk> chunks) {
        Map<byte[], Sql> upserts = new TreeMap<>(Arrays::compareUnsigned);
        for (Chunk chunk : chunks) {
            upserts.put(Keys.of(chunk.id()), ChunkRow.upsert(table, database.tenant(), chunk, null));
        }
        write(upserts, new byte[0][]);
    }

    /**
     * Rows are locked in the order of their keys before any is changed, so that writers with the same ids seldom wait for
     * each other in a circle.
     */
    private void write(Map<byte[], Sql> upserts, byte[][] deleted) {
        byte[][] gone =
                Arrays.stream(deleted).filter(key -> !upserts.containsKey(key)).toArray(byte[][]::new);
        byte[][] touched = concat(upserts.keySet(), gone);
        if (touched.length == 0) {
            return;
        }
        database.write("write", transaction -> {
            transaction.query(
                    Sql.of(
                            "SELECT 1 FROM " + table.name()
                                    + " WHERE tenant = ? AND key = ANY (?) ORDER BY key FOR UPDATE",
                            database.tenant(),
                            touched),
                    row -> true);
            transaction.updateAll(List.copyOf(upserts.values()));
            transaction.update(Sql.of(
                    "DELETE FROM " + table.name() + " WHERE tenant = ? AND key = ANY (?)", database.tenant(), gone));
        });
    }

    private static byte[][] concat(Collection<byte[]> some, byte[][] others) {
        List<byte[]> all = new ArrayList<>(some);
        all.addAll(Arrays.asList(others));
        return all.toArray(byte[][]::new);
    }

    List<Embedded> fetch(Collection<String> ids) {
        return read(Sql.of("AND c.key = ANY (?)", (Object) Keys.of(ids)));
    }

    /** In the order of the keys; the cursor is the last one seen. */
    VectorStore.Page scan(@Nullable String cursor, int limit) {
        Sql range = cursor == null ? Sql.of("") : Sql.of("AND c.key > ? ", (Object) key(cursor));
        List<Embedded> found = read(range.add("ORDER BY c.key LIMIT ?", limit));
        boolean last = found.size() < limit;
        return new VectorStore.Page(
                found,
                last
                        ? null
                        : HexFormat.of()
                                .formatHex(Keys.of(found.get(limit - 1).chunk().id())));
    }

    private static byte[] key(String cursor) {
        try {
            return HexFormat.of().parseHex(cursor);
        } catch (IllegalArgumentException notHex) {
            throw new IllegalArgumentException("cursor: " + cursor + " (expected: one that was given out)", notHex);
        }
    }

    private List<Embedded> read(Sql which) {
        Sql sql = Sql.of(
                        "SELECT " + ChunkRow.COLUMNS + ", c.embedding::real[] FROM " + table.name()
                                + " c WHERE c.tenant = ? AND c.embedding IS NOT NULL ",
                        database.tenant())
                .add(which);
        return database.query("read", sql, Chunks::embedded);
    }

    private static Embedded embedded(ResultSet row) throws SQLException {
        return new Embedded(ChunkRow.read(row, 1), VectorText.read(row.getArray(ChunkRow.WIDTH + 1)));
    }

    long size() {
        Sql sql = Sql.of("SELECT count(*) FROM " + table.name() + " WHERE tenant = ?", database.tenant());
        return database.query("size", sql, row -> row.getLong(1)).get(0);
    }
}
