package dev.plinth.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.cache.CacheKey;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.testkit.TestTime;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CaffeineResponseCacheTest {

    private final TestTime time = TestTime.manual();
    private final CaffeineResponseCache cache = CaffeineResponseCache.ofEntries(100, time);

    @Test
    void givesBackWhatItWasGiven() {
        ChatResponse response = ChatResponse.of("hello");
        cache.put(key("a"), response, Duration.ofMinutes(1));
        assertThat(cache.get(key("a"))).contains(response);
        assertThat(cache.get(key("b"))).isEmpty();
        assertThat(cache.get(new CacheKey("other scope", "a"))).isEmpty();
    }

    @Test
    void everyEntryHasItsOwnTimeHoweverOftenItIsRead() {
        cache.put(key("short"), ChatResponse.of("1"), Duration.ofMinutes(1));
        cache.put(key("long"), ChatResponse.of("2"), Duration.ofMinutes(2));
        cache.put(key("ever"), ChatResponse.of("3"), Duration.ofSeconds(Long.MAX_VALUE));
        time.advance(Duration.ofSeconds(59));
        assertThat(cache.get(key("short"))).isPresent();
        time.advance(Duration.ofSeconds(1));
        assertThat(cache.get(key("short"))).isEmpty();
        assertThat(cache.get(key("long"))).isPresent();
        time.advance(Duration.ofMinutes(1));
        assertThat(cache.get(key("long"))).isEmpty();
        time.advance(Duration.ofDays(10_000));
        assertThat(cache.get(key("ever"))).isPresent();
    }

    @Test
    void anotherPutBeginsAnotherTime() {
        cache.put(key("a"), ChatResponse.of("old"), Duration.ofMinutes(1));
        time.advance(Duration.ofSeconds(50));
        cache.put(key("a"), ChatResponse.of("new"), Duration.ofMinutes(1));
        time.advance(Duration.ofSeconds(50));
        assertThat(cache.get(key("a")).map(ChatResponse::text)).contains("new");
    }

    @Test
    void forgetsWhatIsInvalidated() {
        cache.put(key("a"), ChatResponse.of("1"), Duration.ofMinutes(1));
        cache.invalidate(key("a"));
        cache.invalidate(key("b"));
        assertThat(cache.get(key("a"))).isEmpty();
    }

    @Test
    void holdsNoMoreEntriesThanItMay() {
        CaffeineResponseCache small = CaffeineResponseCache.ofEntries(10);
        assertThat(keptOf(small, "x")).isPositive().isLessThanOrEqualTo(10);
    }

    @Test
    void holdsNoMoreBytesThanItMay() {
        CaffeineResponseCache small = CaffeineResponseCache.ofBytes(100_000);
        assertThat(keptOf(small, "x".repeat(5_000))).isPositive().isLessThanOrEqualTo(10);
    }

    private static long keptOf(CaffeineResponseCache cache, String text) {
        IntStream.range(0, 1000).forEach(i -> cache.put(key("k" + i), ChatResponse.of(text), Duration.ofMinutes(1)));
        return IntStream.range(0, 1000)
                .filter(i -> cache.get(key("k" + i)).isPresent())
                .count();
    }

    @Test
    void refusesBadArguments() {
        assertThatThrownBy(() -> CaffeineResponseCache.ofEntries(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CaffeineResponseCache.ofBytes(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> cache.put(key("a"), ChatResponse.of("1"), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void isOfNoUseOnceClosed() {
        cache.close();
        cache.close();
        assertThatThrownBy(() -> cache.get(key("a"))).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> cache.put(key("a"), ChatResponse.of("1"), Duration.ofMinutes(1)))
                .isInstanceOf(StoreException.class);
    }

    private static CacheKey key(String digest) {
        return new CacheKey("scope", digest);
    }
}
