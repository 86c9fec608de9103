package dev.plinth.rag.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.rag.connect.FolderConnector;
import dev.plinth.rag.index.InMemoryIndex;
import dev.plinth.rag.ingest.IngestReport;
import dev.plinth.rag.ingest.IngestReport.Status;
import dev.plinth.rag.ingest.Ingestion;
import dev.plinth.rag.pgvector.PgVectorIndex;
import dev.plinth.servers.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** With the store that the processes of a real cluster share. */
class SparkPostgresTest {
    private static PostgresServer server;
    private static JavaSparkContext spark;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() throws Exception {
        server = PostgresServer.withVectors().orElseThrow(PostgresServer::missing);
        spark = LocalCluster.start("org.apache.spark.serializer.JavaSerializer");
    }

    @AfterAll
    static void stop() {
        if (spark != null) {
            spark.stop();
        }
        if (server != null) {
            server.close();
        }
    }

    private IngestReport run(String url, boolean dying) {
        String path = folder.toString();
        return SparkIngestion.on(spark, () -> {
                    PgVectorIndex index =
                            PgVectorIndex.builder(dataSource(url), Hashes.STAMP).build();
                    int[] batches = {0};
                    Hashes model = new Hashes(texts -> {
                        TaskContext task = TaskContext.get();
                        if (dying && task != null && ++batches[0] == 2 && task.attemptNumber() < 2) {
                            throw new AssertionError("the task dies");
                        }
                    });
                    return Pipeline.of(
                                    FolderConnector.of(Path.of(path)).named("docs"),
                                    Ingestion.builder(index, model).batchSize(8))
                            .closing(index);
                })
                .documentsPerTask(10)
                .run();
    }

    /** Goes along to a task, which a server does not. */
    private static PGSimpleDataSource dataSource(String url) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setURL(url);
        return dataSource;
    }

    private Map<String, String> expected() {
        InMemoryIndex index = InMemoryIndex.forModel(new Hashes(texts -> {})).build();
        Ingestion.into(index, new Hashes(texts -> {}))
                .run(FolderConnector.of(folder).named("docs"));
        return Site.content(index, index);
    }

    @Test
    void keepsADatabaseEqualToTheFilesThroughDeaths() throws Exception {
        for (int i = 0; i < 60; i++) {
            Files.writeString(folder.resolve("doc" + i + ".md"), "# Document " + i + "\n\nWords.\n\n# More\n\nof " + i);
        }
        IngestReport first = run(server.url(), true);
        assertThat(first.count(Status.ADDED)).isEqualTo(60);
        assertThat(first.named()).isEqualTo(60);
        assertThat(first.embeddedChunks()).isEqualTo(120);
        PgVectorIndex index =
                PgVectorIndex.builder(server.dataSource(), Hashes.STAMP).build();
        assertThat(Site.content(index, index)).isEqualTo(expected());
        assertThat(run(server.url(), false).changedAnything()).isFalse();

        for (int i = 0; i < 20; i++) {
            Files.writeString(folder.resolve("doc" + i + ".md"), "changed " + i);
        }
        Files.delete(folder.resolve("doc59.md"));
        IngestReport third = run(server.url(), true);
        assertThat(third.count(Status.CHANGED)).isEqualTo(20);
        assertThat(third.count(Status.REMOVED)).isEqualTo(1);
        assertThat(third.count(Status.UNCHANGED)).isEqualTo(39);
        assertThat(Site.content(index, index)).isEqualTo(expected());
        index.close();
    }
}
