package dev.plinth.providers.limit;

import dev.plinth.api.usage.RateLimit;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the vendor says is left, as its answers report it: others may use the same key, or nobody here knows the limits. A
 * report holds until its reset; then all that the vendor grants is there again, once, until the next report.
 *
 * <p>What has been sent since the reporting call began counts against its report, although the vendor may have counted
 * some of it already: careful for the short time until the next report.
 *
 * <p>Not thread-safe; times are readings of a monotonic clock.
 */
final class ReportedLimits {

    private static final int MOST_NAMES = 16; // vendors have a handful; a broken server shall not fill the memory
    private static final Duration USUAL_PERIOD = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(366);

    private final Map<String, Report> reports = new HashMap<>();
    private Amounts sent = Amounts.NONE;
    private @Nullable Long pausedUntil;

    /** Counts what is sent now, and returns all that was sent so far: the mark that reports of this call start from. */
    Amounts send(Amounts call) {
        sent = sent.plus(call);
        return sent;
    }

    /** Why a call has to wait; null: it has not. */
    @Nullable
    Refusal refusal(Amounts need, long now) {
        Refusal longest = null;
        if (pausedUntil != null && pausedUntil - now > 0) {
            longest = Refusal.of("pause that the provider asked for", Duration.ofNanos(pausedUntil - now));
        }
        Iterator<Map.Entry<String, Report>> entries = reports.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<String, Report> entry = entries.next();
            Report report = entry.getValue();
            if (report.expires - now <= 0 && !report.renew(sent, now)) {
                entries.remove();
            } else if (!report.admits(need, sent)) {
                Duration wait = Duration.ofNanos(report.expires - now);
                if (longest == null
                        || longest.delay() == null
                        || longest.delay().compareTo(wait) < 0) {
                    longest = Refusal.of(entry.getKey() + ": as many as the provider has left", wait);
                }
            }
        }
        return longest;
    }

    /**
     * Learns from an answer.
     *
     * @param mark what {@link #send} returned for its call
     * @param at when its head came
     */
    void learn(List<RateLimit> limits, Amounts mark, long at) {
        for (RateLimit limit : limits) {
            ToLongFunction<Amounts> counted = counted(limit.name());
            Long left = limit.remaining() != null ? limit.remaining() : limit.limit();
            if (counted == null || left == null) {
                continue;
            }
            Report before = reports.get(limit.name());
            long start = counted.applyAsLong(mark);
            if (before == null ? reports.size() < MOST_NAMES : before.start <= start) {
                reports.put(limit.name(), new Report(counted, start, left, limit.limit(), span(limit), at));
            }
        }
    }

    /** Nothing is to be sent for this long. */
    void pause(Duration span, long now) {
        long until = now + shorter(span, LONGEST).toNanos();
        if (pausedUntil == null || pausedUntil - until < 0) {
            pausedUntil = until;
        }
    }

    private static Duration span(RateLimit limit) {
        return limit.resetAfter() == null ? USUAL_PERIOD : shorter(limit.resetAfter(), LONGEST);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** What a limit of this name is of, such as {@code requests}, {@code input-tokens} or {@code tokens-minute}. */
    private static @Nullable ToLongFunction<Amounts> counted(String vendorName) {
        List<String> words = List.of(vendorName.toLowerCase(Locale.ROOT).split("[^a-z]+"));
        if (words.contains("requests") || words.contains("request") || words.contains("req")) {
            return Amounts::requests;
        }
        if (!words.contains("tokens") && !words.contains("token")) {
            return null;
        }
        return words.contains("input") ? Amounts::input : words.contains("output") ? Amounts::output : Amounts::tokens;
    }

    private static final class Report {
        private final ToLongFunction<Amounts> counted;
        private final long start;
        private final @Nullable Long limit;
        private final long span;
        private long ceiling;
        private long expires;

        Report(ToLongFunction<Amounts> counted, long start, long left, @Nullable Long limit, Duration span, long at) {
            this.counted = counted;
            this.start = start;
            this.limit = limit == null || limit <= 0 ? null : limit;
            this.span = Math.max(0, span.toNanos());
            this.ceiling = sum(start, Math.max(0, left));
            this.expires = at + this.span;
        }

        /** A call that needs more than there ever is passes when all of it is there. */
        boolean admits(Amounts need, Amounts sent) {
            long amount = counted.applyAsLong(need);
            return counted.applyAsLong(sent) + (limit == null ? amount : Math.min(amount, limit)) <= ceiling;
        }

        boolean renew(Amounts sent, long now) {
            if (limit == null || span == 0) {
                return false;
            }
            ceiling = sum(counted.applyAsLong(sent), limit);
            expires = now + span;
            return true;
        }

        private static long sum(long one, long other) {
            return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
        }
    }
}
