package dev.plinth.api.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.plinth.api.cache.CacheKey;
import dev.plinth.api.cache.ResponseCache;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.api.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every {@link ResponseCache} has to do. It may drop answers early, but not the few of these tests. */
public abstract class ResponseCacheContract {
    private static final CacheKey KEY = new CacheKey("tenant", "abc123");
    private static final Duration LONG = Duration.ofHours(1);

    /** What a cache may be unable to do. */
    public enum Behavior {
        /** Keeps what it holds when it is closed: {@link #reopen} finds it again. */
        DURABLE
    }

    private final TestTime time = TestTime.manual();
    private final List<ResponseCache> opened = new ArrayList<>();

    /** For subclasses. */
    protected ResponseCacheContract() {}

    /** An empty cache, on this clock if it takes one. The suite closes it. */
    protected abstract ResponseCache open(TimeSource time);

    /** The cache that {@link #open} returned last and that has been closed since. To be overridden by durable ones. */
    protected ResponseCache reopen(TimeSource time) {
        throw new AssertionError("reopen: not overridden (expected: overridden, or DURABLE declared unsupported)");
    }

    /** What the cache cannot do; nothing unless overridden. The tests of it are reported as skipped. */
    protected Set<Behavior> unsupported() {
        return Set.of();
    }

    /** A time to live that {@link #pass} can outlive. */
    protected Duration ttl() {
        return Duration.ofMinutes(10);
    }

    /** Lets this much time pass for the cache: on the test's clock, unless a cache with a clock of its own overrides it. */
    protected void pass(Duration duration) {
        time.advance(duration);
    }

    /** Closes what a test opened. */
    @AfterEach
    public final void closeCaches() {
        opened.forEach(ResponseCache::close);
    }

    private ResponseCache open() {
        ResponseCache cache = open(time);
        opened.add(cache);
        return cache;
    }

    private static ChatResponse response(String text) {
        return ChatResponse.of(text);
    }

    private static Optional<String> text(ResponseCache cache, CacheKey key) {
        return cache.get(key).map(ChatResponse::text);
    }

    @Test
    public final void knowsNothingAtFirst() {
        ResponseCache cache = open();
        assertThat(cache.get(KEY)).isEmpty();
        cache.invalidate(KEY);
        assertThat(cache.get(KEY)).isEmpty();
    }

    @Test
    public final void givesAnswersBackAsTheyCame() {
        ResponseCache cache = open();
        List<ChatResponse> responses = Responses.all();
        for (int i = 0; i < responses.size(); i++) {
            cache.put(new CacheKey("tenant", "d" + i), responses.get(i), LONG);
        }
        for (int i = 0; i < responses.size(); i++) {
            assertThat(cache.get(new CacheKey("tenant", "d" + i))).contains(responses.get(i));
        }
    }

    @Test
    public final void replacesAndDrops() {
        ResponseCache cache = open();
        cache.put(KEY, response("old"), LONG);
        cache.put(KEY, response("new"), LONG);
        assertThat(text(cache, KEY)).contains("new");
        cache.invalidate(KEY);
        cache.invalidate(KEY);
        assertThat(cache.get(KEY)).isEmpty();
        cache.put(KEY, response("again"), LONG);
        assertThat(text(cache, KEY)).contains("again");
    }

    @Test
    public final void sharesOnlyWhereBothPartsOfTheKeyAreEqual() {
        ResponseCache cache = open();
        List<CacheKey> keys = List.of(
                new CacheKey("a", "bc"),
                new CacheKey("ab", "c"),
                new CacheKey("a:b", "c"),
                new CacheKey("a", "b:c"),
                new CacheKey("", "abc"),
                new CacheKey("A", "bc"),
                new CacheKey("a ", "bc"),
                new CacheKey("größe/日本", "bc"),
                new CacheKey("a\nb", "c"));
        for (CacheKey key : keys) {
            assertThat(cache.get(key)).as("%s", key).isEmpty();
            cache.put(key, response("answer for " + key), LONG);
        }
        for (CacheKey key : keys) {
            assertThat(text(cache, key)).contains("answer for " + key);
        }
        cache.invalidate(keys.get(0));
        assertThat(cache.get(keys.get(0))).isEmpty();
        assertThat(cache.get(keys.get(1))).isPresent();
    }

    @Test
    public final void forgetsWhenTheTimeIsOver() {
        ResponseCache cache = open();
        cache.put(KEY, response("short"), ttl());
        CacheKey other = new CacheKey("tenant", "other");
        cache.put(other, response("long"), LONG);
        assertThat(cache.get(KEY)).isPresent();
        pass(ttl());
        assertThat(cache.get(KEY)).isEmpty();
        assertThat(cache.get(other)).isPresent();
    }

    @Test
    public final void putStartsTheTimeAnew() {
        ResponseCache cache = open();
        cache.put(KEY, response("first"), ttl());
        cache.put(KEY, response("second"), LONG);
        pass(ttl());
        assertThat(text(cache, KEY)).contains("second");
        cache.put(KEY, response("third"), ttl());
        pass(ttl());
        assertThat(cache.get(KEY)).isEmpty();
    }

    @Test
    public final void readingDoesNotLengthenTheTime() {
        ResponseCache cache = open();
        cache.put(KEY, response("short"), ttl());
        pass(ttl().dividedBy(2));
        cache.get(KEY);
        pass(ttl().dividedBy(2));
        assertThat(cache.get(KEY)).isEmpty();
    }

    @Test
    public final void refusesATimeThatIsNotPositive() {
        ResponseCache cache = open();
        for (Duration ttl : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
            assertThatIllegalArgumentException().isThrownBy(() -> cache.put(KEY, response("x"), ttl));
        }
        assertThat(cache.get(KEY)).isEmpty();
    }

    @Test
    public final void takesVeryLongTimes() {
        ResponseCache cache = open();
        cache.put(KEY, response("kept"), Duration.ofDays(36_500));
        assertThat(text(cache, KEY)).contains("kept");
    }

    @Test
    public final void servesManyCallersAtOnce() throws Exception {
        ResponseCache cache = open();
        Together.run(Together.THREADS, thread -> () -> {
            for (int i = 0; i < 50; i++) {
                CacheKey key = new CacheKey("tenant", "k" + i % 5);
                cache.put(key, response(key.digest() + " by " + thread), LONG);
                assertThat(text(cache, key).orElse(key.digest() + " dropped")).startsWith(key.digest() + " ");
                if (i % 7 == 0) {
                    cache.invalidate(key);
                }
            }
            return null;
        });
    }

    @Test
    public final void findsAgainWhatItHeldWhenItWasClosed() {
        Skips.unless(unsupported(), Behavior.DURABLE);
        ResponseCache cache = open();
        cache.put(KEY, response("kept"), LONG);
        cache.close();
        ResponseCache again = reopen(time);
        opened.add(again);
        assertThat(text(again, KEY)).contains("kept");
    }

    @Test
    public final void closesTwice() {
        ResponseCache cache = open();
        cache.close();
        cache.close();
    }
}
