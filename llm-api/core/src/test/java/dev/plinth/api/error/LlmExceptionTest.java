package dev.plinth.api.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Usage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class LlmExceptionTest {
    private static final ErrorDetails DETAILS = ErrorDetails.builder()
            .provider("openai")
            .model("gpt-x")
            .httpStatus(429)
            .providerCode("tokens")
            .requestId("req-1")
            .attempts(3)
            .retryAfter(Duration.ofSeconds(2))
            .build();

    private static void is(Function<String, LlmException> make, String code, boolean retryable) {
        LlmException error = make.apply("x: 1 (expected: 2)");
        assertThat(error.code()).isEqualTo(code);
        assertThat(error.isRetryable()).as(code).isEqualTo(retryable);
        assertThat(error.getMessage()).startsWith("x: 1 (expected: 2)");
    }

    @Test
    void everyCategoryHasAStableCodeAndSaysWhetherToTryAgain() {
        is(AuthenticationException::new, "authentication", false);
        is(CancelledException::new, "cancelled", false);
        is(ContentFilteredException::new, "content_filtered", false);
        is(ContextTooLongException::new, "context_too_long", false);
        is(InvalidRequestException::new, "invalid_request", false);
        is(MalformedResponseException::new, "malformed_response", true);
        is(ModelNotFoundException::new, "model_not_found", false);
        is(OverloadedException::new, "overloaded", true);
        is(QuotaExhaustedException::new, "quota_exhausted", false);
        is(RateLimitedException::new, "rate_limited", true);
        is(StoreException::new, "store", false);
        is(TimedOutException::new, "timed_out", true);
        is(TransportException::new, "transport", true);
        is(text -> new DeniedException("r", "o", text, ErrorDetails.NONE), "denied", false);
        is(
                text -> new ModelNotAllowedException("r", "o", text, List.of("gpt-y"), ErrorDetails.NONE),
                "model_not_allowed",
                false);
    }

    @Test
    void messageEndsWithWhatIsKnown() {
        RateLimitedException error = new RateLimitedException("rate: over (expected: a slower pace)", DETAILS, null);
        assertThat(error)
                .hasMessage("rate: over (expected: a slower pace) [provider=openai, model=gpt-x, status=429,"
                        + " code=tokens, request=req-1, attempts=3, retry after=PT2S]");
        assertThat(error.details().toBuilder().build()).hasToString(DETAILS.toString());
        assertThat(new RateLimitedException("x")).hasMessage("x");
    }

    @Test
    void denialNamesTheRuleAndItsOwner() {
        DeniedException error =
                new DeniedException("budget-eu", "finops", "budget: spent (expected: some left)", ErrorDetails.NONE);
        assertThat(error).hasMessage("budget: spent (expected: some left) (rule: budget-eu, owner: finops)");
        assertThat(error.rule()).isEqualTo("budget-eu");
        assertThat(error.owner()).isEqualTo("finops");
    }

    @Test
    void partialIsEmptyAndUnknownUntilSaid() {
        TransportException error = new TransportException("x");
        assertThat(error.partialText()).isEmpty();
        assertThat(error.partialUsage()).isEqualTo(Usage.UNKNOWN);
        assertThat(error.setPartial("Hel", Usage.of(1, 1))).isSameAs(error);
        assertThat(error.partialText()).isEqualTo("Hel");
        assertThat(error.getMessage()).isEqualTo("x");
    }

    @Test
    void detailsRefuseNonsense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ErrorDetails.builder().httpStatus(99))
                .withMessage("httpStatus: 99 (expected: 100 to 599)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ErrorDetails.builder().attempts(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ErrorDetails.builder().retryAfter(Duration.ofSeconds(-1)));
        assertThat(ErrorDetails.NONE.attempts()).isEqualTo(1);
        assertThat(ErrorDetails.NONE.httpStatus()).isEmpty();
        assertThat(ErrorDetails.NONE).hasToString("");
    }

    /** Frameworks send exceptions between processes: what is lost there must not become a NullPointerException. */
    @Test
    void survivesSerialisation() throws Exception {
        RateLimitedException error = new RateLimitedException("x", DETAILS, null);
        error.setPartial("Hel", Usage.of(1, 1));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new ObjectOutputStream(bytes).writeObject(error);
        LlmException copy =
                (LlmException) new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
        assertThat(copy.code()).isEqualTo("rate_limited");
        assertThat(copy.isRetryable()).isTrue();
        assertThat(copy).hasMessage(error.getMessage());
        assertThat(copy.details()).isSameAs(ErrorDetails.NONE);
        assertThat(copy.partialUsage()).isEqualTo(Usage.UNKNOWN);
        assertThat(copy.partialText()).isEqualTo("Hel");
    }

    private static Attempt attempt(String error) {
        return new Attempt("eu", "p", "m", "first choice", Instant.EPOCH, Duration.ZERO, error, Usage.UNKNOWN, null);
    }

    @Test
    void saysWhatWasTried() {
        OverloadedException error = new OverloadedException("server: busy (expected: an answer)", DETAILS, null);
        assertThat(error.attempts()).isEmpty();
        List<Attempt> tried = List.of(attempt("rate_limited"), attempt("overloaded"));
        assertThat(error.setAttempts(tried)).isSameAs(error);
        assertThat(error.attempts()).isEqualTo(tried);
        assertThat(error.details().attempts()).isEqualTo(2);
        assertThat(error.details().provider()).contains("openai");
        assertThat(error)
                .hasMessage("server: busy (expected: an answer) [provider=openai, model=gpt-x, status=429,"
                        + " code=tokens, request=req-1, attempts=2, retry after=PT2S]");
        assertThat(error.setAttempts(List.of()).details().attempts()).isEqualTo(1);
    }

    @Test
    void numberOfAttemptsSurvivesSerialisationInWords() throws Exception {
        OverloadedException error = new OverloadedException("server: busy");
        error.setAttempts(List.of(attempt("overloaded"), attempt("overloaded")));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new ObjectOutputStream(bytes).writeObject(error);
        LlmException copy =
                (LlmException) new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
        assertThat(copy).hasMessage("server: busy [attempts=2]");
        assertThat(copy.attempts()).isEmpty();
        assertThat(copy.setAttempts(List.of(attempt("x"))).attempts()).hasSize(1);
    }
}
