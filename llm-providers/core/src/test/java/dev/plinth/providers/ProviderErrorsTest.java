package dev.plinth.providers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.ContentFilteredException;
import dev.plinth.api.error.ContextTooLongException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.InvalidRequestException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.ModelNotFoundException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.error.QuotaExhaustedException;
import dev.plinth.api.error.RateLimitedException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProviderErrorsTest {

    private static LlmException error(int status, String body) {
        ErrorDetails details = ErrorDetails.builder()
                .provider("p")
                .model("m")
                .httpStatus(status)
                .build();
        return ProviderErrors.of(ErrorBody.parse(body), details, null);
    }

    private static void is(LlmException error, Class<?> type, String message) {
        assertThat(error).isInstanceOf(type);
        assertThat(error.getMessage()).startsWith("provider: " + message);
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_request",
        "401, authentication",
        "402, quota_exhausted",
        "403, authentication",
        "404, invalid_request",
        "408, overloaded",
        "409, overloaded",
        "413,context_too_long",
        "422, invalid_request",
        "424, overloaded",
        "425, overloaded",
        "429, rate_limited",
        "500, overloaded",
        "502, overloaded",
        "503, overloaded",
        "529, overloaded",
        "307, invalid_request"
    })
    void statusAloneDecides(int status, String code) {
        for (String body :
                new String[] {"", "{}", "<html>no</html>", "{\"error\":{}}", "plain words", "[]", "{\"err"}) {
            LlmException error = error(status, body);
            assertThat(error.code()).as(body).isEqualTo(code);
            assertThat(error.details().httpStatus()).hasValue(status);
        }
    }

    @Test
    void readsEveryShape() {
        is(
                error(400, "{\"error\":{\"message\":\"why\",\"type\":\"t\",\"code\":\"c\"}}"),
                InvalidRequestException.class,
                "why");
        is(error(400, "{\"error\":\"why\"}"), InvalidRequestException.class, "why");
        is(
                error(400, "{\"object\":\"error\",\"message\":\"why\",\"code\":40303}"),
                InvalidRequestException.class,
                "why");
        is(error(422, "{\"detail\":\"why\"}"), InvalidRequestException.class, "why");
        is(
                error(422, "{\"detail\":[{\"loc\":[\"body\"],\"msg\":\"why\",\"input\":\"secret words\"}]}"),
                InvalidRequestException.class,
                "why");
        is(
                error(422, "{\"object\":\"error\",\"message\":{\"detail\":[{\"msg\":\"why\"}]}}"),
                InvalidRequestException.class,
                "why");
        is(error(401, "{\"message\":\"why\",\"request_id\":\"r\"}"), AuthenticationException.class, "why");
        is(
                error(400, "[{\"error\":{\"code\":400,\"message\":\"why\",\"status\":\"INVALID_ARGUMENT\"}}]"),
                InvalidRequestException.class,
                "why");
        is(error(503, "<html>Service Unavailable</html>"), OverloadedException.class, "a page of HTML");
        is(error(500, ""), OverloadedException.class, "no explanation");
        is(error(500, "upstream\n  gone"), OverloadedException.class, "upstream gone");
        is(error(400, "{\"error\":{\"message\":\"why\",\"type\":\"t\""), InvalidRequestException.class, "why");
    }

    @Test
    void codesDecideBeforeTheStatus() {
        assertThat(error(429, "{\"error\":{\"message\":\"x\",\"code\":\"insufficient_quota\"}}"))
                .isInstanceOf(QuotaExhaustedException.class);
        assertThat(error(400, "{\"error\":{\"message\":\"x\",\"code\":\"context_length_exceeded\"}}"))
                .isInstanceOf(ContextTooLongException.class);
        assertThat(error(400, "{\"error\":{\"message\":\"This model's maximum context length is 4096 tokens\"}}"))
                .isInstanceOf(ContextTooLongException.class);
        assertThat(error(
                        400,
                        "{\"error\":{\"message\":\"x\",\"code\":\"content_filter\",\"innererror\":{\"code\":\"y\"}}}"))
                .isInstanceOf(ContentFilteredException.class);
        assertThat(error(404, "{\"error\":{\"message\":\"x\",\"code\":\"model_not_found\"}}"))
                .isInstanceOf(ModelNotFoundException.class);
        assertThat(error(404, "{\"error\":\"model 'x' not found\"}")).isInstanceOf(ModelNotFoundException.class);
        assertThat(error(404, "{\"error\":{\"code\":\"DeploymentNotFound\",\"message\":\"x\"}}"))
                .isInstanceOf(ModelNotFoundException.class);
        assertThat(error(400, "{\"message\":\"The provided model identifier is invalid.\"}"))
                .isInstanceOf(ModelNotFoundException.class);
        assertThat(error(401, "{\"error\":{\"code\":\"401\",\"message\":\"x\"}}"))
                .isInstanceOf(AuthenticationException.class);
    }

    @Test
    void wordsDecideWhereAllElseIsABadRequest() {
        assertThat(
                        error(
                                400,
                                "{\"error\":\"You have reached your specified API usage limits. You will regain access soon\"}"))
                .isInstanceOf(QuotaExhaustedException.class);
        assertThat(error(429, "{\"error\":\"Extra usage is required for long context requests.\"}"))
                .isInstanceOf(QuotaExhaustedException.class);
        assertThat(error(
                        400,
                        "{\"error\":\"input length and `max_tokens` exceed context limit: 178959 + 64000 > 200000\"}"))
                .isInstanceOf(ContextTooLongException.class);
        assertThat(error(400, "{\"error\":\"Output blocked by content filtering policy\"}"))
                .isInstanceOf(ContentFilteredException.class);
    }

    @Test
    void insideASuccessTheProvidersOwnCodeDecides() {
        assertThat(error(200, "{\"error\":{\"message\":\"x\",\"code\":429}}")).isInstanceOf(RateLimitedException.class);
        assertThat(error(200, "{\"error\":{\"message\":\"x\",\"code\":502}}")).isInstanceOf(OverloadedException.class);
        assertThat(error(200, "{\"error\":{\"message\":\"x\",\"type\":\"server_error\",\"code\":null}}"))
                .isInstanceOf(OverloadedException.class);
        assertThat(error(200, "{\"error\":{\"message\":\"x\",\"type\":\"invalid_request_error\"}}"))
                .isInstanceOf(InvalidRequestException.class);
        assertThat(error(200, "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"x\"}}"))
                .isInstanceOf(RateLimitedException.class);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Bedrock|{\"__type\":\"validationException\",\"message\":\"Input is too long for requested model.\"}",
                "Anthropic|{\"error\":{\"type\":\"invalid_request_error\",\"message\":\"prompt is too long: 9 > 8 maximum\"}}",
                "OpenAI|{\"error\":{\"message\":\"This model's maximum context length is 8192 tokens.\",\"type\":\"invalid_request_error\",\"code\":null}}",
                "advice|{\"error\":{\"message\":\"exceeds the context window, shorten it and please wait\",\"type\":\"invalid_request_error\"}}",
                "Ollama|{\"error\":\"the prompt exceeds maximum context length\"}",
                "its own code|{\"error\":{\"code\":400,\"message\":\"exceeds the context window\"}}",
                "router|{\"error\":{\"code\":400,\"message\":\"Provider returned error\",\"metadata\":{\"raw\":\"{\\\"error\\\":{\\\"message\\\":\\\"maximum context length is 8192\\\"}}\"}}}",
            })
    void tooLongIsTooLongInsideASuccess(String name, String body) {
        LlmException error = error(200, body);
        assertThat(error).isInstanceOf(ContextTooLongException.class);
        assertThat(error.isRetryable()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "overloaded|{\"error\":{\"code\":503,\"message\":\"no slot with that context window\"}}",
                "rate_limited|{\"error\":{\"code\":429,\"message\":\"too many tokens in the context window\"}}",
                "overloaded|{\"error\":{\"type\":\"server_error\",\"message\":\"the context size cannot be allocated\"}}",
                "overloaded|{\"error\":{\"type\":\"overloaded_error\",\"message\":\"long context window requests wait\"}}",
                "rate_limited|{\"__type\":\"throttlingException\",\"message\":\"Too many tokens, please wait.\"}",
                "overloaded|{\"error\":\"server busy: no context window is free\"}",
                "overloaded|{\"error\":\"Too many tokens, please wait before trying again.\"}",
            })
    void busyServersMaySpeakOfWindows(String code, String body) {
        LlmException error = error(200, body);
        assertThat(error.code()).isEqualTo(code);
        assertThat(error.isRetryable()).isTrue();
    }

    @Test
    void otherStatusesSayOtherwise() {
        assertThat(error(500, "{\"error\":\"context size exceeded\"}")).isInstanceOf(OverloadedException.class);
        assertThat(error(403, "{\"error\":\"context window\"}")).isInstanceOf(AuthenticationException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "server_error, overloaded",
        "vector_store_timeout, overloaded",
        "rate_limit_exceeded, rate_limited",
        "invalid_prompt, invalid_request",
        "data_residency_mismatch, invalid_request",
        "bio_policy, content_filtered",
        "image_content_policy_violation, content_filtered",
        "invalid_image, invalid_request",
        "invalid_image_format, invalid_request",
        "invalid_base64_image, invalid_request",
        "invalid_image_url, invalid_request",
        "image_too_large, invalid_request",
        "image_too_small, invalid_request",
        "image_parse_error, invalid_request",
        "invalid_image_mode, invalid_request",
        "image_file_too_large, invalid_request",
        "unsupported_image_media_type, invalid_request",
        "empty_image_file, invalid_request",
        "failed_to_download_image, invalid_request",
        "image_file_not_found, invalid_request"
    })
    void codesOfAResponseThatFailed(String code, String expected) {
        LlmException error = error(200, "{\"error\":{\"code\":\"" + code + "\",\"message\":\"x\"}}");
        assertThat(error.code()).isEqualTo(expected);
        assertThat(error.isRetryable()).isEqualTo(expected.equals("overloaded") || expected.equals("rate_limited"));
    }

    @Test
    void exhaustedQuotaIsNeverRetryable() {
        ErrorDetails head =
                ErrorDetails.builder().httpStatus(429).retryable(true).build();
        ErrorBody body = ErrorBody.parse("{\"error\":{\"message\":\"x\",\"code\":\"insufficient_quota\"}}");
        assertThat(ProviderErrors.of(body, head, null).isRetryable()).isFalse();
        assertThat(ProviderErrors.of(ErrorBody.parse(""), head, null).isRetryable())
                .isTrue();
    }

    @Test
    void requestIdOfTheHeadGoesBeforeThatOfTheBody() {
        ErrorBody body = ErrorBody.parse("{\"error\":{\"message\":\"x\"},\"request_id\":\"of-body\"}");
        ErrorDetails head = ErrorDetails.builder().requestId("of-head").build();
        assertThat(ProviderErrors.of(body, head, null).details().requestId()).contains("of-head");
        assertThat(ProviderErrors.of(body, ErrorDetails.NONE, null).details().requestId())
                .contains("of-body");
    }

    @Test
    void wordsOfAnyLanguageArrive() {
        String words = "请求过长：超出最大长度 — erreur n°5";
        assertThat(error(400, "{\"error\":{\"message\":\"" + words + "\"}}").getMessage())
                .contains(words);
    }

    @Test
    void codeIsKept() {
        assertThat(error(429, "{\"error\":{\"message\":\"x\",\"type\":\"tokens\",\"code\":\"rate_limit_exceeded\"}}")
                        .details()
                        .providerCode())
                .contains("rate_limit_exceeded");
        assertThat(error(500, "{\"error\":{\"type\":\"server_error\",\"code\":null}}")
                        .details()
                        .providerCode())
                .contains("server_error");
        assertThat(error(500, "").details().providerCode()).isEmpty();
    }

    @Test
    void keysAreNotRepeated() {
        Secret secret = Secret.of("very-secret");
        ErrorDetails details = ErrorDetails.builder().httpStatus(401).build();
        LlmException error = ProviderErrors.of(
                ErrorBody.parse("{\"error\":\"Incorrect API key: very-secret or sk-proj-abcdefgh\"}"), details, secret);
        assertThat(error.toString()).doesNotContain("very-secret", "abcdefgh").contains("Incorrect API key: ***");
    }

    @Test
    void quotedInputIsNotRepeated() {
        LlmException error = error(
                400,
                "{\"error\":{\"message\":\"1 validation error\\n  Input should be valid [type=x, input_value='my, long\\n"
                        + "prompt', input_type=str]\\n  and input_value='more of it\"}}");
        assertThat(error.getMessage())
                .contains("1 validation error Input should be valid [type=x, input_value=***, input_type=str]")
                .doesNotContain("prompt", "more of it");
    }

    @Test
    void longMessagesAreCut() {
        LlmException error = error(500, "x".repeat(5_000));
        assertThat(error.getMessage()).hasSizeLessThan(500);
    }

    @Property(tries = 500)
    void noBodyBreaksIt(@ForAll String body) {
        assertThat(error(500, body)).isInstanceOf(LlmException.class);
        assertThat(error(500, "{\"error\":" + body)).isInstanceOf(LlmException.class);
    }
}
