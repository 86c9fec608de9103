package dev.plinth.providers;

import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The error a provider's words mean, the same for plain calls, for errors inside a 200 and for errors in mid-stream.
 * What the provider says is repeated without the key, its first 300 characters.
 */
public final class ProviderErrors {

    private static final Pattern KEY_LIKE = Pattern.compile("\\b(?:sk|pk|key|gsk|xai)[-_][A-Za-z0-9*_-]{4,}");
    // How Python servers that check requests with Pydantic quote what they refuse, which may be the whole prompt.
    private static final Pattern QUOTED_INPUT =
            Pattern.compile("\\binput_value=.*?(?=, input_type=|$)", Pattern.DOTALL);
    private static final int MAX_MESSAGE = 300;

    private ProviderErrors() {}

    /**
     * An error for this answer.
     *
     * @param body what the provider says
     * @param details with the HTTP status, which is 200 for errors inside an answer
     * @param secret what was sent as a key; null: none
     */
    public static LlmException of(ErrorBody body, ErrorDetails details, @Nullable Secret secret) {
        String said = body.message();
        String withoutInput = QUOTED_INPUT.matcher(said).replaceAll("input_value=***");
        String clean = shorten(KEY_LIKE.matcher(secret == null ? withoutInput : secret.removeFrom(withoutInput))
                .replaceAll("***"));
        String message = clean.isEmpty() ? "provider: no explanation (expected: an answer)" : "provider: " + clean;
        int status = status(body, details.httpStatus());
        ErrorCategory category = ErrorCategory.of(status, body.names(), said.toLowerCase(Locale.ROOT));
        ErrorDetails.Builder known = details.toBuilder()
                .providerCode(body.codeOrType().orElse(null))
                .requestId(details.requestId().orElse(body.requestId()))
                .retryAfter(wait(category, body, details).orElse(null));
        if (category == ErrorCategory.QUOTA_EXHAUSTED) {
            known.retryable(null); // whatever the head says: money does not come back by asking
        }
        return category.exception(message, known.build());
    }

    /** A head that says so goes first, then the body, then what follows from the limits. */
    private static Optional<Duration> wait(ErrorCategory category, ErrorBody body, ErrorDetails details) {
        if (details.retryAfter().isPresent()) {
            return details.retryAfter();
        }
        if (body.retryAfter() != null) {
            return Optional.of(body.retryAfter());
        }
        return category == ErrorCategory.RATE_LIMITED
                ? RetryAfter.inWords(body.message()).or(() -> RetryAfter.untilReset(details.rateLimits()))
                : Optional.empty();
    }

    /** After the key is gone, lest half of it stays. */
    private static String shorten(String message) {
        String line = message.replaceAll("\\s+", " ").strip();
        return line.codePointCount(0, line.length()) <= MAX_MESSAGE
                ? line
                : line.substring(0, line.offsetByCodePoints(0, MAX_MESSAGE)) + "...";
    }

    /** Inside an answer of 200 the provider's own code may be a status. */
    private static int status(ErrorBody body, OptionalInt http) {
        if (http.isPresent() && http.getAsInt() >= 300) {
            return http.getAsInt();
        }
        String code = body.code();
        boolean isStatus = code != null && code.length() == 3 && code.chars().allMatch(Character::isDigit);
        return isStatus ? Integer.parseInt(code) : ErrorCategory.UNKNOWN;
    }
}
