package dev.plinth.bench.ingest;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.plinth.api.retrieval.HybridIndex;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.rag.index.InMemoryIndex;
import dev.plinth.rag.lucene.LuceneIndex;
import dev.plinth.rag.pgvector.PgVectorIndex;
import dev.plinth.rag.sqlite.SqliteIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A store by its name, kept in a folder or, for a name that is a JDBC URL, in PostgreSQL with pgvector; its own ledger.
 *
 * @param index searched both ways
 * @param ledger the same object
 * @param saver writes down what a store in memory holds; does nothing for others
 * @param closer frees what it has beside the index
 */
public record BenchStore(HybridIndex index, Ledger ledger, Runnable saver, Runnable closer) implements AutoCloseable {
    /** All names, for a command's usage. */
    public static final String NAMES = "in-memory|lucene|sqlite|pgvector|jdbc:postgresql:...";

    /** Opens the store of this name in the folder, which is made if need be. */
    public static BenchStore open(String name, Path folder, VectorStore.Stamp stamp) throws IOException {
        Files.createDirectories(folder);
        if (name.startsWith("jdbc:")) {
            return postgresql(name, folder, stamp);
        }
        return switch (name) {
            case "in-memory" -> inMemory(folder.resolve("index"), stamp);
            case "lucene" -> lucene(folder, stamp);
            case "sqlite" -> sqlite(folder.resolve("index.sqlite"), stamp);
            default -> throw new IllegalArgumentException("--store: " + name + " (expected: one of " + NAMES + ")");
        };
    }

    private static BenchStore inMemory(Path file, VectorStore.Stamp stamp) {
        InMemoryIndex index = InMemoryIndex.builder(stamp).loadIfExists(file);
        return new BenchStore(index, index, () -> index.save(file), () -> {});
    }

    private static BenchStore lucene(Path folder, VectorStore.Stamp stamp) {
        LuceneIndex index = LuceneIndex.builder(folder, stamp).open();
        return new BenchStore(index, index, () -> {}, () -> {});
    }

    private static BenchStore sqlite(Path file, VectorStore.Stamp stamp) {
        SqliteIndex index = SqliteIndex.builder(file, stamp).open();
        return new BenchStore(index, index, () -> {}, () -> {});
    }

    /** One index for each folder. */
    private static BenchStore postgresql(String url, Path folder, VectorStore.Stamp stamp) {
        HikariConfig configuration = new HikariConfig();
        configuration.setJdbcUrl(url);
        configuration.setMaximumPoolSize(8);
        HikariDataSource pool = new HikariDataSource(configuration);
        String name = "bench_" + Integer.toHexString(folder.toAbsolutePath().hashCode());
        PgVectorIndex index = PgVectorIndex.builder(pool, stamp).name(name).build();
        return new BenchStore(index, index, () -> {}, pool::close);
    }

    /** Saves and closes the store. */
    @Override
    public void close() {
        saver.run();
        index.close();
        closer.run();
    }
}
