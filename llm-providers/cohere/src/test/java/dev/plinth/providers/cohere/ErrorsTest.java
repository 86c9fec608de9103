package dev.plinth.providers.cohere;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What servers say went wrong, and the error that becomes of it. */
class ErrorsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            400 | {"detail":"You have provided an input that exceeds the context length."}         | context_too_long | You have
            401 | {"detail":"Provided API key is invalid."}                                        | authentication   | Provided
            422 | {"detail":[{"loc":["body","model"],"msg":"Field required","type":"missing"}]}   | invalid_request  | Field
            429 | {"detail":"RATE_TOKEN_LIMIT_EXCEEDED"}                                           | rate_limited     | RATE
            200 | {"detail":"the service is down"}                                                 | overloaded       | the service
            """)
    void detailsOfVoyageAndJina(int status, String body, String code, String words) {
        try (StubServer server = StubServer.start();
                Voyage voyage = Voyage.builder()
                        .baseUrl(server.url("/").toString())
                        .apiKey("test-key")
                        .build();
                Jina jina = Jina.builder()
                        .baseUrl(server.url("/").toString())
                        .apiKey("test-key")
                        .build()) {
            for (EmbeddingModel model : List.of(voyage.embeddingModel("m"), jina.embeddingModel("m"))) {
                server.enqueue(StubAnswer.json(status, body));
                LlmException error = catchThrowableOfType(
                        LlmException.class, () -> model.embed(EmbeddingRequest.documents(List.of("a"))));
                assertThat(error.code()).isEqualTo(code);
                assertThat(error).hasMessageStartingWith("provider: " + words);
            }
        }
    }

    @Test
    void vectorThatIsNoBase64IsMalformed() {
        try (StubServer server = StubServer.start();
                Voyage voyage = Voyage.builder()
                        .baseUrl(server.url("/").toString())
                        .apiKey("test-key")
                        .build()) {
            for (String base64 : List.of("AAA-", "!!!!")) {
                server.enqueue(StubAnswer.json("{\"data\":[{\"index\":0,\"embedding\":\"" + base64 + "\"}]}"));
                assertThat(catchThrowableOfType(
                                MalformedResponseException.class,
                                () -> voyage.embeddingModel("m").embed(EmbeddingRequest.documents(List.of("a")))))
                        .isNotNull();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            400 | {"id":"x","message":"invalid request: model is required"}                            | invalid_request
            400 | {"message":"too many tokens: size limit exceeded by 11 tokens"}                      | context_too_long
            401 | {"id":"x","message":"invalid api token"}                                             | authentication
            402 | {"message":"Please add or update your payment method"}                               | quota_exhausted
            404 | {"id":"x","message":"model 'x' not found, make sure the correct model ID was used"} | model_not_found
            422 | {"id":"x","message":"unprocessable"}                                                 | invalid_request
            429 | {"message":"You are using a Trial key, which is limited to 10 API calls / minute."}  | rate_limited
            499 | {"message":"request cancelled"}                                                      | invalid_request
            500 | {"message":"internal"}                                                               | overloaded
            503 | {"data":"no healthy upstream"}                                                       | overloaded
            504 | {}                                                                                   | overloaded
            """)
    void serverSaysWhatWentWrong(int status, String body, String code) {
        StubAnswer answer = StubAnswer.json(status, body);
        LlmException plain = catchThrowableOfType(LlmException.class, () -> Served.chat(answer));
        LlmException streamed = catchThrowableOfType(
                LlmException.class, () -> Served.stream(answer).response());
        assertThat(plain).isNotNull();
        assertThat(plain.code()).isEqualTo(code);
        assertThat(streamed.code()).isEqualTo(code);
        assertThat(plain.getMessage()).isEqualTo(streamed.getMessage()).doesNotContain("{");
    }
}
