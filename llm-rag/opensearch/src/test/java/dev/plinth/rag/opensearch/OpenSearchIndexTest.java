package dev.plinth.rag.opensearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Filter;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.api.retrieval.TextQuery;
import dev.plinth.api.retrieval.Value;
import dev.plinth.api.retrieval.VectorQuery;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.api.testkit.FakeConnector;
import dev.plinth.api.testkit.FakeEmbeddingModel;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.rag.ingest.IngestReport;
import dev.plinth.rag.ingest.Ingestion;
import dev.plinth.rag.rest.RestClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is sent, and what is made of the answers. */
class OpenSearchIndexTest {
    private static final VectorStore.Stamp STAMP = new VectorStore.Stamp("model", 2);
    private static final float[] X = {1, 0};
    private static final Ledger.Entry ENTRY =
            new Ledger.Entry(null, null, new Ledger.Failure("v", "cause", 1, Instant.EPOCH));

    private final FakeOpenSearch openSearch = new FakeOpenSearch();
    private final StubServer faulty = StubServer.start();

    @AfterEach
    void close() {
        openSearch.close();
        faulty.close();
    }

    private static RestClient client(StubServer server) {
        return RestClient.builder(server.url("/")).basic("plinth", () -> "pw").build();
    }

    private OpenSearchIndex.Builder builder(VectorStore.Stamp stamp) {
        return OpenSearchIndex.builder(client(openSearch.server), "docs", stamp);
    }

    private static Chunk chunk(String id, String text, Metadata metadata) {
        Chunk.Span span = new Chunk.Span(0, text.length(), 1, 1);
        return new Chunk(id, "doc", "docs/" + id + ".md", text, span, List.of(), metadata);
    }

    private static Chunk chunk(String id, String text) {
        return chunk(id, text, Metadata.NONE);
    }

    private static Embedded embedded(String id, String text) {
        return new Embedded(chunk(id, text), X);
    }

    private static List<String> ids(List<Match> matches) {
        return matches.stream().map(match -> match.chunk().id()).toList();
    }

    private static JsonNode json(String text) throws Exception {
        return Json.MAPPER.readTree(text);
    }

    /** What was sent to this path last. */
    private String sent(String target) {
        List<StubRequest> requests = new ArrayList<>(openSearch.server.requests());
        requests.removeIf(request -> !request.target().equals("/docs" + target));
        return requests.get(requests.size() - 1).text();
    }

    @Test
    void makesTheIndexOnce() throws Exception {
        OpenSearchIndex.Builder builder =
                builder(STAMP).shards(3).replicas(2).graph(32, 200).language("german");
        builder.open();
        JsonNode made = json(sent(""));
        assertThat(made).isEqualTo(json(builder.script()));
        assertThat(made.at("/settings/index/number_of_shards").asInt()).isEqualTo(3);
        assertThat(made.at("/mappings/properties/words/analyzer").asText()).isEqualTo("german");
        assertThat(made.at("/mappings/properties/vector")).isEqualTo(json("""
                                {"type": "knn_vector", "dimension": 2, "method": {"name": "hnsw", "engine": "lucene",
                                 "space_type": "cosinesimil", "parameters": {"m": 32, "ef_construction": 200}}}"""));
        int calls = openSearch.server.requests().size();
        builder.open();
        assertThat(openSearch.server.requests()).hasSize(calls + 1);
    }

    @Test
    void sendsSearchesAsDescribed() throws Exception {
        OpenSearchIndex index = builder(STAMP).tenant("t").open();
        Filter filter =
                Filter.in("team", "a", "b").and(Filter.eq("x", Value.of(true)).negate());
        index.search(new VectorQuery(X, 3, filter));
        String passing = """
                [{"term": {"owner": "C74"}},
                 {"bool": {"filter": [{"terms": {"facts": ["T7465616dx61", "T7465616dx62"]}},
                                      {"bool": {"must_not": [{"terms": {"facts": ["F78x1"]}}]}}]}}]""";
        assertThat(json(sent("/_search?allow_partial_search_results=false")))
                .isEqualTo(json(
                        "{\"query\": {\"knn\": {\"vector\": {\"k\": 12, \"vector\": [1.0, 0.0], \"filter\": {\"bool\": {\"filter\": "
                                + passing + "}}}}}, \"size\": 3, \"_source\": [\"content\"]}"));
        index.search(new TextQuery("zebra OR *", 5, filter));
        assertThat(json(sent("/_search?allow_partial_search_results=false")))
                .isEqualTo(
                        json("{\"query\": {\"bool\": {\"must\": {\"match\": {\"words\": \"zebra OR *\"}}, \"filter\": "
                                + passing + "}}, \"size\": 5, \"_source\": [\"content\"]}"));
    }

    @Test
    void putsInVisiblyBeforeItTakesOut() {
        OpenSearchIndex index = builder(STAMP).open();
        index.write(List.of(embedded("a", "zebra")), List.of("b"));
        List<StubRequest> requests = openSearch.server.requests();
        List<StubRequest> last = requests.subList(requests.size() - 2, requests.size());
        assertThat(last).extracting(StubRequest::target).containsOnly("/docs/_bulk?refresh=wait_for");
        assertThat(last.get(0).text()).startsWith("{\"index\":{\"_id\":").endsWith("}\n");
        assertThat(last.get(1).text()).startsWith("{\"delete\":{\"_id\":").endsWith("}}\n");
    }

