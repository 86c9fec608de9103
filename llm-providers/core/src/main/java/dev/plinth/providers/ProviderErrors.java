package dev.plinth.providers;

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
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The category of a provider's error, the same for plain calls, for errors inside a 200 and for errors in mid-stream.
 * What the provider says is repeated without the key, its first 300 characters.
 */
public final class ProviderErrors {

    private static final Pattern KEY_LIKE = Pattern.compile("\\b(?:sk|pk|key|gsk|xai)[-_][A-Za-z0-9*_-]{4,}");
    // How Python servers that check requests with Pydantic quote what they refuse, which may be the whole prompt.
    private static final Pattern QUOTED_INPUT =
            Pattern.compile("\\binput_value=.*?(?=, input_type=|$)", Pattern.DOTALL);
    private static final int OVERLOADED_BY_ANTHROPIC = 529;
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
        ErrorDetails known =
                details.toBuilder().providerCode(body.codeOrType().orElse(null)).build();
        String said = body.message();
        String withoutInput = QUOTED_INPUT.matcher(said).replaceAll("input_value=***");
        String clean = shorten(KEY_LIKE.matcher(secret == null ? withoutInput : secret.removeFrom(withoutInput))
                .replaceAll("***"));
        int status = status(body, details.httpStatus());
        String message = clean.isEmpty() ? "provider: no explanation (expected: an answer)" : "provider: " + clean;
        return category(status, body, said.toLowerCase(Locale.ROOT), message, known);
    }

    /** After the key is gone, lest half of it stays. */
    private static String shorten(String message) {
        String line = message.replaceAll("\\s+", " ").strip();
        return line.codePointCount(0, line.length()) <= MAX_MESSAGE
                ? line
                : line.substring(0, line.offsetByCodePoints(0, MAX_MESSAGE)) + "...";
    }

    private static LlmException category(
            int status, ErrorBody body, String said, String message, ErrorDetails details) {
        if (isQuota(status, body, said)) {
            return new QuotaExhaustedException(message, details, null);
        }
        if (isTooLong(status, body, said)) {
            return new ContextTooLongException(message, details, null);
        }
        if (body.is("content_filter")
                || body.is("content_policy_violation")
                || said.contains("content management policy")) {
            return new ContentFilteredException(message, details, null);
        }
        if (status == 429 || body.is("rate_limit_exceeded") || body.is("rate_limit_error")) {
            return new RateLimitedException(message, details, null);
        }
        if (status == 401 || status == 403 || body.is("invalid_api_key") || body.is("authentication_error")) {
            return new AuthenticationException(message, details, null);
        }
        if (isUnknownModel(status, body, said)) {
            return new ModelNotFoundException(message, details, null);
        }
        boolean clientsFault = status >= 300 && status < 500 && status != 408 && status != 409 && status != 425;
        return clientsFault || body.is("invalid_request_error")
                ? new InvalidRequestException(message, details, null)
                : new OverloadedException(message, details, null);
    }

    /** Inside an answer of 200 the provider's own code may be a status. */
    private static int status(ErrorBody body, OptionalInt http) {
        if (http.isPresent() && http.getAsInt() >= 300) {
            return http.getAsInt();
        }
        String code = body.code();
        boolean isStatus = code != null && code.length() == 3 && code.chars().allMatch(Character::isDigit);
        return isStatus ? Integer.parseInt(code) : OVERLOADED_BY_ANTHROPIC;
    }

    private static boolean isQuota(int status, ErrorBody body, String said) {
        return status == 402
                || body.is("insufficient_quota")
                || body.is("billing_hard_limit_reached")
                || body.is("billing_error")
                || body.is("enforced_spend_limit_reached")
                || said.contains("exceeded your current quota");
    }

    private static boolean isTooLong(int status, ErrorBody body, String said) {
        boolean refused = status == 400 || status == 413 || status == 422;
        return body.is("context_length_exceeded")
                || (refused
                        && (said.contains("maximum context length")
                                || said.contains("context window")
                                || said.contains("context size")
                                || said.contains("prompt is too long")));
    }

    private static boolean isUnknownModel(int status, ErrorBody body, String said) {
        return body.is("model_not_found") || body.is("DeploymentNotFound") || (status == 404 && said.contains("model"));
    }
}
