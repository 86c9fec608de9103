package dev.plinth.rag.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.TextQuery;
import dev.plinth.rag.WordVectors;
import dev.plinth.rag.index.InMemoryIndex;
import dev.plinth.rag.ingest.IngestReport.Status;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReEmbeddingTest {
    private final WordVectors oldModel = new WordVectors("old");
    private final WordVectors newModel = new WordVectors("new");
    private final InMemoryIndex from = InMemoryIndex.forModel(oldModel).build();
    private final InMemoryIndex to = InMemoryIndex.forModel(newModel).build();
    private final Shelf shelf = new Shelf(true);

    @BeforeEach
    void fill() {
        for (int i = 0; i < 20; i++) {
            shelf.put("doc-" + i + ".md", "# First " + i + "\n\nwords\n\n# Second\n\nmore words");
        }
        Ingestion.into(from, oldModel).run(shelf);
    }

    private IngestReport run() {
        List<IngestReport> reports = ReEmbedding.of(from, from).run(Ingestion.into(to, newModel));
        assertThat(reports).hasSize(1);
        return reports.get(0);
    }

    @Test
    void bringsTheSameChunksUnderTheSameIdsWithNewVectors() {
        int fetched = shelf.fetched();
        IngestReport report = run();
        assertThat(report.count(Status.ADDED)).isEqualTo(20);
        assertThat(report.source()).isEqualTo("shelf");
        assertThat(shelf.fetched()).as("the source is not asked").isEqualTo(fetched);
        assertThat(newModel.embedded()).isEqualTo(40);
        assertThat(to.scan(null, 100).chunks())
                .extracting(Embedded::chunk)
                .containsExactlyInAnyOrderElementsOf(from.scan(null, 100).chunks().stream()
                        .map(Embedded::chunk)
                        .toList());
        assertThat(to.search(new TextQuery("first", 100))).hasSize(20);
    }

    @Test
    void goesOnWhereItWasStopped() {
        newModel.failOn("First 7\n"); // one document fails, the others are brought over
        assertThatThrownBy(this::run)
                .isInstanceOf(StoreException.class)
                .hasMessage("documents: not all are brought over (expected: none failed, none kept), shelf: 19 added, "
                        + "0 changed, 0 unchanged, 0 skipped, 1 failed, 0 quarantined, 0 removed, 0 kept");
        newModel.failOn("");
        int before = newModel.embedded();
        IngestReport report = run();
        assertThat(report.count(Status.ADDED)).isEqualTo(1);
        assertThat(report.count(Status.UNCHANGED)).isEqualTo(19);
        assertThat(newModel.embedded() - before).isEqualTo(2);
    }

    /** With a model that refuses one for good, as often as it is run. */
    @Test
    void failsAsLongAsADocumentIsMissing() {
        newModel.failOn("First 7\n");
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(this::run).hasMessageContaining("19 ");
        }
        newModel.failOn("");
        assertThat(run().count(Status.ADDED)).isEqualTo(1);
    }

    @Test
    void failsWhereTheOtherStoreHoldsWhatThisOneNoLongerDoes() {
        run();
        for (int i = 0; i < 15; i++) {
            shelf.remove("doc-" + i + ".md");
        }
        Ingestion.into(from, oldModel).run(shelf);
        assertThatThrownBy(this::run).isInstanceOf(StoreException.class).hasMessageContaining("15 kept");
        Ingestion.Builder all = Ingestion.builder(to, newModel).maxRemovedShare(1);
        ReEmbedding.of(from, from).run(all.build());
        assertThat(to.size()).isEqualTo(from.size());
    }

    @Test
    void takesOverWhatHasChangedMeanwhile() {
        run();
        shelf.put("doc-3.md", "# Third\n\nother words").remove("doc-4.md").put("new.md", "fresh");
        Ingestion.into(from, oldModel).run(shelf);
        IngestReport report = run();
        assertThat(report.count(Status.CHANGED)).isEqualTo(1);
        assertThat(report.count(Status.ADDED)).isEqualTo(1);
        assertThat(report.count(Status.REMOVED)).isEqualTo(1);
        assertThat(to.size()).isEqualTo(from.size());
    }

    @Test
    void ingestionGoesOnFromThere() {
        run();
        int fetched = shelf.fetched();
        shelf.put("doc-5.md", "changed");
        IngestReport report = Ingestion.into(to, newModel).run(shelf);
        assertThat(report.count(Status.CHANGED)).isEqualTo(1);
        assertThat(shelf.fetched() - fetched).as("only what changed since").isEqualTo(1);
    }

    @Test
    void failuresAreTriedAgainFromThereToo() {
        shelf.put("never.md", "never read before").put("doc-7.md", "changed");
        shelf.breaks("never.md");
        shelf.breaks("doc-7.md");
        assertThat(Ingestion.into(from, oldModel).run(shelf).failed()).isEqualTo(2);
        run();
        assertThat(to.find("shelf", List.of("doc-7.md")).get("doc-7.md").stored())
                .isNotNull();
        assertThat(run().changedAnything()).as("again").isFalse();

        shelf.mends("never.md");
        shelf.mends("doc-7.md");
        IngestReport report = Ingestion.into(to, newModel).run(shelf);
        assertThat(report.count(Status.ADDED)).isEqualTo(1);
        assertThat(report.count(Status.CHANGED)).isEqualTo(1);
        assertThat(to.search(new TextQuery("never", 10))).hasSize(1);
        assertThat(to.search(new TextQuery("changed", 10))).hasSize(1);
    }

    @Test
    void whatTheOldModelRefusedIsTriedWithTheNewOne() {
        shelf.put("new.md", "never read before");
        shelf.breaks("new.md");
        for (int i = 0; i < 3; i++) {
            Ingestion.into(from, oldModel).run(shelf);
        }
        shelf.mends("new.md");
        assertThat(Ingestion.into(from, oldModel).run(shelf).count(Status.QUARANTINED))
                .isEqualTo(1);
        run();
        assertThat(Ingestion.into(to, newModel).run(shelf).count(Status.ADDED)).isEqualTo(1);
    }

    @Test
    void theSourceIsAsOldAsItWas() {
        run();
        assertThat(to.checkpoint("shelf")).isEqualTo(from.checkpoint("shelf")).isPresent();
        InMemoryIndex never = InMemoryIndex.forModel(oldModel).build();
        never.put("other", from.find("shelf", List.of("doc-1.md")));
        InMemoryIndex copy = InMemoryIndex.forModel(newModel).build();
        never.write(from.scan(null, 100).chunks(), List.of());
        ReEmbedding.of(never, never).run(Ingestion.into(copy, newModel));
        assertThat(copy.size()).isEqualTo(2);
        assertThat(copy.checkpoint("other")).as("was never gone through").isEmpty();
    }

    @Test
    void doesNotCopyAStoreIntoItself() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReEmbedding.of(from, from).run(Ingestion.into(from, oldModel)));
    }
}
