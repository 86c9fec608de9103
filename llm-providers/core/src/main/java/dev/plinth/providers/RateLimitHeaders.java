package dev.plinth.providers;

import dev.plinth.api.time.TimeSource;
import dev.plinth.api.usage.RateLimit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Rate limits out of the head of an answer. Vendors name them {@code x-ratelimit-remaining-tokens}, {@code
 * anthropic-ratelimit-input-tokens-remaining}, or just {@code x-ratelimit-remaining}, which is of requests, as Cohere's {@code
 * x-trial-endpoint-call-remaining} is.
 */
final class RateLimitHeaders {

    private static final String[] PREFIXES = {
        "x-ratelimit-", "anthropic-ratelimit-", "ratelimit-", "x-trial-endpoint-call-"
    };

    private @Nullable Long limit;
    private @Nullable Long remaining;
    private @Nullable Duration reset;

    private RateLimitHeaders() {}

    static List<RateLimit> read(Headers headers, TimeSource time) {
        Map<String, RateLimitHeaders> found = Map.of();
        for (int i = 0; i < headers.size(); i++) {
            String rest = withoutPrefix(headers.name(i));
            if (rest != null) {
                found = found.isEmpty() ? new LinkedHashMap<>() : found;
                add(rest, headers.value(i).strip(), time, found);
            }
        }
        if (found.isEmpty()) {
            return List.of();
        }
        List<RateLimit> limits = new ArrayList<>(found.size());
        for (Map.Entry<String, RateLimitHeaders> each : found.entrySet()) {
            RateLimitHeaders values = each.getValue();
            if (values.limit != null || values.remaining != null || values.reset != null) {
                limits.add(new RateLimit(each.getKey(), values.limit, values.remaining, values.reset));
            }
        }
        return limits;
    }

    private static @Nullable String withoutPrefix(String name) {
        for (String prefix : PREFIXES) {
            if (name.regionMatches(true, 0, prefix, 0, prefix.length())) {
                return name.substring(prefix.length()).toLowerCase(Locale.ROOT);
            }
        }
        return null;
    }

    private static void add(String rest, String value, TimeSource time, Map<String, RateLimitHeaders> found) {
        for (String kind : List.of("limit", "remaining", "reset")) {
            Optional<String> of = nameOf(rest, kind);
            if (of.isPresent() && !of.get().isEmpty()) {
                found.computeIfAbsent(of.get(), name -> new RateLimitHeaders()).set(kind, value, time);
                return;
            }
        }
    }

    /** What is limited: the header's name without the kind, which stands first or last. */
    private static Optional<String> nameOf(String rest, String kind) {
        if (rest.equals(kind)) {
            return Optional.of("requests");
        }
        if (rest.startsWith(kind + "-")) {
            return Optional.of(rest.substring(kind.length() + 1));
        }
        return rest.endsWith("-" + kind)
                ? Optional.of(rest.substring(0, rest.length() - kind.length() - 1))
                : Optional.empty();
    }

    private void set(String kind, String value, TimeSource time) {
        switch (kind) {
            case "limit" -> limit = count(value);
            case "remaining" -> remaining = count(value);
            default -> reset = Waits.parse(value, time.now()).orElse(null);
        }
    }

    private static @Nullable Long count(String value) {
        try {
            return Long.valueOf(value);
        } catch (NumberFormatException notACount) {
            return null;
        }
    }
}
