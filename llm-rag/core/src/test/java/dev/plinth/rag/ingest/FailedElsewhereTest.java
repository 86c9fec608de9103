package dev.plinth.rag.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.testkit.FakeConnector;
import dev.plinth.rag.WordVectors;
import dev.plinth.rag.health.IndexHealth;
import dev.plinth.rag.index.InMemoryIndex;
import dev.plinth.rag.ingest.IngestReport.Status;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the source, the model or the store fails on may be the fault of the document, or of nobody. */
class FailedElsewhereTest {
    private final WordVectors model = new WordVectors();
    private final InMemoryIndex index = InMemoryIndex.forModel(model).build();
    private final FakeConnector source = FakeConnector.create("wiki");
    private final List<String> fetched = new ArrayList<>();

    private IngestReport run() {
        fetched.clear();
        source.beforeFetch(item -> fetched.add(item.id()));
        return Ingestion.into(index, model).run(source);
    }

    private Ledger.Failure failure(String id) {
        return index.find("wiki", List.of(id)).get(id).failure();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void standsInNobodysWay(boolean tellsChanges) {
        source.tellChanges(tellsChanges);
        for (int i = 0; i < 6; i++) {
            source.put("bad" + i, "Poison " + i).put("good" + i, "Words " + i);
        }
        model.failOn("Poison");
        assertThat(run().count(Status.ADDED)).as("after five failures in a row").isZero();
        assertThat(index.checkpoint("wiki")).as("some were not tried").isEmpty();

        assertThat(run().count(Status.ADDED)).isEqualTo(6);
        assertThat(fetched.subList(7, 12)).as("tried last").containsExactly("bad0", "bad1", "bad2", "bad3", "bad4");
        assertThat(index.checkpoint("wiki")).as("all is stored or noted").isPresent();

        model.failOn("");
        assertThat(run().count(Status.ADDED)).isEqualTo(6);
    }

    @Test
    void isLeftAloneWhereOthersGetThrough() {
        source.put("bad", "Poison");
        model.failOn("Poison");
        List<Status> statuses = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            statuses.add(run().problems().get(0).status());
            source.put("good" + i, "Words " + i);
        }
        assertThat(statuses).containsExactly(Status.FAILED, Status.FAILED, Status.QUARANTINED, Status.QUARANTINED);
        source.put("bad", "Words, too");
        assertThat(run().count(Status.ADDED)).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void leavesNobodyAloneWhileNothingGetsThrough(int quarantineAfter) {
        source.put("a", "Words").put("b", "Words, too");
        model.failOn("Words");
        Ingestion ingestion =
                Ingestion.builder(index, model).quarantineAfter(quarantineAfter).build();
        for (int i = 0; i < 5; i++) {
            assertThat(ingestion.run(source).count(Status.FAILED)).isEqualTo(2);
        }
        model.failOn("");
        assertThat(ingestion.run(source).count(Status.ADDED)).isEqualTo(2);
    }

    @Test
    void aSourceThatIsBusyIsAskedAFewTimesAndLeavesNobodyAlone() {
        for (int i = 0; i < 50; i++) {
            source.put("page" + i, "Words " + i);
        }
        for (int run = 0; run < 5; run++) {
            fetched.clear();
            source.beforeFetch(item -> {
                fetched.add(item.id());
                throw new RateLimitedException("wiki: 429 (expected: an answer within 5 minutes)");
            });
            assertThat(Ingestion.into(index, model).run(source).count(Status.FAILED))
                    .isEqualTo(50);
            assertThat(fetched).hasSize(5);
        }
        assertThat(run().count(Status.ADDED)).isEqualTo(50);
    }

    @Test
    void isCountedInHealth() {
        source.put("a", "Words").put("bad", "Poison");
        model.failOn("Poison");
        run();
        assertThat(IndexHealth.builder(index, index, model).build().measure().sources())
                .singleElement()
                .satisfies(health -> {
                    assertThat(health.stored()).isEqualTo(1);
                    assertThat(health.failed()).isEqualTo(1);
                });
        assertThat(failure("bad").cause()).contains("busy");
    }

    @Test
    void isListedAgainWhenItCouldNotBeNoted() {
        source.put("a", "Words").put("bad", "Poison");
        model.failOn("Poison");
        Ledger full = (Ledger) Proxy.newProxyInstance(
                Ledger.class.getClassLoader(), new Class<?>[] {Ledger.class}, (proxy, method, args) -> {
                    if (method.getName().equals("put") && args[1].toString().contains("bad")) {
                        throw new StoreException("ledger: full (expected: room)");
                    }
                    try {
                        return method.invoke(index, args);
                    } catch (InvocationTargetException exception) {
                        throw exception.getCause();
                    }
                });
        IngestReport report = Ingestion.builder(index, full, model).build().run(source);
        assertThat(report.problems().get(0).reason()).contains("busy");
        assertThat(index.checkpoint("wiki")).isEmpty();
        model.failOn("");
        assertThat(run().count(Status.ADDED)).isEqualTo(1);
    }
}
