package dev.plinth.providers.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.api.usage.RateLimit;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorsTest {
    private final StubServer server = StubServer.start();
    private final Anthropic anthropic =
            Anthropic.builder().baseUrl(server.url("/").toString()).build();

    @AfterEach
    void close() {
        anthropic.close();
        server.close();
    }

    private LlmException error(StubAnswer answer, Function<ChatRequest, ?> call) {
        server.enqueue(answer);
        LlmException error = catchThrowableOfType(LlmException.class, () -> call.apply(ChatRequest.of("Hi")));
        assertThat(error).isNotNull();
        return error;
    }

    private LlmException error(StubAnswer answer) {
        return error(answer, anthropic.chatModel("m")::chat);
    }

    private static StubAnswer answer(int status, String type, String message) {
        return StubAnswer.json(
                status,
                "{\"type\":\"error\",\"error\":{\"details\":null,\"type\":" + Events.quoted(type) + ",\"message\":"
                        + Events.quoted(message) + "},\"request_id\":\"req_1\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | invalid_request_error | max_tokens: Field required | invalid_request | false",
                "401 | authentication_error | invalid x-api-key | authentication | false",
                "402 | billing_error | Check your payment details | quota_exhausted | false",
                "403 | permission_error | Your key may not | authentication | false",
                "404 | not_found_error | model: claude-none | model_not_found | false",
                "404 | not_found_error | Not Found | invalid_request | false",
                "409 | conflict_error | Conflict | overloaded | true",
                "413 | request_too_large | Request exceeds the maximum size | context_too_long | false",
                "429 | rate_limit_error | Number of requests has exceeded | rate_limited | true",
                "500 | api_error | Internal server error | overloaded | true",
                "504 | timeout_error | Request timed out | overloaded | true",
                "529 | overloaded_error | Overloaded | overloaded | true",
                "400 | invalid_request_error | Your credit balance is too low | quota_exhausted | false",
                "400 | invalid_request_error | You have reached your specified API usage limits. | quota_exhausted | false",
                "400 | invalid_request_error | prompt is too long: 201 tokens > 200 maximum | context_too_long | false",
                "400 | invalid_request_error | input length and max_tokens exceed context limit | context_too_long | false",
                "400 | invalid_request_error | Output blocked by content filtering policy | content_filtered | false"
            })
    void statusTypeAndWords(int status, String type, String message, String code, boolean retryable) {
        StubAnswer answer = answer(status, type, message).header("request-id", "req_2");
        for (Function<ChatRequest, ?> call : java.util.List.<Function<ChatRequest, ?>>of(
                anthropic.chatModel("m")::chat, anthropic.chatModel("m")::stream, anthropic.tokenCounter("m")::count)) {
            LlmException error = error(answer, call);
            assertThat(error.code()).isEqualTo(code);
            assertThat(error.isRetryable()).isEqualTo(retryable);
            assertThat(error.getMessage()).startsWith("provider: " + message);
            assertThat(error.details().httpStatus()).hasValue(status);
            assertThat(error.details().providerCode()).contains(type);
            assertThat(error.details().requestId()).contains("req_2");
            assertThat(error.details().provider()).contains("anthropic");
        }
    }

    @Test
    void spendLimitIsNotTriedAgain() {
        LlmException error = error(StubAnswer.json(
                429,
                "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"Limit\",\"details\":"
                        + "{\"error_code\":\"enforced_spend_limit_reached\"}}}"));
        assertThat(error.code()).isEqualTo("quota_exhausted");
        assertThat(error.isRetryable()).isFalse();
    }

    @Test
    void spendLimitIsNotTriedAgainByAStreamEither() {
        String limit = "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"Limit\",\"details\":"
                + "{\"error_code\":\"enforced_spend_limit_reached\"}},\"request_id\":\"req_3\"}";
        for (StubAnswer answer : java.util.List.of(
                StubAnswer.json(429, limit).header("x-should-retry", "true"), StubAnswer.sse(Events.START, limit))) {
            LlmException error = error(
                    answer, request -> anthropic.chatModel("m").stream(request).response());
            assertThat(error.code()).isEqualTo("quota_exhausted");
            assertThat(error.isRetryable()).isFalse();
            assertThat(error.details().requestId()).contains("req_3");
        }
    }

    @Test
    void tooLongIsTooLongInMidStream() {
        LlmException error = error(
                StubAnswer.sse(
                        Events.START,
                        Events.block(0, Events.textBlock("A")),
                        "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":"
                                + "\"prompt is too long: 201 tokens > 200 maximum\"}}"),
                request -> anthropic.chatModel("m").stream(request).response());
        assertThat(error.code()).isEqualTo("context_too_long");
        assertThat(error.partialText()).isEqualTo("A");
    }

    @Test
    void waitsAndLimitsAreKnown() {
        LlmException error = error(answer(429, "rate_limit_error", "slow")
                .header("retry-after", "17")
                .header("anthropic-ratelimit-requests-limit", "50")
                .header("anthropic-ratelimit-requests-remaining", "0")
                .header("anthropic-ratelimit-requests-reset", "2020-01-01T00:00:00Z"));
        assertThat(error.details().retryAfter()).contains(Duration.ofSeconds(17));
        assertThat(error.details().rateLimits()).containsExactly(new RateLimit("requests", 50L, 0L, Duration.ZERO));
    }

    @Test
    void serverSaysWhetherToTryAgain() {
        assertThat(error(answer(529, "overloaded_error", "x").header("x-should-retry", "false"))
                        .isRetryable())
                .isFalse();
        assertThat(error(answer(400, "invalid_request_error", "x").header("x-should-retry", "true"))
                        .isRetryable())
                .isTrue();
    }

    @Test
    void errorInsideASuccess() {
        LlmException error = error(answer(200, "overloaded_error", "Overloaded"));
        assertThat(error.code()).isEqualTo("overloaded");
        assertThat(error(StubAnswer.json("{\"message\":\"no\"}")).getMessage()).startsWith("provider: no");
    }
}
