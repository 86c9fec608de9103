package dev.plinth.rag.pgvector;

import static dev.plinth.rag.pgvector.Samples.embedded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.retrieval.VectorQuery;
import dev.plinth.api.time.Deadline;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

@Tag("once")
class ConcurrencyTest {
    private static final float[] X = {1, 0, 0, 0};
    private static final int GROUP = 6;

    private final TestServer server = TestServer.postgresql();
    private final String schema = TestServer.newSchema();
    private final PgVectorIndex index = Samples.builder(schema).build();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void writersOfTheSameIdsInAnyOrderEndTogether() throws Exception {
        List<Future<?>> writers = new ArrayList<>();
        for (int writer = 0; writer < 6; writer++) {
            Random random = new Random(writer);
            writers.add(threads.submit(() -> {
                for (int round = 0; round < 25; round++) {
                    List<String> ids = new ArrayList<>(List.of("a", "b", "c", "d", "e", "f", "g", "h"));
                    Collections.shuffle(ids, random);
                    index.write(
                            ids.subList(0, 4).stream()
                                    .map(id -> embedded(id, "zebra", X))
                                    .toList(),
                            ids.subList(4, 8));
                    index.put("docs", Map.of(ids.get(0), entry(), ids.get(1), entry(), ids.get(2), entry()));
                }
            }));
        }
        for (Future<?> writer : writers) {
            writer.get();
        }
        assertThat(index.size()).as("the four of the last write").isEqualTo(4);
    }

    private static Ledger.Entry entry() {
        return new Ledger.Entry(new Ledger.Stored("v", "d", "p", 1, Instant.EPOCH), null, null);
    }

    @Test
    void processesSeeWholeWritesOfEachOther() throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        ConcurrencyTest.class.getName(),
                        server.url(),
                        schema)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        int partial = 0;
        int seen = 0;
        while (other.isAlive() || seen == 0) {
            int size = index.search(new VectorQuery(X, 100)).size();
            seen += size > 0 ? 1 : 0;
            partial += size % GROUP == 0 ? 0 : 1;
            replace(index, "mine");
        }
        assertThat(other.waitFor()).isZero();
        assertThat(seen).isPositive();
        assertThat(partial).isZero();
        assertThat(index.size()).isEqualTo(2 * GROUP);
    }

    /** The other process: replaces its group of chunks a few times. */
    public static void main(String[] arguments) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setURL(arguments[0]);
        PgVectorIndex index = PgVectorIndex.builder(dataSource, Samples.STAMP)
                .schema(arguments[1])
                .build();
        for (int i = 0; i < 20; i++) {
            replace(index, "other");
        }
    }

    private static void replace(PgVectorIndex index, String owner) {
        List<String> old = index.scan(null, 100).chunks().stream()
                .map(one -> one.chunk().id())
                .filter(id -> id.startsWith(owner))
                .toList();
        String version = old.stream().anyMatch(id -> id.startsWith(owner + "-a")) ? "-b" : "-a";
        List<Embedded> group = new ArrayList<>();
        for (int i = 0; i < GROUP; i++) {
            group.add(embedded(owner + version + i, "zebra", 1, i, 0, 0));
        }
        index.write(group, old);
    }

    @Test
    void aSearchThatMustWaitEndsWithTheDeadlineOfItsCaller() throws Exception {
        PGSimpleDataSource impatient = new PGSimpleDataSource();
        impatient.setURL(server.url());
        PgVectorIndex limited =
                PgVectorIndex.builder(impatient, Samples.STAMP).schema(schema).build();
        impatient.setOptions("-c statement_timeout=200ms"); // for connections from now on
        try (Connection holder = server.dataSource().getConnection();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("LOCK TABLE " + schema + ".docs_chunk IN ACCESS EXCLUSIVE MODE");
            Future<?> late = search(index, Duration.ofMillis(500));
            assertThatThrownBy(() -> late.get(1, TimeUnit.MINUTES)).hasCauseInstanceOf(TimedOutException.class);
            Future<?> shorter = search(limited, Duration.ofHours(1));
            assertThatThrownBy(() -> shorter.get(1, TimeUnit.MINUTES))
                    .as("a limit of the database stays")
                    .hasCauseInstanceOf(StoreException.class);
            holder.rollback();
            holder.setAutoCommit(true);
        }
        search(index, Duration.ofDays(10_000)).get(1, TimeUnit.MINUTES);
    }

    private Future<?> search(PgVectorIndex searched, Duration limit) {
        CallContext context =
                CallContext.builder().deadline(Deadline.after(limit)).build();
        return threads.submit(context.wrapCallable(() -> searched.search(new VectorQuery(X, 1))));
    }

    @Test
    void aConnectionKilledInAWriteLeavesNothing() throws Exception {
        index.upsert(List.of(embedded("held", "zebra", X), embedded("old", "zebra", X)));
        try (Connection holder = server.dataSource().getConnection();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            // A row that was put in and is not committed stops a writer of the same id after its other rows.
            statement.execute("INSERT INTO " + schema
                    + ".docs_source (tenant, key, name) VALUES ('default', sha256('docs'), 'x')");
            statement.execute("LOCK TABLE " + schema + ".docs_document IN SHARE MODE");
            statement.execute("SELECT 1 FROM " + schema + ".docs_chunk WHERE id = 'held' FOR UPDATE");
            Future<?> write = threads.submit(
                    () -> index.write(List.of(embedded("held", "new", X), embedded("new", "new", X)), List.of("old")));
            Future<?> put = threads.submit(() -> index.put("docs", Map.of("a", entry())));
            killWaiting(2);
            for (Future<?> killed : List.of(write, put)) {
                assertThatThrownBy(() -> killed.get(1, TimeUnit.MINUTES)).hasCauseInstanceOf(StoreException.class);
            }
            holder.rollback();
            holder.setAutoCommit(true);
        }
        assertThat(index.fetch(List.of("held", "old", "new")))
                .extracting(one -> one.chunk().text())
                .containsExactly("zebra", "zebra");
        assertThat(index.sources()).isEmpty();
        index.write(List.of(embedded("new", "new", X)), List.of("old"));
        assertThat(index.size()).as("goes on with other connections").isEqualTo(2);
    }

    /** A backend that was told to end is listed as waiting for a moment longer: each counts once. */
    private void killWaiting(int expected) throws Exception {
        Set<Integer> killed = new HashSet<>();
        try (Connection connection = server.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            while (killed.size() < expected) {
                try (var rows = statement.executeQuery("SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity"
                        + " WHERE wait_event_type = 'Lock' AND query LIKE '%" + schema + "%'")) {
                    while (rows.next()) {
                        killed.add(rows.getInt("pid"));
                    }
                }
            }
        }
    }
}
