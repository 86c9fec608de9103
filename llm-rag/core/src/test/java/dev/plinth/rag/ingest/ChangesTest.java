package dev.plinth.rag.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.TextQuery;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.api.testkit.FakeConnector;
import dev.plinth.rag.WordVectors;
import dev.plinth.rag.index.InMemoryIndex;
import dev.plinth.rag.ingest.IngestReport.Status;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A source that tells what has changed is asked for no more than that. */
class ChangesTest {
    private final WordVectors model = new WordVectors();
    private final InMemoryIndex index = InMemoryIndex.forModel(model).build();
    private final FakeConnector source = FakeConnector.create("wiki").pageSize(3);
    private final List<String> fetched = new ArrayList<>();

    @BeforeEach
    void fill() {
        for (int i = 0; i < 10; i++) {
            source.put("doc" + i, "Words of document " + i);
        }
        source.beforeFetch(item -> fetched.add(item.id()));
    }

    private IngestReport run() {
        fetched.clear();
        return Ingestion.into(index, model).run(source);
    }

    private int found(String words) {
        return index.search(new TextQuery(words, 20)).size();
    }

    @Test
    void onlyWhatHasChangedIsFetched() {
        assertThat(run().count(Status.ADDED)).isEqualTo(10);
        source.put("doc3", "Other letters").put("doc10", "Fresh letters").remove("doc5");

        IngestReport report = run();

        assertThat(fetched).containsExactlyInAnyOrder("doc3", "doc10");
        assertThat(report.summary())
                .isEqualTo(
                        "wiki: 1 added, 1 changed, 0 unchanged, 0 skipped, 0 failed, 0 quarantined, 1 removed, 0 kept");
        assertThat(found("letters")).isEqualTo(2);
        assertThat(index.size()).isEqualTo(10);
        assertThat(run().named()).as("nothing to do").isZero();
    }

    @Test
    void manyThatAreGoneAtOnceAreTakenOutAFewHundredAtATime() {
        source.pageSize(2000);
        for (int i = 0; i < 1100; i++) {
            source.put("many" + i, "Words");
        }
        run();
        for (int i = 0; i < 1100; i++) {
            source.remove("many" + i);
        }
        List<Integer> deleted = new ArrayList<>();
        VectorStore store = (VectorStore) Proxy.newProxyInstance(
                VectorStore.class.getClassLoader(), new Class<?>[] {VectorStore.class}, (proxy, method, args) -> {
                    if (method.getName().equals("delete")) {
                        deleted.add(((Collection<?>) args[0]).size());
                    }
                    return method.invoke(index, args);
                });
        IngestReport report = Ingestion.builder(store, index, model).build().run(source);
        assertThat(report.count(Status.REMOVED)).isEqualTo(1100);
        assertThat(deleted).containsExactly(500, 500, 100);
    }

    @Test
    void whatFailedIsTriedAgainThoughItIsNotTold() {
        source.failFetch("doc4", new StoreException("document: broken"));
        assertThat(run().failed()).isEqualTo(1);
        source.failFetch("doc4", null);
        assertThat(run().count(Status.ADDED)).isEqualTo(1);
        assertThat(fetched).containsExactly("doc4");
    }

    @Test
    void aSourceThatHasForgottenTheCursorIsReadAnewAndCostsNoEmbedding() {
        run();
        source.tellChanges(false).remove("doc9");
        int embedded = model.embedded();
        IngestReport report = run();
        assertThat(report.count(Status.UNCHANGED)).isEqualTo(9);
        assertThat(report.count(Status.REMOVED)).isEqualTo(1);
        assertThat(fetched).isEmpty();
        assertThat(model.embedded()).isEqualTo(embedded);
    }
}
