package dev.plinth.api.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.plinth.api.error.StoreException;
import dev.plinth.api.limit.Rate;
import dev.plinth.api.limit.RateStore;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.api.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.assertj.core.api.Condition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link RateStore} has to do. A store that counts on a clock of its own declares {@link Behavior#CLOCK}
 * unsupported; the tests that are left have periods so long that nothing fills up while they run.
 */
public abstract class RateStoreContract {
    private static final Duration YEAR = Duration.ofDays(365);
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration ROUNDING = Duration.ofMillis(1);
    private static final Rate TEN = new Rate(10, YEAR);

    /** What a store may be unable to do. */
    public enum Behavior {
        /** Counts on the {@link TimeSource} it is opened with. */
        CLOCK,
        /** Shares its buckets with others over the same storage: {@link #another} opens one. */
        SHARED
    }

    private final TestTime time = TestTime.manual();
    private final List<RateStore> opened = new ArrayList<>();

    /** For subclasses. */
    protected RateStoreContract() {}

    /** An empty store, on this clock if it takes one. The suite closes it. */
    protected abstract RateStore open(TimeSource time);

    /** One more store over the storage of the one that {@link #open} returned last. To be overridden by shared ones. */
    protected RateStore another(TimeSource time) {
        throw new AssertionError("another: not overridden (expected: overridden, or SHARED declared unsupported)");
    }

    /** What the store cannot do; nothing unless overridden. The tests of it are reported as skipped. */
    protected Set<Behavior> unsupported() {
        return Set.of();
    }

    /** Closes what a test opened. */
    @AfterEach
    public final void closeStores() {
        opened.forEach(RateStore::close);
    }

    private RateStore open() {
        return opened(open(time));
    }

    private RateStore opened(RateStore store) {
        opened.add(store);
        return store;
    }

    private static boolean takes(RateStore store, String bucket, Rate rate, long amount) {
        Duration wait = store.take(bucket, rate, amount);
        assertThat(wait).isGreaterThanOrEqualTo(Duration.ZERO);
        return wait.isZero();
    }

    /** Counted on a clock of its own, a store may be some time further than the test. */
    private static Condition<Duration> about(Duration wait) {
        Duration least = wait.minus(PATIENCE);
        Duration most = wait.plus(ROUNDING);
        return new Condition<>(
                told -> told.compareTo(least) >= 0 && told.compareTo(most) <= 0, "between %s and %s", least, most);
    }

    /** Takes one after the other until none is left. */
    private static int drain(RateStore store, String bucket, Rate rate) {
        int taken = 0;
        while (taken < 1_000 && takes(store, bucket, rate, 1)) {
            taken++;
        }
        return taken;
    }

    @Test
    public final void isFullAtFirstAndHoldsSoMany() {
        RateStore store = open();
        assertThat(drain(store, "a", TEN)).isEqualTo(10);
        assertThat(drain(store, "a", TEN)).isZero();
        assertThat(takes(store, "b", TEN, 10)).isTrue();
        assertThat(takes(store, "b", TEN, 1)).isFalse();
    }

    @Test
    public final void takesAllOrNothing() {
        RateStore store = open();
        assertThat(takes(store, "a", TEN, 7)).isTrue();
        assertThat(takes(store, "a", TEN, 4)).isFalse();
        assertThat(takes(store, "a", TEN, 3)).isTrue();
    }

    @Test
    public final void refusesAmountsThatCanNeverBeTaken() {
        RateStore store = open();
        for (long amount : new long[] {0, -1, 11, Long.MIN_VALUE, Long.MAX_VALUE}) {
            assertThatIllegalArgumentException().isThrownBy(() -> store.take("a", TEN, amount));
        }
        assertThat(drain(store, "a", TEN)).isEqualTo(10);
    }

    @Test
    public final void exactlySoManyPassInAnyInterleaving() throws Exception {
        RateStore store = open();
        Rate rate = new Rate(100, YEAR);
        List<Integer> taken = Together.run(Together.THREADS, thread -> () -> {
            int own = 0;
            for (int i = 0; i < 25; i++) {
                own += takes(store, "a", rate, 1) ? 1 : 0;
            }
            return own;
        });
        assertThat(taken.stream().mapToInt(Integer::intValue).sum()).isEqualTo(100);
        assertThat(takes(store, "a", rate, 1)).isFalse();
    }

    @Test
    public final void nothingIsLostOrDoubledWhenManyTakeAndSettle() throws Exception {
        RateStore store = open();
        Rate rate = new Rate(1_000, YEAR);
        List<Long> kept = Together.run(Together.THREADS, thread -> () -> {
            Random random = new Random(thread);
            long own = 0;
            for (int i = 0; i < 20; i++) {
                long amount = random.nextLong(1, 21);
                if (takes(store, "a", rate, amount)) {
                    long used = random.nextLong(20);
                    store.settle("a", rate, amount - used);
                    own += used;
                }
            }
            return own;
        });
        long used = kept.stream().mapToLong(Long::longValue).sum();
        if (used < 1_000) {
            assertThat(takes(store, "a", rate, 1_000 - used)).isTrue();
        } else {
            store.settle("a", rate, used - 999);
            assertThat(takes(store, "a", rate, 1)).isTrue(); // 1000 - used + used - 999
        }
        assertThat(takes(store, "a", rate, 1)).isFalse();
    }

    @Test
    public final void putsBackUpToWhatItCanHold() {
        RateStore store = open();
        assertThat(takes(store, "a", TEN, 10)).isTrue();
        store.settle("a", TEN, 4);
        assertThat(drain(store, "a", TEN)).isEqualTo(4);
        for (long more : new long[] {11, 1_000_000, Long.MAX_VALUE}) {
            store.settle("a", TEN, more);
            assertThat(drain(store, "a", TEN)).as("after %d", more).isEqualTo(10);
        }
    }

    @Test
    public final void takesMoreEvenOutOfAnEmptyBucket() {
        RateStore store = open();
        assertThat(takes(store, "a", TEN, 10)).isTrue();
        store.settle("a", TEN, -5);
        store.settle("a", TEN, 5);
        assertThat(takes(store, "a", TEN, 1)).isFalse();
        store.settle("a", TEN, 3);
        assertThat(drain(store, "a", TEN)).isEqualTo(3);
    }

    @Test
    public final void settlesWhatNobodyHasUsedYet() {
        RateStore store = open();
        store.settle("full", TEN, 5);
        assertThat(drain(store, "full", TEN)).isEqualTo(10);
        store.settle("less", TEN, -4);
        assertThat(drain(store, "less", TEN)).isEqualTo(6);
        store.settle("same", TEN, 0);
        assertThat(drain(store, "same", TEN)).isEqualTo(10);
    }

    @Test
    public final void bucketsOfOtherNamesAreOthers() {
        RateStore store = open();
        List<String> names = List.of(
                "a",
                "A",
                "a ",
                " a",
                "",
                "a/b",
                "a:b",
                "a%b",
                "a\nb",
                "a\u0000b",
                "a'b\"c;--",
                "größe/日本/😀",
                "{a}",
                "x".repeat(5_000),
                "x".repeat(4_999) + "y");
        for (String name : names) {
            assertThat(takes(store, name, TEN, 10)).as("%s", name).isTrue();
        }
        for (String name : names) {
            assertThat(takes(store, name, TEN, 1)).as("%s", name).isFalse();
        }
    }

    @Test
    public final void tellsHowLongToWait() {
        RateStore store = open();
        Rate daily = new Rate(365, YEAR);
        assertThat(takes(store, "a", daily, 365)).isTrue();
        assertThat(store.take("a", daily, 1)).is(about(Duration.ofDays(1)));
        assertThat(store.take("a", daily, 30)).is(about(Duration.ofDays(30)));
        store.settle("a", daily, -10);
        assertThat(store.take("a", daily, 1)).is(about(Duration.ofDays(11)));
    }

    @Test
    public final void goesOnUnderAnotherRateWithWhatItHolds() {
        RateStore store = open();
        assertThat(takes(store, "a", TEN, 4)).isTrue();
        Rate larger = new Rate(100, YEAR);
        assertThat(takes(store, "a", larger, 7)).isFalse();
        assertThat(takes(store, "a", larger, 1)).isTrue(); // 5 left
        Rate smaller = new Rate(3, Duration.ofDays(300));
        assertThat(drain(store, "a", smaller)).isEqualTo(3);
        assertThat(takes(store, "a", TEN, 1)).isFalse();
    }

    @Test
    public final void takesLargeRates() {
        RateStore store = open();
        Rate large = Rate.perMinute(1_000_000_000);
        assertThat(takes(store, "a", large, 1_000_000_000)).isTrue();
        store.settle("a", large, -100_000_000_000L);
        assertThat(store.take("a", large, 1)).isGreaterThan(Duration.ofMinutes(99));
    }

    @Test
    public final void fillsUpAtAnEvenPace() {
        Skips.unless(unsupported(), Behavior.CLOCK);
        RateStore store = open();
        Rate rate = new Rate(10, Duration.ofSeconds(10));
        assertThat(drain(store, "a", rate)).isEqualTo(10);
        for (int i = 0; i < 5; i++) {
            time.advance(Duration.ofMillis(900));
            assertThat(takes(store, "a", rate, 1)).isFalse();
            time.advance(Duration.ofMillis(100));
            assertThat(drain(store, "a", rate)).isEqualTo(1);
        }
        time.advance(Duration.ofSeconds(4));
        assertThat(drain(store, "a", rate)).isEqualTo(4);
        time.advance(Duration.ofHours(1));
        assertThat(drain(store, "a", rate)).isEqualTo(10);
    }

    @Test
    public final void afterTheWaitItToldItTakes() {
        Skips.unless(unsupported(), Behavior.CLOCK);
        RateStore store = open();
        Rate rate = new Rate(7, Duration.ofSeconds(1)); // no whole number of microseconds each
        assertThat(takes(store, "a", rate, 7)).isTrue();
        for (int i = 0; i < 20; i++) {
            Duration wait = store.take("a", rate, 3);
            assertThat(wait).isPositive();
            Duration early = wait.minusMillis(1);
            time.advance(early);
            assertThat(takes(store, "a", rate, 3)).as("too early, round %d", i).isFalse();
            time.advance(wait.minus(early));
            assertThat(takes(store, "a", rate, 3)).as("round %d", i).isTrue();
        }
    }

    @Test
    public final void whatIsOwedFillsUpFirst() {
        Skips.unless(unsupported(), Behavior.CLOCK);
        RateStore store = open();
        Rate rate = Rate.perMinute(60);
        assertThat(takes(store, "a", rate, 60)).isTrue();
        store.settle("a", rate, -60);
        assertThat(store.take("a", rate, 1))
                .isBetween(Duration.ofSeconds(61), Duration.ofSeconds(61).plus(ROUNDING));
        time.advance(Duration.ofSeconds(60));
        assertThat(takes(store, "a", rate, 1)).isFalse();
        time.advance(Duration.ofSeconds(1));
        assertThat(drain(store, "a", rate)).isEqualTo(1);
    }

    @Test
    public final void anotherOverTheSameStorageShares() throws Exception {
        Skips.unless(unsupported(), Behavior.SHARED);
        RateStore one = open();
        RateStore other = opened(another(time));
        Rate rate = new Rate(100, YEAR);
        List<Integer> taken = Together.run(Together.THREADS, thread -> () -> {
            RateStore own = thread % 2 == 0 ? one : other;
            int count = 0;
            for (int i = 0; i < 25; i++) {
                count += takes(own, "a", rate, 1) ? 1 : 0;
            }
            return count;
        });
        assertThat(taken.stream().mapToInt(Integer::intValue).sum()).isEqualTo(100);
        one.settle("a", rate, 5);
        one.close();
        assertThat(drain(other, "a", rate)).isEqualTo(5);
    }

    @Test
    public final void closedItRefuses() {
        RateStore store = open();
        store.take("a", TEN, 1);
        store.close();
        store.close();
        assertThatExceptionOfType(StoreException.class).isThrownBy(() -> store.take("a", TEN, 1));
        assertThatExceptionOfType(StoreException.class).isThrownBy(() -> store.settle("a", TEN, 1));
    }
}
