package dev.plinth.rag.qdrant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Filter;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Value;
import dev.plinth.api.retrieval.VectorQuery;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.api.testkit.FakeConnector;
import dev.plinth.api.testkit.FakeEmbeddingModel;
import dev.plinth.api.testkit.FakeLedger;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.rag.ingest.IngestReport;
import dev.plinth.rag.ingest.Ingestion;
import dev.plinth.rag.rest.RestClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is sent, and what is made of the answers. */
class QdrantStoreTest {
    private static final VectorStore.Stamp STAMP = new VectorStore.Stamp("model", 2);
    private static final float[] X = {1, 0};

    private final FakeQdrant qdrant = new FakeQdrant();
    private final StubServer faulty = StubServer.start();

    @AfterEach
    void close() {
        qdrant.close();
        faulty.close();
    }

    private QdrantStore.Builder builder(VectorStore.Stamp stamp) {
        return QdrantStore.builder(client(qdrant.server), "docs", stamp);
    }

    private static RestClient client(StubServer server) {
        return RestClient.builder(server.url("/"))
                .header("api-key", FakeQdrant::key)
                .build();
    }

    private static Chunk chunk(String id, String text, Metadata metadata) {
        Chunk.Span span = new Chunk.Span(0, text.length(), 1, 1);
        return new Chunk(id, "doc", "docs/" + id + ".md", text, span, List.of(), metadata);
    }

    private static Embedded embedded(String id) {
        return new Embedded(chunk(id, "text", Metadata.NONE), X);
    }

    private static List<String> ids(QdrantStore store, Filter filter) {
        return store.search(new VectorQuery(X, 99, filter)).stream()
                .map(match -> match.chunk().id())
                .toList();
    }

    /** What was sent to this path last. */
    private JsonNode sent(String target) throws Exception {
        List<StubRequest> requests = new ArrayList<>(qdrant.server.requests());
        requests.removeIf(
                request -> !request.target().equals("/collections/docs" + target) || request.body().length == 0);
        return Json.MAPPER.readTree(requests.get(requests.size() - 1).text());
    }

    @Test
    void makesTheCollectionWithItsIndexesOnce() throws Exception {
        builder(STAMP).shards(3).replicas(2).graph(32, 200).open();
        assertThat(sent("")).isEqualTo(Json.MAPPER.readTree("""
                        {"vectors": {"size": 2, "distance": "Cosine"}, "shard_number": 3, "replication_factor": 2,
                         "hnsw_config": {"m": 32, "ef_construct": 200}}"""));
        int calls = qdrant.server.requests().size();
        builder(STAMP).open();
        assertThat(qdrant.server
                        .requests()
                        .subList(calls, qdrant.server.requests().size()))
                .extracting(StubRequest::target)
                .containsExactly("/collections/docs", "/collections/docs/points");
    }

    @Test
    void sendsPointsWaitsAndThenDeletes() throws Exception {
        QdrantStore store = builder(STAMP).tenant("acme").open();
        Metadata metadata = Metadata.NONE.with("year", Value.of(2024)).with("team", "a");
        store.write(List.of(new Embedded(chunk("a", "text", metadata), new float[] {3, 4})), List.of("b"));
        JsonNode point = sent("/points?wait=true").at("/points/0");
        assertThat(point.path("vector")).isEqualTo(Json.MAPPER.readTree("[0.6, 0.8]"));
        assertThat(point.at("/payload/id").asText()).isEqualTo("a");
        assertThat(point.at("/payload/facts")).contains(Json.MAPPER.readTree("\"T7465616dx61\""));
        assertThat(point.at("/payload/ordered/0/field").asText()).isEqualTo("T7465616d");
        assertThat(point.at("/payload/ordered/0/lane0").asLong()).isEqualTo(('a' + 1L) << 34);
        assertThat(qdrant.server.requests())
                .extracting(StubRequest::target)
                .endsWith("/collections/docs/points?wait=true", "/collections/docs/points/delete?wait=true");
    }

