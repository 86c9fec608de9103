package dev.plinth.api.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.limit.Rate;
import dev.plinth.api.limit.RateStore;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.api.time.TimeSource;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Faults that stores of rates really have, and the tests that catch them. */
@Tag("once")
class BrokenRateStoreTest {

    abstract static class Suite extends RateStoreContract {
        ToyRateStore.Storage storage = new ToyRateStore.Storage();

        @Override
        protected RateStore another(TimeSource time) {
            return new ToyRateStore(time, storage);
        }
    }

    static class OnItsOwnClock extends Suite {
        @Override
        protected RateStore open(TimeSource time) {
            return new ToyRateStore(TimeSource.system(), storage);
        }

        @Override
        protected Set<Behavior> unsupported() {
            return Set.of(Behavior.CLOCK, Behavior.SHARED);
        }
    }

    @Test
    void aClockOfItsOwnIsADeclaredGap() {
        ContractRun run = ContractRun.of(OnItsOwnClock.class);
        assertThat(run.failed()).isEmpty();
        assertThat(run.skipped())
                .containsExactlyInAnyOrder(
                        "fillsUpAtAnEvenPace",
                        "afterTheWaitItToldItTakes",
                        "whatIsOwedFillsUpFirst",
                        "anotherOverTheSameStorageShares");
    }

    static class LooksThenTakes extends Suite {
        @Override
        protected RateStore open(TimeSource time) {
            return new RateStore() {
                private final Map<String, Long> left = new ConcurrentHashMap<>();
                private final Thread owner = Thread.currentThread();
                private final Set<Thread> looked = ConcurrentHashMap.newKeySet();
                private final CyclicBarrier together = new CyclicBarrier(Together.THREADS);

                @Override
                public Duration take(String bucket, Rate rate, long amount) {
                    long before = left.getOrDefault(bucket, rate.amount());
                    if (Thread.currentThread() != owner && looked.add(Thread.currentThread())) {
                        meet();
                    }
                    if (before < amount) {
                        return rate.period();
                    }
                    left.put(bucket, before - amount);
                    return Duration.ZERO;
                }

                /** The others have looked, too, and nobody has taken. */
                private void meet() {
                    try {
                        together.await(10, TimeUnit.SECONDS);
                    } catch (InterruptedException | BrokenBarrierException | TimeoutException fewer) {
                        // then they go on alone
                    }
                }

                @Override
                public void settle(String bucket, Rate rate, long amount) {
                    left.merge(bucket, amount, Long::sum);
                }

                @Override
                public void close() {}
            };
        }
    }

    @Test
    void checkThenAct() {
        ContractRun.fails(
                LooksThenTakes.class,
                "exactlySoManyPassInAnyInterleaving",
                "refusesAmountsThatCanNeverBeTaken",
                "closedItRefuses");
    }

    static class FixedWindow extends Suite {
        @Override
        protected RateStore open(TimeSource time) {
            return new Changed(time, storage) {
                @Override
                public Duration take(String bucket, Rate rate, long amount) {
                    long window = (time.nanos() + Duration.ofSeconds(30).toNanos())
                            / rate.period().toNanos();
                    Duration wait = new ToyRateStore(TestTime.manual(), storage).take(bucket + window, rate, amount);
                    return wait.isZero() ? wait : rate.period();
                }
            };
        }
    }

    @Test
    void windowsInsteadOfAnEvenPace() {
        ContractRun.fails(FixedWindow.class, "fillsUpAtAnEvenPace", "tellsHowLongToWait");
    }

    /** A toy in which a test changes one thing. */
    static class Changed extends ToyRateStore {
        Changed(TimeSource time, ToyRateStore.Storage storage) {
            super(time, storage);
        }
    }

    static class TakesWhatIsThere extends Suite {
        @Override
        protected RateStore open(TimeSource time) {
            return new Changed(time, storage) {
                @Override
                public Duration take(String bucket, Rate rate, long amount) {
                    Duration wait = super.take(bucket, rate, amount);
                    if (!wait.isZero() && amount > 1) {
                        super.settle(bucket, rate, -1);
                    }
                    return wait;
                }
            };
        }
    }

