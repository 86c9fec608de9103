package dev.plinth.rag.lucene;

import static dev.plinth.rag.lucene.Chunks.chunk;
import static dev.plinth.rag.lucene.Chunks.embedded;
import static dev.plinth.rag.lucene.Chunks.ids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Filter;
import dev.plinth.api.retrieval.HybridIndex;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.TextQuery;
import dev.plinth.api.retrieval.Value;
import dev.plinth.api.retrieval.VectorQuery;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.api.testkit.FakeEmbeddingModel;
import dev.plinth.rag.connect.FolderConnector;
import dev.plinth.rag.index.InMemoryIndex;
import dev.plinth.rag.ingest.IngestReport;
import dev.plinth.rag.ingest.Ingestion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.store.FSDirectory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LuceneIndexTest {
    private static final float[] X = {1, 0};
    private static final Ledger.Entry ENTRY =
            new Ledger.Entry(null, null, new Ledger.Failure("v", "cause", 1, Instant.EPOCH));

    @TempDir
    Path directory;

    private LuceneIndex opened;

    private LuceneIndex open(int dimensions) {
        opened = LuceneIndex.builder(directory, new VectorStore.Stamp("model", dimensions))
                .open();
        return opened;
    }

    @AfterEach
    void close() {
        if (opened != null) {
            opened.close();
        }
    }

    @Test
    void anIngestionGoesOnWhereTheLastProcessStopped() throws Exception {
        Path docs = Files.createDirectories(directory.resolve("docs"));
        Files.writeString(docs.resolve("a.md"), "# Shipping\n\nWe ship daily.\n");
        Files.writeString(docs.resolve("b.txt"), "Refunds take five days.");
        FakeEmbeddingModel model = FakeEmbeddingModel.create("model", 8);
        LuceneIndex index = open(8);
        assertThat(Ingestion.into(index, model).run(FolderConnector.of(docs)).count(IngestReport.Status.ADDED))
                .isEqualTo(2);
        index.close();

        Files.writeString(docs.resolve("b.txt"), "Refunds take ten weeks.");
        LuceneIndex again = open(8);
        IngestReport report = Ingestion.into(again, model).run(FolderConnector.of(docs));
        assertThat(report.count(IngestReport.Status.UNCHANGED)).isEqualTo(1);
        assertThat(report.count(IngestReport.Status.CHANGED)).isEqualTo(1);
        assertThat(again.search(new TextQuery("five days", 9))).isEmpty();
        assertThat(again.search(new TextQuery("ten weeks", 9))).hasSize(1);
        assertThat(again.size()).isEqualTo(2);
    }

    @Test
    void wordsAloneAreFoundByWordsAndLeaveAVector() {
        LuceneIndex index = open(2);
        index.upsert(List.of(embedded("both", X)));
        index.add(List.of(chunk("both", "zebra"), chunk("words", "zebra"), chunk("words", "zebra piano")));
        assertThat(ids(index.search(new TextQuery("zebra", 9)))).containsExactlyInAnyOrder("both", "words");
        assertThat(ids(index.search(new VectorQuery(X, 9)))).containsExactly("both");
        assertThat(index.search(new VectorQuery(X, 9)).get(0).chunk().text()).isEqualTo("zebra");
        assertThat(index.fetch(List.of("both", "words"))).hasSize(1);
        assertThat(index.scan(null, 9).chunks()).hasSize(1);
        assertThat(index.size()).isEqualTo(2);
    }

    @Test
    void bothSearchesAreOfOneMoment() {
        LuceneIndex index = open(2);
        index.upsert(List.of(embedded("a", 1, 0), embedded("b", 0, 1)));
        HybridIndex.Both both = index.search(new VectorQuery(X, 1), new TextQuery("text", 2));
        assertThat(ids(both.byVector())).containsExactly("a");
        assertThat(ids(both.byWords())).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void wordsAreThoseOfTheIndexInMemoryAndRankAsThere() {
        List<Chunk> chunks = List.of(
                chunk("1", "The shipping costs of shipped boxes"),
                chunk("2", "Boxes, boxes and boxes"),
                chunk("3", "Nobody's refund"),
                chunk("4", "we ship anything, in any box, to anyone who orders a box of refunds"));
        LuceneIndex index = open(2);
        index.add(chunks);
        InMemoryIndex memory = InMemoryIndex.builder(index.stamp()).build();
        memory.add(chunks);
        for (String query : List.of("box", "shipping a refund", "nobody", "boxes boxes ship", "the of and")) {
            List<Match> expected = memory.search(new TextQuery(query, 9));
            List<Match> found = index.search(new TextQuery(query, 9));
            assertThat(ids(found)).as(query).isEqualTo(ids(expected));
            for (int i = 0; i < found.size(); i++) {
                assertThat(found.get(i).score()).isCloseTo(expected.get(i).score(), within(1e-4));
            }
        }
    }

    @Test
    void hostileIdsAndWordsAreOnlyText() {
        LuceneIndex index = open(2);
        String longId = "id".repeat(20_000);
        List<String> ids = List.of(
                "\uD83D",
                "\uDE00",
                "\uD83D\uDE00",
                "\uFFFD",
                "\0",
                "\0\0",
                "c",
                "\uFFFF",
                longId,
                longId + "1",
                longId + "2",
                "../../x",
                "a/b\\c",
                "*:*");
        index.upsert(ids.stream().map(id -> embedded(id, X)).toList());
        assertThat(index.size()).isEqualTo(ids.size());
        assertThat(index.fetch(ids)).hasSize(ids.size());
        index.put(longId, ids.stream().collect(Collectors.toMap(id -> id + ".", id -> ENTRY)));
        index.put("\uD83D", Map.of("d", ENTRY));
        assertThat(index.sources()).containsExactlyInAnyOrder(longId, "\uD83D");
        assertThat(index.list(longId, null, 99)).hasSize(ids.size());
        assertThat(index.find(longId, List.of("\uD83D.", "?.", "\uFFFD."))).containsOnlyKeys("\uD83D.", "\uFFFD.");
        index.delete(List.of("\uD83D", longId + "1"));
        assertThat(index.fetch(ids)).hasSize(ids.size() - 2);

        String word = "w".repeat(100_000);
        index.add(List.of(chunk("long", word + " " + word + "x zebra")));
        assertThat(ids(index.search(new TextQuery(word, 9)))).containsExactly("long");
        assertThat(index.search(new TextQuery(word + "y", 9))).isEmpty();
    }

    @Test
    void walksInTheOrderOfIdsWhileItIsWrittenTo() {
        LuceneIndex index = open(2);
        List<String> kept =
                IntStream.range(0, 300).mapToObj(i -> "kept-" + (1000 + i)).toList();
        for (int i = 0; i < kept.size(); i += 10) {
            index.upsert(
                    kept.subList(i, i + 10).stream().map(id -> embedded(id, X)).toList());
        }
        List<String> walked = new ArrayList<>();
        String cursor = null;
        int round = 0;
        do {
            VectorStore.Page page = index.scan(cursor, 7);
            page.chunks().forEach(one -> walked.add(one.chunk().id()));
            cursor = page.next();
            index.write(
                    List.of(embedded("new-" + round, X), embedded("Kept-" + round, X)), List.of("new-" + (round - 1)));
            round++;
        } while (cursor != null && round < 200);
        assertThat(walked).doesNotHaveDuplicates().isSorted().containsAll(kept);
    }

    @Test
    void aLongQueryCountsItsRarestWordsAndTakesAFilter() {
        LuceneIndex index = open(2);
        StringBuilder query = new StringBuilder("zebra");
        for (int i = 0; i < 5_000; i++) {
            query.append(" common").append(i);
        }
        List<Chunk> chunks = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            chunks.add(chunk("c" + i, query.substring(5)));
        }
        chunks.add(chunk("rare", "zebra", Metadata.NONE.with("n", Value.of(7))));
        index.add(chunks);
        Filter filter = Filter.all();
        for (int i = 0; i < 390; i++) {
            filter = filter.and(Filter.atMost("n", 100 + i));
        }
        assertThat(ids(index.search(new TextQuery(query.toString(), 9)))).contains("rare");
        assertThat(ids(index.search(new TextQuery(query.toString(), 9, filter))))
                .containsExactly("rare");
    }

    @Test
    void vectorsMayBeLongerThanLuceneItselfAllows() {
        LuceneIndex index = open(3_072);
        List<Embedded> all = IntStream.range(0, 20)
                .mapToObj(i -> new Embedded(chunk("c" + i, "text"), random(new Random(i), 3_072)))
                .toList();
        index.upsert(all);
        index.close();
        LuceneIndex again = open(3_072);
        assertThat(ids(again.search(new VectorQuery(all.get(7).vector(), 1)))).containsExactly("c7");
    }

    @Test
    void asManyAsAreWantedAreFoundEvenIfAllAreTheSame() throws IOException {
        LuceneIndex index = open(8);
        float[] same = random(new Random(1), 8);
        List<Embedded> all = IntStream.range(0, 3_000)
                .mapToObj(i -> new Embedded(chunk("c" + i, "text", Metadata.NONE.with("n", Value.of(i % 2))), same))
                .toList();
        index = withGraph(index, all, 200);
        assertThat(index.search(new VectorQuery(same, 2_000))).hasSize(2_000);
        assertThat(index.search(new VectorQuery(same, 1_400, Filter.atMost("n", 0))))
                .hasSize(1_400);
        assertThat(index.search(new VectorQuery(same, Integer.MAX_VALUE))).hasSize(3_000);
    }

    /** The index after it has got these, in so many writes that some of them were merged. */
    private LuceneIndex withGraph(LuceneIndex index, List<Embedded> all, int batch) throws IOException {
        for (int i = 0; i < all.size(); i += batch) {
            index.upsert(all.subList(i, i + batch));
        }
        index.close(); // waits for merges
        try (DirectoryReader reader = DirectoryReader.open(FSDirectory.open(directory))) {
            assertThat(reader.leaves()).anyMatch(leaf -> NearestQuery.hasGraph(leaf.reader()));
        }
        return open(index.stamp().dimensions());
    }

    /** Real vectors lie in clusters; so do these. */
    @Test
    void findsNineOfTenAmongTwentyThousand() throws IOException {
        Random random = new Random(11);
        int dimensions = 48;
        List<float[]> centres = IntStream.range(0, 200)
                .mapToObj(i -> random(random, dimensions))
                .toList();
        Map<String, float[]> vectors = new HashMap<>();
        List<Embedded> all = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            float[] vector = near(random, centres.get(i % 200));
            vectors.put("c" + i, vector);
            Metadata metadata = Metadata.NONE.with("tenth", Value.of(random.nextInt(10) == 0));
            all.add(new Embedded(chunk("c" + i, "text", metadata), vector));
        }
        LuceneIndex index = open(dimensions);
        index = withGraph(index, all, 1_000);
        index.delete(IntStream.range(0, 2_000).mapToObj(i -> "c" + 7 * i).toList());
        IntStream.range(0, 2_000).forEach(i -> vectors.remove("c" + 7 * i));
        Filter tenth = Filter.eq("tenth", Value.of(true));
        Map<String, float[]> tenths = new HashMap<>();
        all.stream()
                .filter(one -> tenth.matches(one.chunk().metadata())
                        && vectors.containsKey(one.chunk().id()))
                .forEach(one -> tenths.put(one.chunk().id(), one.vector()));

        double recall = 0;
        double recallOfTenth = 0;
        int queries = 50;
        for (int i = 0; i < queries; i++) {
            float[] query = near(random, centres.get(i));
            recall += recall(ids(index.search(new VectorQuery(query, 10))), vectors, query);
            recallOfTenth += recall(ids(index.search(new VectorQuery(query, 10, tenth))), tenths, query);
        }
        assertThat(recall / queries).isGreaterThanOrEqualTo(0.9);
        assertThat(recallOfTenth / queries).isGreaterThanOrEqualTo(0.9);
    }

    private static double recall(List<String> found, Map<String, float[]> vectors, float[] query) {
        assertThat(found).hasSize(10);
        Map<String, Double> cosines = new HashMap<>();
        vectors.forEach((id, vector) -> cosines.put(id, cosine(vector, query)));
        double tenth = cosines.values().stream()
                .sorted(Comparator.reverseOrder())
                .limit(10)
                .min(Comparator.naturalOrder())
                .orElseThrow();
        return found.stream().filter(id -> cosines.get(id) >= tenth).count() / 10.0;
    }

    private static double cosine(float[] one, float[] other) {
        double dot = 0;
        double squares = 0;
        for (int d = 0; d < one.length; d++) {
            dot += one[d] * other[d];
            squares += one[d] * one[d];
        }
        return dot / Math.sqrt(squares);
    }

    private static float[] near(Random random, float[] centre) {
        float[] vector = random(random, centre.length);
        for (int d = 0; d < vector.length; d++) {
            vector[d] = centre[d] + 0.7f * vector[d];
        }
        return vector;
    }

    private static float[] random(Random random, int dimensions) {
        float[] vector = new float[dimensions];
        for (int d = 0; d < dimensions; d++) {
            vector[d] = (float) random.nextGaussian();
        }
        return vector;
    }
}
