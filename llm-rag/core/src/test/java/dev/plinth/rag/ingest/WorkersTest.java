package dev.plinth.rag.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.rag.WordVectors;
import dev.plinth.rag.index.InMemoryIndex;
import dev.plinth.rag.ingest.IngestReport.Outcome;
import dev.plinth.rag.ingest.IngestReport.Status;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A run whose documents are brought in by others, here by another ingestion into the same store. */
class WorkersTest {
    private final WordVectors model = new WordVectors();
    private final InMemoryIndex index = InMemoryIndex.forModel(model).build();
    private final Shelf shelf = new Shelf(true);
    private final List<Integer> shares = new ArrayList<>();

    private List<Outcome> bringIn(List<Connector.Item> items) {
        shares.add(items.size());
        return Ingestion.into(index, model).bringIn(shelf, items);
    }

    private IngestReport run(Workers workers) {
        return Ingestion.builder(index, model).workers(4, workers).build().run(shelf);
    }

    private void fill(int documents) {
        for (int i = 0; i < documents; i++) {
            shelf.put("doc" + i, "Words of document " + i);
        }
    }

    @Test
    void bringInWhatTheRunHandsOut() {
        fill(10);
        IngestReport first = run(this::bringIn);
        assertThat(first.count(Status.ADDED)).isEqualTo(10);
        assertThat(first.embeddedChunks()).isEqualTo(10);
        assertThat(shares).as("two pages of the list at once, then the rest").containsExactly(4, 4, 2);
        assertThat(index.checkpoint("shelf").orElseThrow().cursor()).endsWith("\nsince 10");

        shelf.put("doc3", "another text").remove("doc4");
        IngestReport second = run(this::bringIn);
        assertThat(second.count(Status.CHANGED)).isEqualTo(1);
        assertThat(second.count(Status.REMOVED)).isEqualTo(1);
        assertThat(index.size()).isEqualTo(9);
        assertThat(run(this::bringIn).changedAnything()).isFalse();
    }

    @Test
    void aShareTriedAgainCountsAsItDidAtFirst() {
        fill(4);
        run(this::bringIn);
        shelf.put("doc0", "another text").put("doc1", "Words of document 1").put("doc9", "new");
        IngestReport report = run(items -> {
            bringIn(items); // of this try the run is told nothing
            return bringIn(items);
        });
        assertThat(report.count(Status.CHANGED)).isEqualTo(1);
        assertThat(report.count(Status.UNCHANGED)).as("the same text again").isEqualTo(1);
        assertThat(report.count(Status.ADDED)).isEqualTo(1);
        assertThat(report.embeddedChunks()).isEqualTo(2);
    }

    @Test
    void theirFailuresAreThoseOfTheRun() {
        fill(3);
        shelf.breaks("doc1");
        for (Status status : List.of(Status.FAILED, Status.FAILED, Status.QUARANTINED, Status.QUARANTINED)) {
            IngestReport report = run(this::bringIn);
            assertThat(report.failed()).isEqualTo(1);
            assertThat(report.problems().get(0).status()).isEqualTo(status);
        }
    }

    @Test
    void whatTheModelFailedOnIsAskedForAgain() {
        fill(3);
        model.failOn("1");
        assertThat(run(this::bringIn).count(Status.FAILED)).isEqualTo(1);
        model.failOn("");
        assertThat(run(this::bringIn).count(Status.ADDED)).isEqualTo(1);
        assertThat(index.checkpoint("shelf").orElseThrow().cursor()).endsWith("\nsince 3");
    }

    @Test
    void whatTheModelFailedOnIsAskedForAgainThoughAnEarlierVersionHadFailed() {
        fill(3);
        shelf.breaks("doc1");
        for (int i = 0; i < 3; i++) {
            run(this::bringIn); // until that version is left alone
        }
        shelf.mends("doc1");
        shelf.put("doc1", "Words anew");
        model.failOn("anew");
        assertThat(run(this::bringIn).count(Status.FAILED)).isEqualTo(1);
        model.failOn("");
        assertThat(run(this::bringIn).count(Status.ADDED)).isEqualTo(1);
    }

    @Test
    void onlyTheRunTellsItsListenersNotTheShares() {
        fill(4);
        List<Outcome> told = new ArrayList<>();
        Ingestion.Builder builder = Ingestion.builder(index, model).onOutcome(told::add);
        Ingestion here = builder.build();
        builder.workers(4, items -> here.bringIn(shelf, items)).build().run(shelf);
        assertThat(told).hasSize(4);
    }

    @Test
    void aModelThatFailsEndsTheRunEarly() {
        fill(20);
        model.failOn("Words");
        IngestReport report = run(this::bringIn);
        assertThat(report.count(Status.FAILED)).isEqualTo(20);
        assertThat(shares).as("the rest is not tried").hasSizeLessThan(4);
        assertThat(index.checkpoint("shelf")).isEmpty();
    }

    @Test
    void haveToSayWhatBecameOfEach() {
        fill(3);
        assertThatThrownBy(() -> run(items -> bringIn(items).subList(0, 1)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("nothing is said of 2");
        fill(3);
        assertThatThrownBy(() -> run(items -> List.of(new Outcome("stranger", Status.ADDED, 1, null))))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("stranger");
        assertThatThrownBy(() -> run(items -> List.of(new Outcome(items.get(0).id(), Status.REMOVED, 0, null))))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("REMOVED");
        assertThatThrownBy(() -> run(items -> {
                    throw new OverloadedException("cluster: busy (expected: free)");
                }))
                .isInstanceOf(OverloadedException.class);
        assertThat(index.checkpoint("shelf")).isEmpty();
    }

    @Test
    void cannotReadAnotherStore() {
        InMemoryIndex other = InMemoryIndex.forModel(model).build();
        Ingestion ingestion =
                Ingestion.builder(other, model).workers(4, this::bringIn).build();
        assertThatThrownBy(() -> ReEmbedding.of(index, index).run(ingestion))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("into: with workers (expected: without)");
    }
}
