package dev.plinth.providers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.testkit.TestTime;
import dev.plinth.api.usage.RateLimit;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import okhttp3.Headers;
import org.junit.jupiter.api.Test;

class RateLimitHeadersTest {
    private final TestTime time = TestTime.manual();

    private List<RateLimit> read(String... headers) {
        return RateLimitHeaders.read(Headers.of(headers), time);
    }

    @Test
    void limitsOfOpenAi() {
        assertThat(read(
                        "x-ratelimit-limit-requests", "500",
                        "X-RateLimit-Limit-Tokens", "30000",
                        "x-ratelimit-remaining-requests", "499",
                        "x-ratelimit-remaining-tokens", " 0 ",
                        "x-ratelimit-reset-requests", "120ms",
                        "x-ratelimit-reset-tokens", "1m2.5s"))
                .containsExactly(
                        new RateLimit("requests", 500L, 499L, Duration.ofMillis(120)),
                        new RateLimit("tokens", 30_000L, 0L, Duration.ofMillis(62_500)));
        assertThat(read("x-ratelimit-reset-requests", "6h0m0s"))
                .containsExactly(new RateLimit("requests", null, null, Duration.ofHours(6)));
    }

    @Test
    void limitsOfAnthropic() {
        assertThat(read(
                        "anthropic-ratelimit-input-tokens-limit", "50000",
                        "anthropic-ratelimit-input-tokens-remaining", "49000",
                        "anthropic-ratelimit-input-tokens-reset",
                                TestTime.START.plusSeconds(30).toString()))
                .containsExactly(new RateLimit("input-tokens", 50_000L, 49_000L, Duration.ofSeconds(30)));
    }

    @Test
    void limitsWithoutANameAreOfRequests() {
        assertThat(read("x-ratelimit-limit", "10", "ratelimit-remaining", "9"))
                .containsExactly(new RateLimit("requests", 10L, 9L, null));
        assertThat(read("x-trial-endpoint-call-limit", "40", "x-trial-endpoint-call-remaining", "39"))
                .containsExactly(new RateLimit("requests", 40L, 39L, null));
    }

    @Test
    void momentsOfTheReset() {
        long soon = TestTime.START.plusSeconds(5).getEpochSecond();
        assertThat(read("x-ratelimit-reset", soon + "000"))
                .containsExactly(new RateLimit("requests", null, null, Duration.ofSeconds(5)));
        assertThat(read("x-ratelimit-reset", soon + ""))
                .containsExactly(new RateLimit("requests", null, null, Duration.ofSeconds(5)));
        assertThat(read("x-ratelimit-reset", "59"))
                .containsExactly(new RateLimit("requests", null, null, Duration.ofSeconds(59)));
        assertThat(read("x-ratelimit-reset", "1000000000000"))
                .containsExactly(new RateLimit("requests", null, null, Duration.ZERO));
    }

    /** How long Azure's windows are does not say how far they are gone. */
    @Test
    void lengthOfAWindowIsNoReset() {
        assertThat(read("x-ratelimit-renewalperiod-tokens", "60", "x-ratelimit-remaining-tokens", "9"))
                .containsExactly(new RateLimit("tokens", null, 9L, null));
    }

    @Test
    void whatMakesNoSenseIsLeftOut() {
        assertThat(read(
                        "x-ratelimit-limit-", "1",
                        "x-ratelimit-", "1",
                        "ratelimit--limit", "1",
                        "x-ratelimit-tokens", "1",
                        "x-ratelimit-limit-requests", "many",
                        "x-ratelimit-reset-requests", "soon",
                        "content-type", "1"))
                .isEmpty();
    }

    @Property(tries = 300)
    void noHeaderBreaksIt(
            @ForAll @StringLength(max = 12) @CharRange(from = '-', to = '-') @CharRange(from = 'a', to = 'c')
                    String name,
            @ForAll @StringLength(max = 12) @CharRange(from = ' ', to = '~') String value) {
        for (String kind : List.of("limit", "remaining", "reset")) {
            assertThat(read("x-ratelimit-" + kind + name, value, "ratelimit-" + name + kind, value))
                    .allSatisfy(limit -> assertThat(limit.name()).isNotBlank());
        }
    }
}
