package dev.plinth.providers.cohere;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.error.LlmException;
import dev.plinth.api.testkit.StubAnswer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What servers say went wrong, and the error that becomes of it. */
class ErrorsTest {

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
