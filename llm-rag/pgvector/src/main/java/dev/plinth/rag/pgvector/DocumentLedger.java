package dev.plinth.rag.pgvector;

import dev.plinth.api.check.Check;
import dev.plinth.api.retrieval.Ledger;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The ledger in the tables beside the chunks. */
final class DocumentLedger implements Ledger {
    private static final String COLUMNS = "stored_version, stored_digest, stored_prefix, stored_chunks, stored_at,"
            + " pending_version, pending_digest, pending_prefix, pending_chunks, pending_at,"
            + " failure_version, failure_cause, failure_times, failure_at";
    private static final int ID_START = 200; // an index takes 2,700 bytes

    private final Database database;
    private final Names names;

    DocumentLedger(Database database, Names names) {
        this.database = database;
        this.names = names;
    }

    private record Row(String id, Entry entry) {}

    @Override
    public Map<String, Entry> find(String source, Collection<String> documentIds) {
        return select(source, Sql.of(" AND key = ANY (?)", (Object) Keys.of(documentIds)));
    }

    @Override
    public Map<String, Entry> list(String source, @Nullable String after, int limit) {
        Check.positive(limit, "limit");
        Sql which = Sql.of("");
        if (after != null) {
            String id = PgText.ordered(after);
            which.add(" AND (id_start, id) > (?, ?)", start(id), id);
        }
        return select(source, which.add(" ORDER BY id_start, id LIMIT ?", limit));
    }

    private Map<String, Entry> select(String source, Sql which) {
        Check.notBlank(source, "source");
        Sql sql = Sql.of(
                        "SELECT id, " + COLUMNS + " FROM " + names.documents() + " WHERE tenant = ? AND source_key = ?",
                        database.tenant(),
                        Keys.of(source))
                .add(which);
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (Row row : database.query("ledger", sql, DocumentLedger::row)) {
            entries.put(row.id(), row.entry());
        }
        return entries;
    }

    @Override
    public void put(String source, Map<String, Entry> entries) {
        Check.notBlank(source, "source");
        Map<byte[], Sql> upserts = new TreeMap<>(Arrays::compareUnsigned);
        entries.forEach((id, entry) -> upserts.put(
                Keys.of(Check.notBlank(id, "documentId")), upsert(source, id, Check.notNull(entry, "entry"))));
        if (upserts.isEmpty()) {
            return;
        }
        database.write("ledger", transaction -> {
            transaction.update(Sql.of(
                    "INSERT INTO " + names.sources() + " (tenant, key, name) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                    database.tenant(),
                    Keys.of(source),
                    PgText.ordered(source)));
            transaction.updateAll(List.copyOf(upserts.values()));
        });
    }

    private Sql upsert(String source, String id, Entry entry) {
        String ordered = PgText.ordered(id);
        return Sql.of(
                        "INSERT INTO " + names.documents() + " (tenant, source_key, key, id, id_start, " + COLUMNS
                                + ") VALUES (?, ?, ?, ?, ?",
                        database.tenant(),
                        Keys.of(source),
                        Keys.of(id),
                        ordered,
                        start(ordered))
                .add(values(entry.stored()))
                .add(values(entry.pending()))
                .add(values(entry.failure()))
                .add(") ON CONFLICT (tenant, source_key, key) DO UPDATE SET (" + COLUMNS + ") = (EXCLUDED."
                        + COLUMNS.replace(", ", ", EXCLUDED.") + ")");
    }

    private static Sql values(@Nullable Stored stored) {
        String five = ", ?, ?, ?, ?, ?";
        return stored == null
                ? Sql.of(five, null, null, null, null, null)
                : Sql.of(
                        five,
                        PgText.escaped(stored.version()),
                        PgText.escaped(stored.digest()),
                        PgText.escaped(stored.prefix()),
                        stored.chunks(),
                        seconds(stored.at()));
    }

    private static Sql values(@Nullable Failure failure) {
        String four = ", ?, ?, ?, ?";
        return failure == null
                ? Sql.of(four, null, null, null, null)
                : Sql.of(
                        four,
                        PgText.escaped(failure.version()),
                        PgText.escaped(failure.cause()),
                        failure.times(),
                        seconds(failure.at()));
    }

