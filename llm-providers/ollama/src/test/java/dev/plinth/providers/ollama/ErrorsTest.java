package dev.plinth.providers.ollama;

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
            400 | {"error":"library/x does not support tools"}                                   | invalid_request
            400 | {"error":"\\"m\\" does not support thinking"}                                  | invalid_request
            400 | {"error":"prompt is too long: exceeds maximum context length"}                 | context_too_long
            401 | {"error":"unauthorized","signin_url":"https://ollama.com/connect"}             | authentication
            403 | {"error":"this model requires a subscription"}                                 | authentication
            404 | {"error":"model 'x' not found"}                                                | model_not_found
            404 | {"error":"model \\"x\\" not found, try pulling it first"}                      | model_not_found
            429 | {"error":"you have reached your hourly usage limit"}                           | rate_limited
            500 | {"error":"llama runner process has terminated"}                                | overloaded
            502 | {"StatusCode":502,"Status":"502 Bad Gateway","error":"upstream"}               | overloaded
            503 | {"error":"server busy, please try again.  maximum pending requests exceeded"}  | overloaded
            200 | {"error":"the input length exceeds maximum context length"}                     | context_too_long
            200 | {"error":"server busy, no context window is free"}                             | overloaded
            200 | {"error":"unexpected EOF"}                                                     | overloaded
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
