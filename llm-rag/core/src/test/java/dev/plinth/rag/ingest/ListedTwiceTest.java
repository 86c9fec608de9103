package dev.plinth.rag.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.rag.WordVectors;
import dev.plinth.rag.index.InMemoryIndex;
import dev.plinth.rag.ingest.IngestReport.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A list that changes while it is read: what it names a second time is not what it named first. */
class ListedTwiceTest {
    private final WordVectors model = new WordVectors();
    private final InMemoryIndex index = InMemoryIndex.forModel(model).build();
    private final Pages pages = new Pages();

    /** The text of a document is its version. */
    private static final class Pages implements Connector {
        private final List<Page> pages = new ArrayList<>();

        Pages page(List<Item> items, String... removed) {
            String next = Integer.toString(pages.size() + 1);
            pages.add(new Page(items, List.of(removed), List.of(), next, null, false, -1));
            return this;
        }

        @Override
        public String name() {
            return "pages";
        }

        @Override
        public Page list(@Nullable String cursor) {
            int at = cursor == null ? 0 : Integer.parseInt(cursor);
            return at < pages.size() ? pages.get(at) : new Page(List.of(), List.of(), List.of(), null, "0", false, -1);
        }

        @Override
        public Document fetch(Item item) {
            return new Document(item.id(), "", item.version(), "pages/" + item.id(), Readers.EVERYONE, Metadata.NONE);
        }

        @Override
        public void close() {
            // nothing is held
        }
    }

    private static List<Connector.Item> items(String... idsAndVersions) {
        List<Connector.Item> items = new ArrayList<>();
        for (String one : idsAndVersions) {
            items.add(new Connector.Item(one.substring(0, 1), one));
        }
        return items;
    }

    private IngestReport run(Ingestion ingestion) {
        return ingestion.run(pages);
    }

    private IngestReport run() {
        return run(Ingestion.into(index, model));
    }

    private List<String> held() {
        return index.scan(null, 100).chunks().stream()
                .map(Embedded::chunk)
                .map(chunk -> chunk.text())
                .sorted()
                .toList();
    }

    @Test
    void aLaterVersionIsBroughtInToo() {
        pages.page(items("x1", "y1")).page(items("z1")).page(items("x2", "y1"));
        IngestReport report = run();
        assertThat(held()).containsExactly("x2", "y1", "z1");
        assertThat(report.count(Status.ADDED)).isEqualTo(3);
        assertThat(report.count(Status.CHANGED)).as("x counts twice, y once").isEqualTo(1);
    }

    @Test
    void aVersionThatComesBackIsBroughtInToo() {
        pages.page(items("x1")).page(items("x2")).page(items("x1"));
        run();
        assertThat(held()).containsExactly("x1");
    }

    @Test
    void ofOnePageTheLastOneCounts() {
        pages.page(items("x1", "x2")).page(items("x3", "x4"));
        IngestReport report = run();
        assertThat(held()).containsExactly("x4");
        assertThat(report.named()).isEqualTo(2);
    }

    @Test
    void whatWasRemovedAndIsListedAgainIsBroughtIn() {
        pages.page(items("x1")).page(List.of(), "x", "y").page(items("x1", "y1"));
        IngestReport report = run();
        assertThat(held()).containsExactly("x1", "y1");
        assertThat(report.count(Status.REMOVED)).isEqualTo(1);
        assertThat(report.count(Status.ADDED)).isEqualTo(3);
    }

    /** What failed before is put off to the end of the list; by then it may be named anew. */
    @Test
    void whatFailedBeforeIsNotTriedAsItWasWhenItIsNamedAnew() {
        pages.page(items("x1", "y1", "z1"));
        model.failOn("1");
        assertThat(run().failed()).isEqualTo(3);
        model.failOn("");
        pages.page(items("x2"), "y");
        IngestReport report = run();
        assertThat(held()).containsExactly("x2", "z1");
        assertThat(report.named()).isEqualTo(2);
        assertThat(index.find("pages", List.of("y"))).isEmpty();
    }

    @Test
    void theLaterVersionWaitsForTheEarlierOneInAnotherLane() {
        ExecutorService executor = Executors.newFixedThreadPool(4);
        List<String> expected = new ArrayList<>();
        for (int round = 1; round <= 5; round++) {
            List<Connector.Item> items = new ArrayList<>();
            expected.clear();
            for (char id = 'a'; id <= 'z'; id++) {
                items.addAll(items(id + "" + round));
                expected.add(id + "" + round);
            }
            pages.page(items);
        }
        run(Ingestion.builder(index, model).parallel(4, executor).build());
        executor.shutdown();
        assertThat(held()).isEqualTo(expected);
    }

    @Test
    void workersGetTheLaterVersionToo() {
        pages.page(items("x1", "y1")).page(items("x2"));
        IngestReport report = run(Ingestion.builder(index, model)
                .workers(10, items -> Ingestion.into(index, model).bringIn(pages, items))
                .build());
        assertThat(held()).containsExactly("x2", "y1");
        assertThat(report.count(Status.CHANGED)).isEqualTo(1);
    }
}
