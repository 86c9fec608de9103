package dev.plinth.rag.pgvector;

import dev.plinth.api.error.StoreException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds out what the database has, makes what is missing if that is wanted, and refuses what does not fit. */
final class Opening {
    private static final String EXTENSION = """
            SELECT n.nspname, e.extversion FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
            WHERE e.extname = 'vector'""";
    private static final String RIGHTS = """
            SELECT CASE WHEN to_regnamespace(?) IS NULL THEN has_database_privilege(current_database(), 'CREATE')
            ELSE has_schema_privilege(?, 'CREATE') END""";
    private static final String TABLE = """
            SELECT a.atttypmod, c.relrowsecurity AND c.relforcerowsecurity, (
                SELECT max(pg_get_indexdef(i.indexrelid)) FROM pg_index i
                JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam
                WHERE i.indrelid = c.oid AND i.indisvalid AND m.amname = 'hnsw')
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'embedding'
            WHERE n.nspname = ? AND c.relname = ?""";

    private final Database database;
    private final IndexOptions options;
    private final Names names;

    Opening(Database database, IndexOptions options) {
        this.database = database;
        this.options = options;
        this.names = options.names();
    }

    /** The chunk table as it is: who administers the database may change its indexes. */
    private record Table(int dimensions, boolean rowSecurity, VectorScan scan) {}

    private record Manifest(String model, String language, int format) {}

    ChunkTable open() {
        checkEncoding();
        Extension extension = extension();
        Optional<Table> table = table();
        boolean unfinished =
                table.isEmpty() || options.rowSecurity() && !table.get().rowSecurity() || isOlder();
        if (unfinished && options.migrate()) {
            checkRights();
            new Migration(options, extension).run(database.dataSource());
            table = table();
        }
        check(table.orElseThrow(() -> new StoreException(
                "table: " + names.chunks() + " is missing (expected: to be there, or leave to make it)")));
        checkManifest();
        return new ChunkTable(
                names.chunks(),
                options.stamp().dimensions(),
                options.language(),
                extension,
                table.get().scan());
    }

    private boolean isOlder() {
        Sql sql = Sql.of("SELECT format FROM " + names.manifest());
        return database.query("open", sql, row -> row.getInt(1)).stream().anyMatch(format -> format < Migration.FORMAT);
    }

    private void checkEncoding() {
        List<String> encoding = database.query("open", Sql.of("SHOW server_encoding"), row -> row.getString(1));
        if (!encoding.equals(List.of("UTF8"))) {
            throw new StoreException("encoding: " + encoding + " (expected: [UTF8], of the database)");
        }
    }

    /** Flyway would try for nine seconds what is not allowed. */
    private void checkRights() {
        Sql sql = Sql.of(RIGHTS, names.schema(), names.schema());
        if (!database.query("open", sql, row -> row.getBoolean(1)).get(0)) {
            throw new StoreException("schema: " + names.schema()
                    + " (expected: the right to make it, or tables in it; or tables that an administrator has made)");
        }
    }

    private Extension extension() {
        Optional<Extension> known = find();
        if (known.isEmpty() && options.migrate()) {
            try {
                database.write(
                        "extension", transaction -> transaction.execute("CREATE EXTENSION IF NOT EXISTS vector"));
            } catch (StoreException refused) { // or made by another process at this moment
                return find().orElseThrow(() -> refused);
            }
            known = find();
        }
        return known.orElseThrow(
                () -> new StoreException("extension: vector is missing (expected: CREATE EXTENSION vector)"));
    }

    private Optional<Extension> find() {
        return database
                .query("open", Sql.of(EXTENSION), row -> Extension.of(row.getString(1), row.getString(2)))
                .stream()
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Optional<Table> table() {
        Sql sql = Sql.of(TABLE, names.schema(), names.name() + "_chunk");
        return database
                .query("open", sql, row -> new Table(row.getInt(1), row.getBoolean(2), scan(row.getString(3))))
                .stream()
                .findFirst();
    }

    private static VectorScan scan(@Nullable String index) {
        if (index == null) {
            return VectorScan.EXACT;
        }
        return index.contains("halfvec") ? VectorScan.HNSW_HALF : VectorScan.HNSW;
    }

    private void check(Table table) {
        if (table.dimensions() != options.stamp().dimensions()) {
            throw new StoreException("dimensions: " + options.stamp().dimensions() + " (expected: " + table.dimensions()
                    + ", those of the vectors in " + names.chunks() + ")");
        }
        if (options.rowSecurity() && !table.rowSecurity()) {
            throw new StoreException(
                    "row security: off (expected: on and forced for " + names.chunks() + ", as was asked for)");
        }
    }

    private void checkManifest() {
        Manifest held = database.run("manifest", this::manifest);
        if (!held.model().equals(PgText.escaped(options.stamp().model()))) {
            throw new StoreException("model: " + options.stamp().model() + " (expected: " + held.model()
                    + ", whose vectors are in " + names.chunks() + ")");
        }
        if (!held.language().equals(options.language())) {
            throw new StoreException("language: " + options.language() + " (expected: " + held.language()
                    + ", that of the words in " + names.chunks() + ")");
        }
        if (held.format() != Migration.FORMAT) {
            throw new StoreException("format: " + held.format() + " (expected: " + Migration.FORMAT
                    + ", that of this version of the library)");
        }
    }

    /** The row that is there, else a new one; of several who open a new index at once, one writes it. */
    private Manifest manifest(Transaction transaction) throws SQLException {
        Sql select = Sql.of("SELECT model, language, format FROM " + names.manifest());
        List<Manifest> held = transaction.query(select, Opening::manifest);
        if (held.isEmpty()) {
            transaction.update(Sql.of(
                    "INSERT INTO " + names.manifest()
                            + " (model, dimensions, language, format) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                    PgText.escaped(options.stamp().model()),
                    options.stamp().dimensions(),
                    options.language(),
                    Migration.FORMAT));
            held = transaction.query(select, Opening::manifest);
        }
        return held.get(0);
    }

    private static Manifest manifest(ResultSet row) throws SQLException {
        return new Manifest(row.getString(1), row.getString(2), row.getInt(3));
    }
}