    @Override
    public void remove(String source, Collection<String> documentIds) {
        Check.notBlank(source, "source");
        byte[][] keys = Keys.of(documentIds);
        String which = " WHERE tenant = ? AND source_key = ? AND key = ANY (?)";
        database.write("ledger", transaction -> {
            transaction.query(
                    Sql.of(
                            "SELECT 1 FROM " + names.documents() + which + " ORDER BY key FOR UPDATE",
                            database.tenant(),
                            Keys.of(source),
                            keys),
                    row -> true);
            transaction.update(
                    Sql.of("DELETE FROM " + names.documents() + which, database.tenant(), Keys.of(source), keys));
        });
    }

    @Override
    public Set<String> sources() {
        Sql sql = Sql.of(
                "SELECT name FROM " + names.sources()
                        + " s WHERE tenant = ? AND (at IS NOT NULL OR EXISTS (SELECT 1 FROM " + names.documents()
                        + " d WHERE d.tenant = s.tenant AND d.source_key = s.key))",
                database.tenant());
        List<String> known = database.query("ledger", sql, row -> PgText.unordered(row.getString(1)));
        return new TreeSet<>(known);
    }

    @Override
    public Optional<Checkpoint> checkpoint(String source) {
        Sql sql = Sql.of(
                "SELECT cursor, at FROM " + names.sources() + " WHERE tenant = ? AND key = ? AND at IS NOT NULL",
                database.tenant(),
                Keys.of(Check.notBlank(source, "source")));
        return database.query("ledger", sql, DocumentLedger::checkpoint).stream()
                .findFirst();
    }

    private static Checkpoint checkpoint(ResultSet row) throws SQLException {
        String cursor = row.getString(1);
        return new Checkpoint(cursor == null ? null : PgText.unescaped(cursor), instant(row.getBigDecimal(2)));
    }

    @Override
    public void checkpoint(String source, Checkpoint checkpoint) {
        Check.notBlank(source, "source");
        String cursor = checkpoint.cursor();
        database.write("ledger", transaction -> {
            transaction.update(Sql.of(
                    "INSERT INTO " + names.sources() + " (tenant, key, name, cursor, at) VALUES (?, ?, ?, ?, ?)"
                            + " ON CONFLICT (tenant, key) DO UPDATE SET cursor = EXCLUDED.cursor, at = EXCLUDED.at",
                    database.tenant(),
                    Keys.of(source),
                    PgText.ordered(source),
                    cursor == null ? null : PgText.escaped(cursor),
                    seconds(checkpoint.at())));
        });
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(PgText.unordered(row.getString(1)), new Entry(stored(row, 2), stored(row, 7), failure(row, 12)));
    }

    private static @Nullable Stored stored(ResultSet row, int at) throws SQLException {
        String version = row.getString(at);
        return version == null
                ? null
                : new Stored(
                        PgText.unescaped(version),
                        PgText.unescaped(row.getString(at + 1)),
                        PgText.unescaped(row.getString(at + 2)),
                        row.getInt(at + 3),
                        instant(row.getBigDecimal(at + 4)));
    }

    private static @Nullable Failure failure(ResultSet row, int at) throws SQLException {
        String version = row.getString(at);
        return version == null
                ? null
                : new Failure(
                        PgText.unescaped(version),
                        PgText.unescaped(row.getString(at + 1)),
                        row.getInt(at + 2),
                        instant(row.getBigDecimal(at + 3)));
    }

    private static String start(String ordered) {
        return ordered.codePointCount(0, ordered.length()) <= ID_START
                ? ordered
                : ordered.substring(0, ordered.offsetByCodePoints(0, ID_START));
    }

    private static BigDecimal seconds(Instant instant) {
        return BigDecimal.valueOf(instant.getEpochSecond()).add(BigDecimal.valueOf(instant.getNano(), 9));
    }

    private static Instant instant(BigDecimal seconds) {
        long whole = seconds.setScale(0, RoundingMode.FLOOR).longValueExact();
        int nanos =
                seconds.subtract(BigDecimal.valueOf(whole)).movePointRight(9).intValueExact();
        return Instant.ofEpochSecond(whole, nanos);
    }
}