    @Test
    void sendsAFilterAsDescribed() throws Exception {
        QdrantStore store = builder(STAMP).tenant("t").open();
        store.search(new VectorQuery(
                X,
                3,
                Filter.in("team", "a", "b").and(Filter.eq("x", Value.of(true)).negate())));
        JsonNode query = sent("/points/query");
        assertThat(query.path("limit").asInt()).isEqualTo(3);
        assertThat(query.path("filter")).isEqualTo(Json.MAPPER.readTree("""
                                {"must": [
                                   {"key": "tenant", "match": {"value": "C74"}},
                                   {"must": [
                                     {"key": "facts", "match": {"any": ["T7465616dx61", "T7465616dx62"]}},
                                     {"must_not": [{"key": "facts", "match": {"any": ["F78x1"]}}]}]}]}"""));
        assertThat(query.has("params")).isFalse();
    }

    @Test
    void textsAreOrderedByToTheLastCharacterThatIsAllowed() {
        QdrantStore store = builder(STAMP).open();
        List<String> texts = List.of("", "a", "a\0", "ab", "a".repeat(35), "a".repeat(36), "a".repeat(99), "\uFFFF");
        store.upsert(IntStream.range(0, texts.size())
                .mapToObj(i -> new Embedded(chunk("c" + i, "text", Metadata.NONE.with("x", texts.get(i))), X))
                .toList());
        for (String bound : texts.subList(0, 5)) {
            for (Filter.Operator operator : Filter.Operator.values()) {
                Filter filter = new Filter.Compare("x", operator, Value.of(bound));
                assertThat(ids(store, filter))
                        .as("%s", filter)
                        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, texts.size())
                                .filter(i -> filter.matches(Metadata.NONE.with("x", texts.get(i))))
                                .mapToObj(i -> "c" + i)
                                .toList());
            }
        }
        Filter tooLong = new Filter.Compare("x", Filter.Operator.GE, Value.of("a".repeat(36)));
        assertThatIllegalArgumentException().isThrownBy(() -> ids(store, tooLong));
    }

    @Test
    void writesAndReadsInParts() {
        QdrantStore store = builder(STAMP).open();
        List<String> ids = IntStream.range(0, 1_234).mapToObj(i -> "c" + i).toList();
        store.upsert(ids.stream().map(QdrantStoreTest::embedded).toList());
        assertThat(store.fetch(ids)).hasSize(1_234);
        store.delete(ids.subList(0, 1_100));
        assertThat(store.size()).isEqualTo(134);
    }

    @Test
    void anIngestionTakesALedgerOfItsOwn() {
        QdrantStore store = builder(STAMP).open();
        FakeConnector source =
                FakeConnector.create("wiki").put("a", "We ship daily.").put("b", "Refunds take days.");
        Ingestion ingestion = Ingestion.builder(store, FakeLedger.create(), FakeEmbeddingModel.create("model", 2))
                .build();
        assertThat(ingestion.run(source).count(IngestReport.Status.ADDED)).isEqualTo(2);
        source.put("b", "Refunds take weeks.").remove("a");
        ingestion.run(source);
        assertThat(store.scan(null, 9).chunks())
                .extracting(one -> one.chunk().text())
                .containsExactly("Refunds take weeks.");
    }

    @Test
    void anyTextComesBack() {
        QdrantStore store = builder(STAMP).open();
        String odd = "zebra \uD83D \u0000 \uFFFF 😀";
        Chunk chunk = chunk(odd, odd, Metadata.NONE.with(odd, odd));
        store.upsert(List.of(new Embedded(chunk, X)));
        assertThat(store.search(new VectorQuery(X, 1, Filter.eq(odd, odd)))
                        .get(0)
                        .chunk())
                .isEqualTo(chunk);
    }

    @Test
    void anotherModelOrLengthIsRefused() {
        builder(STAMP).open();
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> builder(new VectorStore.Stamp("other", 2)).open())
                .withMessageContaining("other");
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> builder(new VectorStore.Stamp("model", 3)).open())
                .withMessageContaining("2 dimensions");
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> QdrantStore.builder(client(qdrant.server), "missing", STAMP)
                        .migrate(false)
                        .open())
                .withMessageContaining("missing");
    }

    @Test
    void aCollectionOfSomebodyElseIsTakenOnlyIfItIsEmpty() {
        RestClient client = client(qdrant.server);
        send(client, "PUT", "", "{'vectors': {'size': 2, 'distance': 'Cosine'}, 'hnsw_config': {'ef_construct': 100}}");
        String id = "00000000-0000-0000-0000-000000000009";
        send(client, "PUT", "/points?wait=true", "{'points': [{'id': '" + id + "', 'vector': [1, 0], 'payload': {}}]}");
        for (boolean migrate : List.of(true, false)) {
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> builder(STAMP).migrate(migrate).open())
                    .withMessageContaining("docs holds points, but none that says of which model they are");
        }
        send(client, "POST", "/points/delete?wait=true", "{'points': ['" + id + "']}");
        assertThat(builder(STAMP).open().size()).isZero();
        assertThat(builder(STAMP).open().size()).as("of us from now on").isZero();
    }

    private static void send(RestClient client, String method, String path, String json) {
        byte[] body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        assertThat(client.send(method, "/collections/docs" + path, body).isSuccess())
                .isTrue();
    }

    @Test
    void aClosedStoreAndBadCursorsAreRefused() {
        QdrantStore store = builder(STAMP).open();
        assertThatIllegalArgumentException().isThrownBy(() -> store.scan("x' OR 1", 1));
        store.close();
        assertThatExceptionOfType(StoreException.class).isThrownBy(store::size).withMessageContaining("closed");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QdrantStore.builder(client(qdrant.server), "../x", STAMP));
    }

    /** A store whose server answers like this from now on. */
    private QdrantStore answering(Function<StubRequest, StubAnswer> answer) {
        String stamp = "{\\\"format\\\":1,\\\"model\\\":\\\"model\\\",\\\"dimensions\\\":2}";
        faulty.enqueue(
                StubAnswer.json(
                        "{\"result\":{\"config\":{\"params\":{\"vectors\":{\"size\":2,\"distance\":\"Cosine\"}}}}}"),
                StubAnswer.json("{\"result\":[{\"payload\":{\"stamp\":\"" + stamp + "\"}}]}"));
        QdrantStore store = QdrantStore.builder(client(faulty), "docs", STAMP).open();
        faulty.otherwise(answer);
        return store;
    }

    @Test
    void aChangeThatIsNotDoneIsAnError() {
        for (String status : List.of("acknowledged", "wait_timeout")) {
            QdrantStore store = answering(request -> StubAnswer.json("{\"result\":{\"status\":\"" + status + "\"}}"));
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> store.write(List.of(embedded("a")), List.of("b")))
                    .withMessageContaining(status);
        }
        assertThat(faulty.requests())
                .as("nothing is taken out")
                .noneMatch(request -> request.target().contains("delete"));
    }

    @Test
    void aRefusalIsAnErrorWithTheReasonButForASearch() {
        QdrantStore store =
                answering(request -> StubAnswer.json(500, "{\"status\":{\"error\":\"disk is full\"},\"time\":0}"));
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> store.upsert(List.of(embedded("a"))))
                .withMessageContaining("disk is full");
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> store.search(new VectorQuery(X, 1)))
                .withMessageContaining("500")
                .withMessageNotContaining("disk");
    }

    @Test
    void whatIsNoJsonIsAnError() {
        QdrantStore store = answering(request -> StubAnswer.text(200, "<html>"));
        assertThatExceptionOfType(StoreException.class).isThrownBy(store::size).withMessageContaining("JSON");
    }

    @Test
    void aRefusedKeyIsNotShown() {
        RestClient wrong = RestClient.builder(qdrant.server.url("/"))
                .header("api-key", () -> "wrong-key")
                .build();
        assertThatExceptionOfType(AuthenticationException.class)
                .isThrownBy(() -> QdrantStore.builder(wrong, "docs", STAMP).open())
                .withMessageContaining("401")
                .withMessageNotContaining("wrong-key");
    }
}
