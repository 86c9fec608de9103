package dev.plinth.rag.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.rag.WordVectors;
import dev.plinth.rag.index.InMemoryIndex;
import dev.plinth.rag.ingest.IngestReport.Status;
import dev.plinth.rag.split.SentenceSplitter;
import dev.plinth.rag.split.Splitter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is made of the same version of a document can change with the connector's settings, and with the splitter. */
class FingerprintTest {
    private final WordVectors model = new WordVectors();
    private final InMemoryIndex index = InMemoryIndex.forModel(model).build();

    /** Tells of changes only, and there never are any. */
    private static final class Open implements Connector {
        private final Readers readers;
        private final List<String> cursors = new ArrayList<>();

        Open(Readers readers) {
            this.readers = readers;
        }

        @Override
        public String name() {
            return "shelf";
        }

        @Override
        public String fingerprint() {
            return readers.text();
        }

        @Override
        public Page list(@Nullable String cursor) {
            cursors.add(String.valueOf(cursor));
            List<Item> items = cursor == null ? List.of(new Item("salaries", "1")) : List.of();
            return new Page(items, List.of(), List.of(), null, "since 1", cursor == null, items.size());
        }

        @Override
        public Document fetch(Item item) {
            return new Document(item.id(), "", "Salaries of the board.", item.id(), readers, Metadata.NONE);
        }

        @Override
        public void close() {}
    }

    private Readers held() {
        List<Embedded> chunks = index.scan(null, 10).chunks();
        assertThat(chunks).hasSize(1);
        return Readers.in(chunks.get(0).chunk().metadata());
    }

    @Test
    void otherReadersReachWhatIsHeldAlready() {
        Open open = new Open(Readers.EVERYONE);
        Ingestion ingestion = Ingestion.into(index, model);
        ingestion.run(open);
        ingestion.run(open);
        assertThat(open.cursors).containsExactly("null", "since 1");

        Open closed = new Open(Readers.of("group:board"));
        IngestReport report = ingestion.run(closed);

        assertThat(closed.cursors).containsExactly("null");
        assertThat(report.count(Status.CHANGED)).isEqualTo(1);
        assertThat(held()).isEqualTo(Readers.of("group:board"));
    }

    /** Whatever a fingerprint is made of, the version that failed is told apart from it and handed to the connector again. */
    @Test
    void aFingerprintMayHoldAnything() {
        Shelf shelf = new Shelf(true).put("a", "one").put("b", "two");
        shelf.breaks("b");
        Splitter splitter = new Splitter() {
            @Override
            public List<Chunk> split(Document document) {
                return Splitter.standard().split(document);
            }

            @Override
            public String fingerprint() {
                return "by hand, v 2\n ";
            }
        };
        Ingestion ingestion = Ingestion.builder(index, model).splitter(splitter).build();
        for (int i = 1; i <= 4; i++) {
            ingestion.run(shelf);
            Ledger.Failure failure = index.find("shelf", List.of("b")).get("b").failure();
            assertThat(failure.times()).isEqualTo(Math.min(i, 3));
            assertThat(failure.version()).startsWith("v1 ").hasSize(15);
        }
    }

    @Test
    void anotherSplitterListsEverythingAnew() {
        Open shelf = new Open(Readers.EVERYONE);
        Ingestion.into(index, model).run(shelf);
        Ingestion.builder(index, model)
                .splitter(SentenceSplitter.create())
                .build()
                .run(shelf);
        assertThat(shelf.cursors).containsExactly("null", "null");
    }
}