    @Test
    void aRefusalThatCosts() {
        ContractRun.fails(TakesWhatIsThere.class, "takesAllOrNothing", "tellsHowLongToWait");
    }

    static class NoDebt extends Suite {
        @Override
        protected RateStore open(TimeSource time) {
            return new Changed(time, storage) {
                @Override
                public void settle(String bucket, Rate rate, long amount) {
                    if (amount > 0
                            || take(bucket, rate, Math.min(rate.amount(), Math.max(1, -amount)))
                                    .isZero()) {
                        super.settle(bucket, rate, Math.max(0, amount));
                    }
                }
            };
        }
    }

    @Test
    void whatIsOwedForgotten() {
        ContractRun.fails(NoDebt.class, "takesMoreEvenOutOfAnEmptyBucket", "whatIsOwedFillsUpFirst");
    }

    static class NeverPutsBack extends Suite {
        @Override
        protected RateStore open(TimeSource time) {
            return new Changed(time, storage) {
                @Override
                public void settle(String bucket, Rate rate, long amount) {
                    super.settle(bucket, rate, Math.min(0, amount));
                }
            };
        }
    }

    @Test
    void settlementsLost() {
        ContractRun.fails(
                NeverPutsBack.class, "putsBackUpToWhatItCanHold", "nothingIsLostOrDoubledWhenManyTakeAndSettle");
    }

    static class FoldsNames extends Suite {
        @Override
        protected RateStore open(TimeSource time) {
            return new Changed(time, storage) {
                @Override
                public Duration take(String bucket, Rate rate, long amount) {
                    return super.take(bucket.strip().toLowerCase(Locale.ROOT), rate, amount);
                }
            };
        }
    }

    @Test
    void namesThatFallTogether() {
        ContractRun.fails(FoldsNames.class, "bucketsOfOtherNamesAreOthers");
    }

    static class CutsNames extends Suite {
        @Override
        protected RateStore open(TimeSource time) {
            return new Changed(time, storage) {
                @Override
                public Duration take(String bucket, Rate rate, long amount) {
                    return super.take(bucket.substring(0, Math.min(255, bucket.length())), rate, amount);
                }
            };
        }
    }

    @Test
    void longNamesCut() {
        ContractRun.fails(CutsNames.class, "bucketsOfOtherNamesAreOthers");
    }

    static class FirstRateStays extends Suite {
        @Override
        protected RateStore open(TimeSource time) {
            return new Changed(time, storage) {
                private final Map<String, Rate> rates = new ConcurrentHashMap<>();

                @Override
                public Duration take(String bucket, Rate rate, long amount) {
                    Rate first = rates.computeIfAbsent(bucket, name -> rate);
                    return super.take(bucket, first, Math.min(amount, first.amount()));
                }
            };
        }
    }

    @Test
    void ratesThatDoNotChange() {
        ContractRun.fails(FirstRateStays.class, "goesOnUnderAnotherRateWithWhatItHolds");
    }

    static class OpenAfterClose extends Suite {
        @Override
        protected RateStore open(TimeSource time) {
            return new Changed(time, storage) {
                @Override
                public void close() {}
            };
        }
    }

    @Test
    void closedInNameOnly() {
        ContractRun.fails(OpenAfterClose.class, "closedItRefuses");
    }

    static class SharesNothing extends Suite {
        @Override
        protected RateStore open(TimeSource time) {
            return new ToyRateStore(time, storage);
        }

        @Override
        protected RateStore another(TimeSource time) {
            return new ToyRateStore(time, new ToyRateStore.Storage());
        }
    }

    @Test
    void storageThatIsNotShared() {
        ContractRun.fails(SharesNothing.class, "anotherOverTheSameStorageShares");
    }
}
