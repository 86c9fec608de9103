package dev.plinth.rag.pgvector;

import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Makes the tables of an index and brings them up to date: by Flyway, or as a script for somebody else to run. */
final class Migration {
    /** How many files with a version there are in the folder of the tables. All but the first write it to the manifest. */
    static final int FORMAT = 1;

    private static final String FOLDER = "dev/plinth/rag/pgvector/";
    private static final String TABLES = FOLDER + "tables";
    private static final String ROW_SECURITY = FOLDER + "rowsecurity";
    private static final List<String> FILES = List.of(TABLES + "/V1__tables.sql");
    private static final String ROW_SECURITY_FILE = ROW_SECURITY + "/R__row_security.sql";

    private final IndexOptions options;
    private final Extension extension;

    Migration(IndexOptions options, Extension extension) {
        this.options = options;
        this.extension = extension;
    }

    void run(DataSource dataSource) {
        List<String> folders = new ArrayList<>(List.of("classpath:" + TABLES));
        if (options.rowSecurity()) {
            folders.add("classpath:" + ROW_SECURITY);
        }
        try {
            Flyway.configure(Migration.class.getClassLoader())
                    .dataSource(dataSource)
                    .schemas(options.names().schema())
                    .table(options.names().history())
                    .locations(folders.toArray(String[]::new))
                    .placeholders(placeholders())
                    .baselineOnMigrate(true) // the schema may hold other indexes, each with a history of its own
                    .baselineVersion("0")
                    .ignoreMigrationPatterns("repeatable:missing") // row security once on stays on
                    .load()
                    .migrate();
        } catch (FlywayException failed) {
            throw new StoreException(
                    "migration: failed in schema " + options.names().schema() + " (expected: tables made)",
                    ErrorDetails.NONE,
                    failed);
        }
    }

    String script() {
        StringBuilder script = new StringBuilder(
                        "CREATE EXTENSION IF NOT EXISTS vector;\nCREATE SCHEMA IF NOT EXISTS \"")
                .append(options.names().schema())
                .append("\";\n");
        List<String> files = new ArrayList<>(FILES);
        if (options.rowSecurity()) {
            files.add(ROW_SECURITY_FILE);
        }
        for (String file : files) {
            String sql = resource(file);
            for (Map.Entry<String, String> one : placeholders().entrySet()) {
                sql = sql.replace("${" + one.getKey() + "}", one.getValue());
            }
            script.append('\n').append(sql);
        }
        return script.toString();
    }

    private Map<String, String> placeholders() {
        Map<String, String> values = new HashMap<>();
        values.put("schema", options.names().schema());
        values.put("name", options.names().name());
        values.put("language", options.language());
        values.put("vector", extension.vector());
        values.put("dimensions", Integer.toString(options.stamp().dimensions()));
        values.put("embedding_index", embeddingIndex());
        return values;
    }

    private String embeddingIndex() {
        int dimensions = options.stamp().dimensions();
        String column = switch (scan(options, extension)) {
            case HNSW -> "embedding " + extension.schema() + "vector_cosine_ops";
            case HNSW_HALF ->
                "(embedding::" + extension.half(dimensions) + ") " + extension.schema() + "halfvec_cosine_ops";
            case EXACT -> "";
        };
        return column.isEmpty()
                ? "-- No index over the embeddings: they are compared one by one."
                : "CREATE INDEX " + options.names().name() + "_embedding ON "
                        + options.names().chunks() + " USING hnsw (" + column + ") WITH (m = " + options.m()
                        + ", ef_construction = " + options.efConstruction() + ");";
    }

    /** The best that pgvector can do for vectors of this length. */
    static VectorScan scan(IndexOptions options, Extension extension) {
        int dimensions = options.stamp().dimensions();
        if (options.exact() || dimensions > PgVectorIndex.MAX_HNSW_HALF) {
            return VectorScan.EXACT;
        }
        if (dimensions <= PgVectorIndex.MAX_HNSW) {
            return VectorScan.HNSW;
        }
        return extension.hasHalfVectors() ? VectorScan.HNSW_HALF : VectorScan.EXACT;
    }

    private static String resource(String file) {
        try (InputStream in = Migration.class.getClassLoader().getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + ": missing (expected: in the jar)");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