    @Test
    void manyAreVisibleOnAllShardsBeforeAnyIsTakenOut() {
        OpenSearchIndex index = builder(STAMP).shards(3).open();
        List<Embedded> many = IntStream.range(0, 201)
                .mapToObj(i -> embedded("c" + i, "zebra"))
                .toList();
        index.write(many, List.of("old"));
        List<StubRequest> requests = openSearch.server.requests();
        assertThat(requests.subList(requests.size() - 4, requests.size()))
                .extracting(StubRequest::target)
                .containsExactly("/docs/_bulk", "/docs/_bulk", "/docs/_refresh", "/docs/_bulk?refresh=wait_for");
        assertThat(index.size()).isEqualTo(201);
        index.delete(many.stream().map(one -> one.chunk().id()).toList());
        assertThat(index.size()).isZero();
    }

    @Test
    void nothingIsTakenOutIfTheRefreshFails() {
        OpenSearchIndex index = answering(request -> StubAnswer.json(
                request.target().endsWith("_refresh") ? "{\"_shards\":{\"failed\":1}}" : "{\"errors\":false}"));
        List<Embedded> many = IntStream.range(0, 201)
                .mapToObj(i -> embedded("c" + i, "zebra"))
                .toList();
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> index.write(many, List.of("old")))
                .withMessageContaining("in part");
        assertThat(faulty.requests()).noneMatch(request -> request.text().contains("\"delete\""));
    }

    @Test
    void writesAndReadsInParts() {
        OpenSearchIndex index = builder(STAMP).open();
        List<String> ids = IntStream.range(0, 1_234).mapToObj(i -> "c" + i).toList();
        index.upsert(ids.stream().map(id -> embedded(id, "zebra")).toList());
        assertThat(index.fetch(ids)).hasSize(1_234);
        index.delete(ids.subList(0, 1_100));
        assertThat(index.size()).isEqualTo(134);
    }

    @Test
    void anIngestionKeepsItEqualToItsSource() {
        OpenSearchIndex index = builder(STAMP).open();
        FakeConnector source = FakeConnector.create("wiki").tellChanges(false);
        source.put("a", "# Shipping\n\nWe ship daily.\n").put("b", "Refunds take five days.");
        Ingestion ingestion = Ingestion.into(index, FakeEmbeddingModel.create("model", 2));
        assertThat(ingestion.run(source).count(IngestReport.Status.ADDED)).isEqualTo(2);
        source.put("b", "Refunds take ten weeks.");
        IngestReport report = ingestion.run(source);
        assertThat(report.count(IngestReport.Status.UNCHANGED)).isEqualTo(1);
        assertThat(report.count(IngestReport.Status.CHANGED)).isEqualTo(1);
        assertThat(index.search(new TextQuery("five", 9))).isEmpty();
        assertThat(index.search(new TextQuery("weeks", 9))).hasSize(1);
        assertThat(index.size()).isEqualTo(2);
    }

    @Test
    void wordsAloneAreFoundByWordsAndLeaveAVector() {
        OpenSearchIndex index = builder(STAMP).open();
        index.upsert(List.of(embedded("both", "piano")));
        index.add(List.of(chunk("both", "zebra"), chunk("words", "zebra"), chunk("words", "zebra piano")));
        assertThat(ids(index.search(new TextQuery("zebra", 9)))).containsExactlyInAnyOrder("both", "words");
        assertThat(ids(index.search(new VectorQuery(X, 9)))).containsExactly("both");
        assertThat(index.search(new VectorQuery(X, 9)).get(0).chunk().text()).isEqualTo("zebra");
        assertThat(index.fetch(List.of("both", "words"))).hasSize(1);
        assertThat(index.scan(null, 9).chunks()).hasSize(1);
        assertThat(index.size()).isEqualTo(2);
    }

    @Test
    void readersHoldForBothSearches() {
        OpenSearchIndex index = builder(STAMP).open();
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
    void longQueriesAreCutAndAnyTextComesBack() {
        OpenSearchIndex index = builder(STAMP).open();
        String odd = "zebra \uD83D \u0000 \uFFFF 😀";
        Chunk chunk = chunk(odd, odd, Metadata.NONE.with(odd, odd).with("long", "x".repeat(100_000)));
        index.upsert(List.of(new Embedded(chunk, X)));
        String many = IntStream.range(0, 5_000).mapToObj(i -> "w" + i).collect(Collectors.joining(" "));
        assertThat(index.search(new TextQuery("zebra " + many, 1)).get(0).chunk())
                .isEqualTo(chunk);
        assertThat(index.search(new VectorQuery(X, 1, Filter.eq("long", "x".repeat(100_000)))))
                .hasSize(1);
        index.put(odd, Map.of(odd, ENTRY, "x".repeat(20_000), ENTRY));
        assertThat(index.list(odd, null, 9)).hasSize(2).containsKey(odd);
        assertThat(index.sources()).containsExactly(odd);
    }

    @Test
    void anotherModelOrLengthOrLanguageIsRefused() {
        builder(STAMP).open();
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> builder(new VectorStore.Stamp("other", 2)).open())
                .withMessageContaining("other");
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> builder(new VectorStore.Stamp("model", 3)).open())
                .withMessageContaining("3");
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> builder(STAMP).language("simple").open())
                .withMessageContaining("english");
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> OpenSearchIndex.builder(client(openSearch.server), "missing", STAMP)
                        .migrate(false)
                        .open())
                .withMessageContaining("script()");
    }

    @Test
    void whatIsClosedOrTooLargeOrHasAnotherNameIsRefused() {
        OpenSearchIndex index = builder(STAMP).open();
        assertThatIllegalArgumentException().isThrownBy(() -> index.search(new VectorQuery(X, 10_001)));
        assertThatIllegalArgumentException().isThrownBy(() -> index.search(new TextQuery("zebra", 10_001)));
        index.close();
        assertThatExceptionOfType(StoreException.class).isThrownBy(index::size).withMessageContaining("closed");
        for (String name : List.of("", "a/b", "A", "_all", "*", "a,b", "-a")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> OpenSearchIndex.builder(client(openSearch.server), name, STAMP));
        }
    }

    /** An index whose server answers like this from now on. */
    private OpenSearchIndex answering(Function<StubRequest, StubAnswer> answer) {
        String meta = "{\"format\":1,\"model\":\"model\",\"dimensions\":2,\"language\":\"english\"}";
        faulty.enqueue(StubAnswer.json("{\"docs-v2\":{\"mappings\":{\"_meta\":{\"plinth\":" + meta + "}}}}"));
        OpenSearchIndex index =
                OpenSearchIndex.builder(client(faulty), "docs", STAMP).open();
        faulty.otherwise(answer);
        return index;
    }

    @Test
    void aPartOfAChangeThatIsRefusedIsAnError() {
        String item = "{\"index\":{\"_id\":\"1\",\"status\":201}},{\"index\":{\"_id\":\"2\",\"status\":429,\"error\":"
                + "{\"type\":\"rejected_execution_exception\",\"reason\":\"queue of my text\"}}}";
        OpenSearchIndex index =
                answering(request -> StubAnswer.json("{\"took\":1,\"errors\":true,\"items\":[" + item + "]}"));
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> index.write(List.of(embedded("a", "x"), embedded("b", "x")), List.of("c")))
                .withMessageContaining("refused 1 of 2")
                .withMessageContaining("rejected_execution_exception")
                .withMessageNotContaining("my text");
        assertThat(faulty.requests())
                .as("nothing is taken out")
                .noneMatch(request -> request.text().contains("\"delete\""));
        assertThatExceptionOfType(StoreException.class).isThrownBy(() -> index.put("docs", Map.of("a", ENTRY)));
    }

    @Test
    void aPartOfAnAnswerIsAnError() {
        for (String part : List.of("{\"_shards\":{\"failed\":1},\"hits\":{}}", "{\"timed_out\":true,\"hits\":{}}")) {
            OpenSearchIndex index = answering(request -> StubAnswer.json(part));
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> index.search(new TextQuery("zebra", 1)))
                    .withMessageContaining("in part");
            assertThatExceptionOfType(StoreException.class).isThrownBy(index::size);
        }
        OpenSearchIndex index =
                answering(request -> StubAnswer.json("{\"docs\":[{\"_id\":\"1\",\"error\":{\"type\":\"broken\"}}]}"));
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> index.fetch(List.of("a")))
                .withMessageContaining("broken");
    }

    @Test
    void whatWasSearchedForIsNotInAnError() {
        OpenSearchIndex index = answering(request -> StubAnswer.json(
                400, "{\"error\":{\"type\":\"query_shard_exception\",\"reason\":\"my secret\"},\"status\":400}"));
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> index.search(new TextQuery("my secret", 1)))
                .withMessageContaining("query_shard_exception")
                .withMessageNotContaining("secret");
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> index.upsert(List.of(embedded("a", "x"))))
                .withMessageContaining("my secret"); // the server's reason, of a call without a question
    }

    @Test
    void anAliasOfSeveralIndicesIsRefused() {
        faulty.enqueue(StubAnswer.json("{\"docs-1\":{\"mappings\":{}},\"docs-2\":{\"mappings\":{}}}"));
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() ->
                        OpenSearchIndex.builder(client(faulty), "docs", STAMP).open())
                .withMessageContaining("2 indices");
    }

    @Test
    void refusedCredentialsAreNotShown() {
        RestClient wrong = RestClient.builder(openSearch.server.url("/"))
                .basic("plinth", () -> "wrong-password")
                .build();
        assertThatExceptionOfType(AuthenticationException.class)
                .isThrownBy(() -> OpenSearchIndex.builder(wrong, "docs", STAMP).open())
                .withMessageContaining("401")
                .withMessageNotContaining("wrong-password");
    }
}
