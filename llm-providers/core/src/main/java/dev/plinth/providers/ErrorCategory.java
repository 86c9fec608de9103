package dev.plinth.providers;

import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.ContentFilteredException;
import dev.plinth.api.error.ContextTooLongException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.InvalidRequestException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.ModelNotFoundException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.error.QuotaExhaustedException;
import dev.plinth.api.error.RateLimitedException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a provider's error means to a caller: the names that providers give their errors, the words they use, and, where
 * both say nothing, the HTTP status. The order counts: an exhausted quota comes as a 429, too.
 */
enum ErrorCategory {
    QUOTA_EXHAUSTED(
            Set.of(402),
            Set.of(
                    "insufficient_quota",
                    "billing_hard_limit_reached",
                    "billing_error",
                    "enforced_spend_limit_reached",
                    "servicequotaexceededexception"),
            List.of(
                    "exceeded your current quota",
                    "insufficient balance",
                    "credit balance is too low",
                    "reached your specified api usage limits",
                    "required for long context requests")) {
        @Override
        LlmException exception(String message, ErrorDetails details) {
            return new QuotaExhaustedException(message, details, null);
        }

        /** Google names the quota: one of a day is not there again in a moment. */
        @Override
        boolean isNamed(String name) {
            return super.isNamed(name) || name.contains("perday");
        }

        /** Google says the same words of a quota of a minute. */
        @Override
        boolean isSaid(int status, List<String> names, String said) {
            return !names.contains("resource_exhausted") && super.isSaid(status, names, said);
        }
    },
    CONTEXT_TOO_LONG(
            Set.of(413),
            Set.of(
                    "context_length_exceeded",
                    "model_context_window_exceeded",
                    "string_above_max_length",
                    "request_too_large"),
            List.of(
                    "maximum context length",
                    "context window",
                    "context size",
                    "context length",
                    "context limit",
                    "prompt is too long",
                    "input is too long",
                    "input token count",
                    "too many tokens")) {
        @Override
        LlmException exception(String message, ErrorDetails details) {
            return new ContextTooLongException(message, details, null);
        }

        /** Only of a request that was refused: a busy server may speak of windows, too. */
        @Override
        boolean isSaid(int status, List<String> names, String said) {
            boolean refused = status == 400 || status == 413 || status == 422;
            return (refused || (status == UNKNOWN && !isBusy(names, said))) && super.isSaid(status, names, said);
        }

        /** Where no status tells, what else is said must not be of a server that could answer another time. */
        private static boolean isBusy(List<String> names, String said) {
            boolean busy = names.stream().anyMatch(name -> RATE_LIMITED.isNamed(name) || OVERLOADED.isNamed(name));
            boolean refused = names.stream().anyMatch(INVALID_REQUEST::isNamed);
            return busy || (!refused && BUSY.matcher(said).find());
        }
    },
    CONTENT_FILTERED(
            Set.of(),
            Set.of(
                    "content_filter",
                    "content_policy_violation",
                    "image_content_policy_violation",
                    "bio_policy",
                    "responsibleaipolicyviolation",
                    "moderation_blocked"),
            List.of("content management policy", "blocked by content filtering policy")) {
        @Override
        LlmException exception(String message, ErrorDetails details) {
            return new ContentFilteredException(message, details, null);
        }
    },
    MALFORMED(Set.of(), Set.of("tool_use_failed"), List.of()) {
        @Override
        LlmException exception(String message, ErrorDetails details) {
            return new MalformedResponseException(message, details, null);
        }
    },
    RATE_LIMITED(
            Set.of(429),
            Set.of(
                    "rate_limit_exceeded",
                    "rate_limit_error",
                    "resource_exhausted",
                    "throttling",
                    "throttlingexception",
                    "toomanyrequestsexception"),
            List.of()) {
        @Override
        LlmException exception(String message, ErrorDetails details) {
            return new RateLimitedException(message, details, null);
        }
    },
    AUTHENTICATION(
            Set.of(401, 403),
            Set.of(
                    "invalid_api_key",
                    "authentication_error",
                    "permission_error",
                    "permission_denied",
                    "unauthenticated",
                    "api_key_invalid",
                    "accessdeniedexception",
                    "unrecognizedclientexception",
                    "expiredtokenexception",
                    "invalidsignatureexception",
                    "incompletesignature"),
            List.of()) {
        @Override
        LlmException exception(String message, ErrorDetails details) {
            return new AuthenticationException(message, details, null);
        }
    },
    MODEL_NOT_FOUND(
            Set.of(), Set.of("model_not_found", "deploymentnotfound", "resourcenotfoundexception"), List.of("model")) {
        @Override
        LlmException exception(String message, ErrorDetails details) {
            return new ModelNotFoundException(message, details, null);
        }

        /** AWS says so with a 400. */
        @Override
        boolean isSaid(int status, List<String> names, String said) {
            return said.contains("model identifier is invalid") || (status == 404 && super.isSaid(status, names, said));
        }
    },
    OVERLOADED(
            Set.of(408, 409, 424, 425),
            Set.of(
                    "overloaded_error",
                    "api_error",
                    "timeout_error",
                    "server_error",
                    "vector_store_timeout",
                    "internal",
                    "unavailable",
                    "deadline_exceeded",
                    "modelnotreadyexception",
                    "modeltimeoutexception",
                    "modelstreamerrorexception",
                    "modelerrorexception",
                    "internalserverexception",
                    "serviceunavailableexception"),
            List.of()) {
        @Override
        LlmException exception(String message, ErrorDetails details) {
            return new OverloadedException(message, details, null);
        }
    },
    INVALID_REQUEST(
            Set.of(),
            Set.of(
                    "invalid_request_error",
                    "invalid_argument",
                    "failed_precondition",
                    "validationexception",
                    "invalid_prompt",
                    "data_residency_mismatch",
                    "invalid_image",
                    "invalid_image_format",
                    "invalid_image_mode",
                    "invalid_image_url",
                    "invalid_base64_image",
                    "image_too_large",
                    "image_too_small",
                    "image_parse_error",
                    "image_file_too_large",
                    "image_file_not_found",
                    "empty_image_file",
                    "unsupported_image_media_type",
                    "failed_to_download_image"),
            List.of()) {
        @Override
        LlmException exception(String message, ErrorDetails details) {
            return new InvalidRequestException(message, details, null);
        }
    };

