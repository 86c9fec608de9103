package dev.plinth.providers.gemini;

import static dev.plinth.providers.gemini.Answers.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.error.LlmException;
import dev.plinth.api.testkit.StubAnswer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ErrorsTest {
    private static final String INFO = "{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":\"%s\","
            + "\"domain\":\"googleapis.com\",\"metadata\":{\"service\":\"generativelanguage.googleapis.com\"}}";
    private static final String QUOTA = "{\"@type\":\"type.googleapis.com/google.rpc.QuotaFailure\",\"violations\":[{"
            + "\"quotaMetric\":\"m\",\"quotaId\":\"%s\",\"quotaValue\":\"10\"}]}";
    private static final String RETRY =
            "{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"34.07s\"}";
    private static final String EXCEEDED =
            "You exceeded your current quota, please check your plan and billing details.";

    private static LlmException of(int status, String body) {
        LlmException plain = catchThrowableOfType(LlmException.class, () -> Served.chat(StubAnswer.json(status, body)));
        LlmException streamed = catchThrowableOfType(
                LlmException.class,
                () -> Served.stream(StubAnswer.json(status, "[" + body + "]")).response());
        assertThat(plain).isNotNull();
        assertThat(streamed).hasSameClassAs(plain).hasMessage(plain.getMessage());
        return plain;
    }

    private static void is(String code, boolean retryable, int status, String body) {
        LlmException error = of(status, body);
        assertThat(error.code()).as(body).isEqualTo(code);
        assertThat(error.isRetryable()).as(body).isEqualTo(retryable);
        assertThat(error.details().httpStatus()).hasValue(status);
    }

    @Test
    void statusesAndReasons() {
        is("invalid_request", false, 400, error(400, "INVALID_ARGUMENT", "Unknown name \"x\""));
        is("invalid_request", false, 400, error(400, "FAILED_PRECONDITION", "User location is not supported."));
        is(
                "authentication",
                false,
                400,
                error(400, "INVALID_ARGUMENT", "API key not valid.", INFO.formatted("API_KEY_INVALID")));
        is("authentication", false, 401, error(401, "UNAUTHENTICATED", "Request had invalid credentials."));
        is("authentication", false, 403, error(403, "PERMISSION_DENIED", "denied", INFO.formatted("SERVICE_DISABLED")));
        is("model_not_found", false, 404, error(404, "NOT_FOUND", "models/x is not found for API version v1beta"));
        is("model_not_found", false, 404, error(404, "NOT_FOUND", "Publisher Model `projects/p` not found."));
        is("overloaded", true, 500, error(500, "INTERNAL", "An internal error has occurred."));
        is("overloaded", true, 503, error(503, "UNAVAILABLE", "The model is overloaded."));
        is("overloaded", true, 504, error(504, "DEADLINE_EXCEEDED", "Deadline expired."));
    }

    @Test
    void promptThatIsTooLong() {
        is(
                "context_too_long",
                false,
                400,
                error(
                        400,
                        "INVALID_ARGUMENT",
                        "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)."));
    }

    @Test
    void quotaOfAMinuteComesBackAndOneOfADayDoesNot() {
        String minute = QUOTA.formatted("GenerateRequestsPerMinutePerProjectPerModel-FreeTier");
        LlmException limited = of(429, error(429, "RESOURCE_EXHAUSTED", EXCEEDED, minute, RETRY));
        assertThat(limited.code()).isEqualTo("rate_limited");
        assertThat(limited.isRetryable()).isTrue();
        assertThat(limited.details().retryAfter()).contains(Duration.ofMillis(34_070));
        assertThat(limited.details().providerCode()).contains("429");
        is("rate_limited", true, 429, error(429, "RESOURCE_EXHAUSTED", "Resource exhausted. Please try again later."));
        String day = QUOTA.formatted("GenerateRequestsPerDayPerProjectPerModel-FreeTier");
        is("quota_exhausted", false, 429, error(429, "RESOURCE_EXHAUSTED", EXCEEDED, minute, day, RETRY));
    }

    @Test
    void errorInsideASuccess() {
        LlmException error = catchThrowableOfType(
                LlmException.class, () -> Served.chat(error(503, "UNAVAILABLE", "The model is overloaded.")));
        assertThat(error.code()).isEqualTo("overloaded");
        LlmException listed = catchThrowableOfType(
                LlmException.class,
                () -> Served.chat("[" + Answers.chunk(Answers.text("A")) + ","
                        + error(429, "RESOURCE_EXHAUSTED", "slow down", RETRY) + "]"));
        assertThat(listed.code()).isEqualTo("rate_limited");
        assertThat(listed.partialText()).isEqualTo("A");
        assertThat(listed.details().retryAfter()).contains(Duration.ofMillis(34_070));
    }
}
