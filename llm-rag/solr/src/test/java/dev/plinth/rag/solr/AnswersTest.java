package dev.plinth.rag.solr;

import static dev.plinth.rag.solr.Samples.embedded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.TextQuery;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.rag.rest.RestClient;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a cluster answers that is not well. */
class AnswersTest {
    private static final VectorStore.Stamp STAMP = new VectorStore.Stamp("model", 2);
    private static final String FOUND = "{\"response\":{\"numFound\":0,\"docs\":[]}}";

    private final StubServer server = StubServer.start();

    @AfterEach
    void close() {
        server.close();
    }

    private SolrIndex.Builder builder() {
        RestClient client = RestClient.builder(server.url("/solr"))
                .basic("ann", () -> "pass-word")
                .build();
        return SolrIndex.builder(client, "docs", STAMP).migrate(false);
    }

    private SolrIndex open() {
        String schema = "{\"schema\":" + everyField() + "}";
        String stamp =
                "{\\\"format\\\":1,\\\"model\\\":\\\"model\\\",\\\"dimensions\\\":2,\\\"language\\\":\\\"english\\\"}";
        server.enqueue(
                StubAnswer.json(schema),
                StubAnswer.json("{\"response\":{\"docs\":[{\"plinth_content\":\"" + stamp + "\"}]}}"),
                StubAnswer.json(schema),
                StubAnswer.json(schema));
        return builder().open();
    }

    private String everyField() {
        var script = Json.object();
        var all = new Schema(STAMP, "english", 16, 100).all();
        script.put("uniqueKey", "id").set("fields", all.path("add-field"));
        script.set("fieldTypes", all.path("add-field-type"));
        return script.toString();
    }

    @Test
    void aPartOfAnAnswerIsAnError() {
        SolrIndex index = open();
        server.enqueue(StubAnswer.json("{\"responseHeader\":{\"partialResults\":true}," + FOUND.substring(1)));
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> index.search(new TextQuery("zebra", 1)))
                .withMessageContaining("in part");
        server.verify();
    }

    @Test
    void whatWasSearchedForIsNotInAnError() {
        SolrIndex index = open();
        server.enqueue(
                StubAnswer.json(
                        400,
                        "{\"error\":{\"metadata\":[\"error-class\",\"org.apache.solr.common.SolrException\"],\"msg\":\"cannot parse my secret\"}}"));
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> index.search(new TextQuery("my secret", 1)))
                .withMessageContaining("400")
                .withMessageContaining("SolrException")
                .withMessageNotContaining("secret");
    }

    @Test
    void aRefusedWriteIsAnErrorWithTheReason() {
        SolrIndex index = open();
        server.enqueue(StubAnswer.json(503, "{\"error\":{\"msg\":\"no leader for shard1\"}}"));
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> index.write(List.of(embedded("a", "text", 1, 0)), List.of("b")))
                .withMessageContaining("no leader for shard1")
                .satisfies(error -> assertThat(error.details().retryable()).contains(true));
        server.verify(); // nothing was taken out
    }

    @Test
    void refusedCredentialsAreNotShown() {
        server.enqueue(StubAnswer.text(401, "<html>Bad credentials ann pass-word</html>"));
        assertThatExceptionOfType(AuthenticationException.class)
                .isThrownBy(() -> builder().open())
                .withMessageContaining("401")
                .withMessageNotContaining("pass-word");
    }

    @Test
    void whatIsNoJsonIsAnError() {
        SolrIndex index = open();
        server.enqueue(StubAnswer.text(200, "<html>"));
        assertThatExceptionOfType(StoreException.class).isThrownBy(index::size).withMessageContaining("JSON");
    }
}