    /** Stands for the status of an error inside a success. */
    static final int UNKNOWN = 0;

    private static final Pattern BUSY = Pattern.compile(
            "busy|overloaded|unavailable|at capacity|rate limit|per minute|please wait|try again later");

    private final Set<Integer> statuses;
    private final Set<String> names;
    private final List<String> words;

    ErrorCategory(Set<Integer> statuses, Set<String> names, List<String> words) {
        this.statuses = statuses;
        this.names = names;
        this.words = words;
    }

    abstract LlmException exception(String message, ErrorDetails details);

    boolean isNamed(String name) {
        return names.contains(name);
    }

    boolean isSaid(int status, List<String> names, String said) {
        return words.stream().anyMatch(said::contains);
    }

    /**
     * The category of an error.
     *
     * @param status of HTTP, or {@link #UNKNOWN}
     * @param names the provider's codes
     * @param said the provider's words, lower case
     */
    static ErrorCategory of(int status, List<String> names, String said) {
        List<String> lower =
                names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
        for (ErrorCategory category : values()) {
            boolean fits = category.statuses.contains(status)
                    || lower.stream().anyMatch(category::isNamed)
                    || category.isSaid(status, lower, said);
            if (fits) {
                return category;
            }
        }
        return status >= 300 && status < 500 ? INVALID_REQUEST : OVERLOADED;
    }
}
