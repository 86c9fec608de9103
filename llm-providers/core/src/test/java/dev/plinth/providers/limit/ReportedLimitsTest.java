package dev.plinth.providers.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.usage.RateLimit;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class ReportedLimitsTest {

    private static final Amounts CALL = Amounts.call(30, 70);
    private static final Duration RESET = Duration.ofSeconds(20);

    private final ReportedLimits reported = new ReportedLimits();
    private long now = -7_000_000_000L;

    private Amounts send() {
        return reported.send(CALL);
    }

    private void learn(Amounts mark, String name, Long limit, Long remaining, Duration reset) {
        reported.learn(List.of(new RateLimit(name, limit, remaining, reset)), mark, now);
    }

    private boolean passes() {
        return reported.refusal(CALL, now) == null;
    }

    private Duration delay() {
        return reported.refusal(CALL, now).delay();
    }

    private void pass(Duration span) {
        now += span.toNanos();
    }

    @Test
    void withoutAReportNothingIsHeldBack() {
        assertThat(passes()).isTrue();
    }

    @Test
    void whatIsLeftIsUsedUpByWhatIsSentAndComesBackAtTheReset() {
        learn(send(), "requests", 10L, 2L, RESET);
        send();
        assertThat(passes()).isTrue();
        send();
        assertThat(passes()).isFalse();
        pass(Duration.ofSeconds(5));
        assertThat(delay()).isEqualTo(Duration.ofSeconds(15));
        pass(Duration.ofSeconds(15));
        for (int i = 0; i < 10; i++) {
            assertThat(passes()).as("call %d of the new period", i).isTrue();
            send();
        }
        assertThat(passes()).as("more than the vendor grants").isFalse();
    }

    @Test
    void whatWasSentBesideTheReportingCallCounts() {
        Amounts first = send();
        send();
        send();
        learn(first, "requests", 10L, 2L, RESET);
        assertThat(passes()).isFalse();
    }

    @Test
    void aReportOfAnEarlierCallDoesNotReplaceALaterOne() {
        Amounts first = send();
        Amounts second = send();
        learn(second, "requests", 10L, 0L, RESET);
        learn(first, "requests", 10L, 9L, RESET);
        assertThat(passes()).isFalse();
        learn(send(), "requests", 10L, 9L, RESET);
        assertThat(passes()).isTrue();
    }

    @Test
    void tokensOfEachKindCountAsTheyAreNamed() {
        assertThat(enough("input-tokens")).isEqualTo(30);
        assertThat(enough("output-tokens")).isEqualTo(70);
        for (String name : List.of("tokens", "tokens-minute", "project-tokens", "TOKENS_USAGE_BASED")) {
            assertThat(enough(name)).as(name).isEqualTo(100);
        }
        for (String name : List.of("requests", "requests-day", "req-minute")) {
            assertThat(enough(name)).as(name).isEqualTo(1);
        }
    }

    /** How many of these have to be left for a call to pass. */
    private static long enough(String name) {
        long left = 0;
        while (true) {
            ReportedLimitsTest fresh = new ReportedLimitsTest();
            fresh.learn(fresh.send(), name, 1_000L, left, RESET);
            if (fresh.passes()) {
                return left;
            }
            left++;
        }
    }

    @Test
    void whatIsNeitherRequestsNorTokensIsLeftAlone() {
        learn(send(), "images", 10L, 0L, RESET);
        learn(send(), "tokenization-units", 10L, 0L, RESET);
        assertThat(passes()).isTrue();
    }

    @Test
    void aReportWithoutAResetHoldsForAMinuteAndWithoutALimitNotLonger() {
        learn(send(), "requests", null, 0L, null);
        pass(Duration.ofSeconds(59));
        assertThat(delay()).isEqualTo(Duration.ofSeconds(1));
        pass(Duration.ofSeconds(1));
        for (int i = 0; i < 100; i++) {
            assertThat(passes()).isTrue();
            send();
        }
    }

    @Test
    void aLimitAloneIsTheLimit() {
        learn(send(), "requests", 2L, null, RESET);
        send();
        send();
        assertThat(passes()).isFalse();
    }

    @Test
    void aCallThatNeedsMoreThanThereEverIsPassesWhenAllOfItIsThere() {
        learn(send(), "tokens", 50L, 0L, RESET);
        assertThat(passes()).isFalse();
        pass(RESET);
        assertThat(passes()).isTrue();
        send();
        assertThat(passes()).isFalse();
    }

    @Test
    void aReportThatIsOverWhenItComesHoldsNobodyBack() {
        Amounts mark = send();
        reported.learn(
                List.of(new RateLimit("requests", 10L, 0L, RESET)),
                mark,
                now - RESET.toNanos()); // a stream that took longer than the period
        assertThat(passes()).isTrue();
    }

    @Test
    void theLongestPauseHolds() {
        reported.pause(Duration.ofSeconds(9), now);
        reported.pause(Duration.ofSeconds(3), now);
        assertThat(delay()).isEqualTo(Duration.ofSeconds(9));
        pass(Duration.ofSeconds(9));
        assertThat(passes()).isTrue();
    }

    @Test
    void nonsenseIsSurvived() {
        learn(send(), "requests", -5L, -1L, Duration.ofDays(Long.MAX_VALUE / 86_400));
        assertThat(delay()).isLessThanOrEqualTo(Duration.ofDays(366));
        learn(send(), "requests", Long.MAX_VALUE, Long.MAX_VALUE, Duration.ofSeconds(-1));
        assertThat(passes()).isTrue();
        for (int i = 0; i < 1_000; i++) {
            learn(send(), "requests-" + "x".repeat(i), 10L, 10L, RESET);
        }
        reported.pause(Duration.ofDays(Long.MAX_VALUE / 86_400), now);
        assertThat(delay()).isLessThanOrEqualTo(Duration.ofDays(366));
    }

    /** Between two reports no more is sent than was left, whatever is sent and whenever. */
    @Property(tries = 200)
    void neverMoreThanWasLeft(
            @ForAll @LongRange(max = 50) long left, @ForAll @IntRange(max = 100) int tries, @ForAll long seed) {
        learn(send(), "requests", 1_000L, left, RESET);
        long passed = LongStream.range(0, tries)
                .filter(i -> {
                    pass(Duration.ofMillis(Math.floorMod(seed * i, 190)));
                    boolean passes = passes();
                    if (passes) {
                        send();
                    }
                    return passes;
                })
                .count();
        assertThat(passed).isEqualTo(Math.min(left, tries));
    }
}
