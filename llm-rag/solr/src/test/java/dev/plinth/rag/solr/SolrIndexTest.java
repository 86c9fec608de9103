package dev.plinth.rag.solr;

import static dev.plinth.rag.solr.Samples.chunk;
import static dev.plinth.rag.solr.Samples.embedded;
import static dev.plinth.rag.solr.Samples.ids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Filter;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.api.retrieval.TextQuery;
import dev.plinth.api.retrieval.Value;
import dev.plinth.api.retrieval.VectorQuery;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.api.testkit.FakeConnector;
import dev.plinth.api.testkit.FakeEmbeddingModel;
import dev.plinth.rag.ingest.IngestReport;
import dev.plinth.rag.ingest.Ingestion;
import dev.plinth.rag.rest.RestClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A collection of two shards on two nodes. */
@Tag("once")
@ExtendWith(TestCluster.class)
class SolrIndexTest {
    private static final VectorStore.Stamp STAMP = new VectorStore.Stamp("contract-model", 8);
    private static final float[] X = {1, 0, 0, 0, 0, 0, 0, 0};

    private final SolrIndex index =
            TestCluster.shared(STAMP).tenant(TestCluster.fresh("own")).open();

    private List<String> words(String query) {
        return ids(index.search(new TextQuery(query, 9)));
    }

    @Test
    void anIngestionKeepsItEqualToItsSource() {
        FakeConnector source = FakeConnector.create("wiki").tellChanges(false);
        source.put("a", "# Shipping\n\nWe ship daily.\n").put("b", "Refunds take five days.");
        FakeEmbeddingModel model = FakeEmbeddingModel.create("contract-model", 8);
        Ingestion ingestion = Ingestion.into(index, model);
        assertThat(ingestion.run(source).count(IngestReport.Status.ADDED)).isEqualTo(2);

        source.put("b", "Refunds take ten weeks.");
        IngestReport report = ingestion.run(source);
        assertThat(report.count(IngestReport.Status.UNCHANGED)).isEqualTo(1);
        assertThat(report.count(IngestReport.Status.CHANGED)).isEqualTo(1);
        assertThat(words("five")).isEmpty();
        assertThat(words("week")).as("stemmed").hasSize(1);
        assertThat(index.size()).isEqualTo(2);
        assertThat(ingestion.run(source).changedAnything()).isFalse();
    }

    @Test
    void noWordOfAQueryIsACommand() {
        index.upsert(List.of(embedded("a", "zebra piano", X), embedded("b", "violet harbor", X)));
        for (String query : List.of(
                "*",
                " * ",
                "*\u0001",
                "*:*",
                "* *",
                "{!lucene}*:*",
                "{!term f=id}a",
                "_query_:\"*:*\"",
                "plinth_owner:[* TO *]",
                "${solr.home}",
                "$q",
                "-piano",
                "zeb*",
                "zebrb~1",
                "/z.*/",
                "(violets OR",
                "\"",
                "\\")) {
            assertThat(words(query))
                    .as(query)
                    .isEqualTo(
                            query.contains("piano")
                                    ? List.of("a")
                                    : query.contains("violet") ? List.of("b") : List.of());
        }
        assertThat(words("-piano !zebra")).containsExactly("a");
        assertThat(words("piano +violet")).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void longQueriesAreCut() {
        index.upsert(List.of(embedded("a", "zebra", X)));
        String many = IntStream.range(0, 5_000).mapToObj(i -> "w" + i).collect(Collectors.joining(" "));
        assertThat(words("zebra " + many)).containsExactly("a");
        assertThat(words(many)).isEmpty();
        assertThat(words("日本".repeat(3_000))).isEmpty();
    }

    @Test
    void wordsAloneAreFoundByWordsAndLeaveAVector() {
        index.upsert(List.of(embedded("both", "piano", X)));
        index.add(List.of(chunk("both", "zebra"), chunk("words", "zebra"), chunk("words", "zebra piano")));
        assertThat(words("zebra")).containsExactlyInAnyOrder("both", "words");
        assertThat(ids(index.search(new VectorQuery(X, 9)))).containsExactly("both");
        assertThat(index.search(new VectorQuery(X, 9)).get(0).chunk().text()).isEqualTo("zebra");
        assertThat(index.fetch(List.of("both", "words"))).hasSize(1);
        assertThat(index.scan(null, 9).chunks()).hasSize(1);
        assertThat(index.size()).isEqualTo(2);
        index.delete(List.of("words"));
        assertThat(words("zebra")).containsExactly("both");
    }

    @Test
    void readersHoldForBothSearches() {
        index.upsert(List.of(
                new Embedded(chunk("all", "zebra", Readers.EVERYONE.on(Metadata.NONE)), X),
                new Embedded(chunk("hr", "zebra", Readers.of("group:hr").on(Metadata.NONE)), X)));
        List<String> many =
                IntStream.range(0, 3_000).mapToObj(i -> "group:" + i).toList();
        assertThat(ids(index.search(new TextQuery("zebra", 9, Readers.filter(many)))))
                .containsExactly("all");
        assertThat(ids(index.search(new VectorQuery(X, 9, Readers.filter(List.of("group:hr"))))))
                .containsExactlyInAnyOrder("all", "hr");
    }

    @Test
    void anyTextComesBack() {
        String odd = "zebra \uD83D \u0000 \uFFFF \u0001 </doc> 😀";
        Chunk chunk = chunk(odd, odd, Metadata.NONE.with(odd, odd).with("long", "x".repeat(100_000)));
        index.upsert(List.of(new Embedded(chunk, X)));
        assertThat(index.search(new TextQuery("zebra", 1)).get(0).chunk()).isEqualTo(chunk);
        assertThat(ids(index.search(new VectorQuery(X, 9, Filter.eq("long", "x".repeat(100_000))))))
                .containsExactly(odd);
        assertThat(ids(index.search(new VectorQuery(X, 9, Filter.eq("long", "x".repeat(100_001))))))
                .isEmpty();
        Ledger.Entry entry = new Ledger.Entry(null, null, new Ledger.Failure("v", "cause", 1, Instant.EPOCH));
        index.put(odd, Map.of(odd, entry, "x".repeat(20_000), entry));
        assertThat(index.list(odd, null, 9)).hasSize(2).containsKey(odd);
        assertThat(index.sources()).containsExactly(odd);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> index.search(new VectorQuery(
                        X, 9, new Filter.Compare("long", Filter.Operator.LT, Value.of("x".repeat(5_000))))));
    }

