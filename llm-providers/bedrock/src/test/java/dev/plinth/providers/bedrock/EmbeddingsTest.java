package dev.plinth.providers.bedrock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.api.usage.Usage;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EmbeddingsTest {
    private static final String TITAN = "amazon.titan-embed-text-v2:0";
    private static final String COHERE = "us.cohere.embed-v4:0";
    private static final String NOVA = "amazon.nova-2-multimodal-embeddings-v1:0";

    private final StubServer server = StubServer.start();
    private final Bedrock bedrock = Bedrock.builder()
            .region("us-east-1")
            .baseUrl(server.url("/").toString())
            .apiKey("bedrock-key")
            .build();

    @AfterEach
    void close() {
        bedrock.close();
        server.close();
    }

    private static JsonNode json(String text) throws Exception {
        return Recordings.JSON.readTree(text.replace('\'', '"'));
    }

    private EmbeddingResponse answer(String model, String body, String... texts) {
        server.enqueue(StubAnswer.json(body.replace('\'', '"')).header("X-Amzn-Bedrock-Input-Token-Count", "4"));
        return bedrock.embeddingModel(model).embed(EmbeddingRequest.documents(List.of(texts)));
    }

    private void sent(String path, String body) throws Exception {
        StubRequest request = server.takeRequest();
        assertThat(request.target()).isEqualTo(path);
        assertThat(json(request.text())).isEqualTo(json(body));
    }

    @Test
    void titanTakesOneText() throws Exception {
        server.enqueue(
                StubAnswer.json(
                        "{\"embedding\":[1,2],\"embeddingsByType\":{\"float\":[1,2]},\"inputTextTokenCount\":3}"),
                StubAnswer.json("{\"embeddingsByType\":{\"binary\":[1],\"float\":[3,4]},\"inputTextTokenCount\":4}"));
        EmbeddingResponse response =
                bedrock.embeddingModel(TITAN, 2).embed(EmbeddingRequest.documents(List.of("a", "b")));
        assertThat(response.vectors()).containsExactly(new float[] {1, 2}, new float[] {3, 4});
        assertThat(response.usage()).isEqualTo(Usage.of(7, 0));
        sent("/model/amazon.titan-embed-text-v2%3A0/invoke", "{'inputText':'a','dimensions':2}");
        sent("/model/amazon.titan-embed-text-v2%3A0/invoke", "{'inputText':'b','dimensions':2}");
    }

    @Test
    void olderTitanHasOneLength() throws Exception {
        answer("amazon.titan-embed-text-v1", "{'embedding':[1],'inputTextTokenCount':3}", "a");
        sent("/model/amazon.titan-embed-text-v1/invoke", "{'inputText':'a'}");
        EmbeddingModel fixed = bedrock.embeddingModel("amazon.titan-embed-text-v1", 8);
        assertThatThrownBy(() -> fixed.embedQuery("a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("dimensions: 8");
    }

    @Test
    void cohereHearsWhatFor() throws Exception {
        EmbeddingResponse response = answer(
                COHERE, "{'embeddings':{'int8':[[1]],'float':[[1,2],[3,4]]},'id':'x','texts':['a','b']}", "a", "b");
        assertThat(response.vectors()).containsExactly(new float[] {1, 2}, new float[] {3, 4});
        assertThat(response.usage()).isEqualTo(Usage.of(4, 0));
        sent(
                "/model/us.cohere.embed-v4%3A0/invoke",
                "{'texts':['a','b'],'input_type':'search_document','embedding_types':['float']}");
        assertThat(answer("cohere.embed-english-v3", "{'embeddings':[[5]],'response_type':'embeddings_floats'}", "a")
                        .vectors())
                .containsExactly(new float[] {5});
        server.takeRequest();
        server.enqueue(StubAnswer.json("{\"embeddings\":{\"float\":[[1,2]]}}"));
        bedrock.embeddingModel(COHERE, 2)
                .embed(EmbeddingRequest.query("a").toBuilder()
                        .option(Bedrock.EXTRA_BODY, "{\"truncate\":\"END\"}")
                        .build());
        sent(
                "/model/us.cohere.embed-v4%3A0/invoke",
                "{'texts':['a'],'input_type':'search_query','embedding_types':['float'],'output_dimension':2,"
                        + "'truncate':'END'}");
    }

    @Test
    void cohereTakesNinetySixTexts() {
        server.otherwise(request -> {
            int count = request.text().split("\"a\"", -1).length - 1;
            return StubAnswer.json("{\"embeddings\":{\"float\":" + Collections.nCopies(count, "[1]") + "}}")
                    .header("x-amzn-bedrock-input-token-count", "" + count);
        });
        EmbeddingResponse response =
                bedrock.embeddingModel(COHERE).embed(EmbeddingRequest.documents(Collections.nCopies(200, "a")));
        assertThat(response.vectors()).hasSize(200);
        assertThat(response.usage()).isEqualTo(Usage.of(200, 0));
        assertThat(server.requests()).hasSize(3);
    }

    @Test
    void novaHearsWhatFor() throws Exception {
        assertThat(answer(NOVA, "{'embeddings':[{'embedding':[1,2],'embeddingType':'TEXT'}]}", "a")
                        .vectors())
                .containsExactly(new float[] {1, 2});
        sent(
                "/model/amazon.nova-2-multimodal-embeddings-v1%3A0/invoke",
                "{'taskType':'SINGLE_EMBEDDING','singleEmbeddingParams':{'embeddingPurpose':'GENERIC_INDEX',"
                        + "'text':{'truncationMode':'NONE','value':'a'}}}");
        server.enqueue(StubAnswer.json("{\"embeddings\":[{\"embedding\":[1,2]}]}"));
        bedrock.embeddingModel(NOVA, 2).embedQuery("a");
        sent(
                "/model/amazon.nova-2-multimodal-embeddings-v1%3A0/invoke",
                "{'taskType':'SINGLE_EMBEDDING','singleEmbeddingParams':{'embeddingPurpose':'GENERIC_RETRIEVAL',"
                        + "'embeddingDimension':2,'text':{'truncationMode':'NONE','value':'a'}}}");
    }

    @Test
    void otherModelsAreRefused() {
        assertThatThrownBy(() -> bedrock.embeddingModel("amazon.nova-lite-v1:0"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("model: amazon.nova-lite-v1:0 (expected: one of amazon.titan-embed-text");
        EmbeddingRequest other =
                EmbeddingRequest.query("a").toBuilder().model(COHERE).build();
        assertThatThrownBy(() -> bedrock.embeddingModel(TITAN).embed(other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("model: " + COHERE);
        EmbeddingRequest own = EmbeddingRequest.query("a").toBuilder()
                .option(Bedrock.EXTRA_BODY, "{\"inputText\":\"b\"}")
                .build();
        assertThatThrownBy(() -> bedrock.embeddingModel(TITAN).embed(own)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void answersThatAreNoneAreErrors() {
        for (String body : List.of(
                "{}",
                "[]",
                "{'embedding':null}",
                "{'embedding':[1,'x']}",
                "{'embeddings':[]}",
                "{'embeddings':[[1],[2]]}",
                "{'embeddings':{'float':7}}",
                "{'embeddings':[{'x':1}]}",
                "{'embeddings':1}")) {
            LlmException error = catchThrowableOfType(LlmException.class, () -> answer(COHERE, body, "a"));
            assertThat(error).as(body).isInstanceOf(MalformedResponseException.class);
        }
        server.enqueue(
                StubAnswer.json(429, "{\"message\":\"slow\"}").header("x-amzn-errortype", "ThrottlingException"));
        assertThat(catchThrowableOfType(
                        RateLimitedException.class,
                        () -> bedrock.embeddingModel(TITAN).embedQuery("a")))
                .isNotNull();
    }

    @Test
    void tokensNobodySaysAreUnknown() {
        server.enqueue(StubAnswer.json("{\"embeddings\":[[1]]}").header("x-amzn-bedrock-input-token-count", "many"));
        assertThat(bedrock.embeddingModel(COHERE)
                        .embed(EmbeddingRequest.query("a"))
                        .usage())
                .isEqualTo(Usage.UNKNOWN);
    }
}
