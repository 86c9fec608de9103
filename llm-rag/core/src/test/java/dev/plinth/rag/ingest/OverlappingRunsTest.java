package dev.plinth.rag.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.api.testkit.FakeLedger;
import dev.plinth.api.testkit.FakeVectorStore;
import dev.plinth.rag.WordVectors;
import dev.plinth.rag.ingest.IngestReport.Status;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two runs of one source that should not be there at once: what they leave behind, the next one repairs. */
class OverlappingRunsTest {
    private final WordVectors model = new WordVectors();
    private final FakeVectorStore store = FakeVectorStore.create("word-vectors", WordVectors.DIMENSIONS);
    private final FakeLedger ledger = FakeLedger.create();
    private final Shelf shelf = new Shelf(true);

    /** The same source as another run sees it. */
    private final Shelf elsewhere = new Shelf(true);

    @BeforeEach
    void bothFindTheFirstVersion() {
        shelf.put("x", "first");
        elsewhere.put("x", "first");
        run(store, shelf);
    }

    private IngestReport run(VectorStore into, Shelf from) {
        return Ingestion.builder(into, ledger, model).build().run(from);
    }

    /** Something happens before a write has its effect, or after. */
    private VectorStore around(Runnable before, Runnable after) {
        return (VectorStore) Proxy.newProxyInstance(
                VectorStore.class.getClassLoader(), new Class<?>[] {VectorStore.class}, (proxy, method, args) -> {
                    boolean write = method.getName().equals("write");
                    if (write) {
                        before.run();
                    }
                    try {
                        return method.invoke(store, args);
                    } catch (InvocationTargetException exception) {
                        throw exception.getCause();
                    } finally {
                        if (write) {
                            after.run();
                        }
                    }
                });
    }

    private List<String> held() {
        return store.scan(null, 100).chunks().stream()
                .map(Embedded::chunk)
                .map(chunk -> chunk.text())
                .sorted()
                .toList();
    }

    /** A source that tells only of changes has nothing more to tell by then. */
    private void theNextRunRepairs() {
        assertThat(ledger.find("shelf", List.of("x")).get("x").pending()).isNotNull();
        assertThat(run(store, shelf).failed()).isZero();
        assertThat(held()).containsExactly("third");
        Ledger.Entry entry = ledger.find("shelf", List.of("x")).get("x");
        assertThat(entry.pending()).isNull();
        assertThat(run(store, shelf).changedAnything()).isFalse();
    }

    @Test
    void anOlderVersionIsWrittenBeforeTheResultIsNoted() {
        shelf.put("x", "second").put("x", "third");
        elsewhere.put("x", "second");
        run(around(() -> {}, () -> run(store, elsewhere)), shelf);
        theNextRunRepairs();
    }

    @Test
    void aNewerVersionIsWrittenBeforeTheWrite() {
        shelf.put("x", "third");
        elsewhere.put("x", "second");
        run(around(() -> run(store, shelf), () -> {}), elsewhere);
        assertThat(held()).as("both for now").containsExactly("second", "third");
        theNextRunRepairs();
    }

    @Test
    void anOlderVersionIsWrittenBeforeTheWrite() {
        shelf.put("x", "third");
        elsewhere.put("x", "second");
        run(around(() -> run(store, elsewhere), () -> {}), shelf);
        theNextRunRepairs();
    }

    @Test
    void theSameContentTwiceIsNoConflict() {
        shelf.put("x", "second");
        elsewhere.put("x", "second");
        IngestReport report = run(around(() -> {}, () -> run(store, elsewhere)), shelf);
        assertThat(report.count(Status.CHANGED)).isEqualTo(1);
        Ledger.Entry entry = ledger.find("shelf", List.of("x")).get("x");
        assertThat(entry.pending()).isNull();
        assertThat(held()).containsExactly("second");
    }

    @Test
    void whatTheOtherHasRemovedIsNotNotedAsStored() {
        shelf.put("x", "second");
        elsewhere.remove("x");
        run(around(() -> run(store, elsewhere), () -> {}), shelf);
        Ledger.Entry entry = ledger.find("shelf", List.of("x")).get("x");
        assertThat(entry.pending()).isNotNull();
        assertThat(entry.stored()).as("the next run takes it up").isNull();
    }
}