    @Test
    void findsWhatAnExactSearchFinds() {
        Random random = new Random(1);
        List<Embedded> all = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            Metadata metadata = Metadata.NONE.with("n", Value.of(i));
            all.add(new Embedded(chunk("c" + i, "text", metadata), Samples.random(random, 8)));
        }
        index.upsert(all);
        assertThat(index.size()).isEqualTo(3_000);
        assertThat(recall(all, Filter.all())).isGreaterThanOrEqualTo(0.95);
        assertThat(recall(all, Filter.atMost("n", 600))).isGreaterThanOrEqualTo(0.95);
        assertThat(recall(all, Filter.atMost("n", 12))).isEqualTo(1);
    }

    private double recall(List<Embedded> all, Filter filter) {
        Random random = new Random(2);
        int hits = 0;
        for (int i = 0; i < 20; i++) {
            float[] query = Samples.random(random, 8);
            Set<String> nearest = all.stream()
                    .filter(one -> filter.matches(one.chunk().metadata()))
                    .sorted((one, other) -> Double.compare(cosine(query, other.vector()), cosine(query, one.vector())))
                    .limit(10)
                    .map(one -> one.chunk().id())
                    .collect(Collectors.toCollection(HashSet::new));
            List<String> found = ids(index.search(new VectorQuery(query, 10, filter)));
            assertThat(found).hasSize(10);
            hits += (int) found.stream().filter(nearest::contains).count();
        }
        return hits / 200.0;
    }

    private static double cosine(float[] one, float[] other) {
        double dot = 0;
        double square = 0;
        for (int i = 0; i < one.length; i++) {
            dot += one[i] * other[i];
            square += other[i] * other[i];
        }
        return dot / Math.sqrt(square);
    }

    @Test
    void anotherModelOrLengthOrLanguageIsRefused() {
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() ->
                        TestCluster.shared(new VectorStore.Stamp("other", 8)).open())
                .withMessageContaining("contract-model");
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> TestCluster.shared(new VectorStore.Stamp("contract-model", 9))
                        .open())
                .withMessageContaining("contract-model");
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> TestCluster.shared(STAMP).language("simple").open())
                .withMessageContaining("english");
    }

    @Test
    void whatAnAdministratorMadeIsTakenAsItIs() throws Exception {
        String name = TestCluster.fresh("given");
        VectorStore.Stamp stamp = new VectorStore.Stamp("model", 2);
        SolrIndex.Builder builder = SolrIndex.builder(TestCluster.servers(), name, stamp)
                .language("german")
                .graph(8, 50)
                .oversampling(10)
                .migrate(false);
        assertThatExceptionOfType(StoreException.class).isThrownBy(builder::open);
        URI server = TestCluster.addresses()[0];
        send(
                server + "/admin/collections?action=CREATE&numShards=1&collection.configName=plinth-given&name=" + name,
                "");
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(builder::open)
                .withMessageContaining(Fields.FACTS)
                .withMessageContaining("script()");
        send(server + "/" + name + "/schema?updateTimeoutSecs=60", builder.script());
        SolrIndex given = builder.open();
        given.upsert(List.of(embedded("a", "Die Häuser", 1, 0)));
        assertThat(ids(given.search(new TextQuery("Haus", 9)))).containsExactly("a");
        assertThat(ids(given.search(new VectorQuery(new float[] {1, 0}, 9)))).containsExactly("a");
        assertThat(builder.open().size()).isEqualTo(1);
    }

    private static void send(String url, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    @Test
    void aClosedIndexIsRefused() {
        index.close();
        assertThatExceptionOfType(StoreException.class).isThrownBy(index::size).withMessageContaining("closed");
        assertThatExceptionOfType(StoreException.class).isThrownBy(() -> index.search(new TextQuery("zebra", 1)));
        assertThatExceptionOfType(StoreException.class).isThrownBy(index::sources);
    }

    @Test
    void namesThatCouldBeMoreAreRefused() {
        RestClient servers = TestCluster.servers();
        for (String name : List.of("", "a/b", "a?b", "a&b", "..", "-a", "a b")) {
            assertThatIllegalArgumentException().isThrownBy(() -> SolrIndex.builder(servers, name, STAMP));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> SolrIndex.builder(servers, "a", STAMP).configSet(name));
        }
    }
}
