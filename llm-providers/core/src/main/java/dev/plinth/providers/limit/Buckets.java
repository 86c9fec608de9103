package dev.plinth.providers.limit;

import dev.plinth.api.limit.Rate;
import dev.plinth.api.limit.RateStore;
import java.time.Duration;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The buckets of one deployment under one key: of requests and of tokens. All of a call is taken, or nothing. */
final class Buckets {

    private final RateStore store;
    private final @Nullable Bucket requests;
    private final @Nullable Bucket tokens;

    private record Bucket(String name, Rate rate, String words, ToLongFunction<Amounts> counted) {

        static @Nullable Bucket of(String names, String what, @Nullable Rate rate, ToLongFunction<Amounts> counted) {
            return rate == null ? null : new Bucket(names + "/" + what, rate, words(what, rate), counted);
        }

        private static String words(String what, Rate rate) {
            boolean minute = rate.period().equals(Duration.ofMinutes(1));
            return what + " per " + (minute ? "minute" : rate.period()) + ": " + rate.amount();
        }

        /** A call that needs more than the bucket can hold costs the whole bucket. */
        long charge(Amounts amounts) {
            return Math.min(counted.applyAsLong(amounts), rate.amount());
        }
    }

    Buckets(String names, Limit limit, RateStore store) {
        this.store = store;
        this.requests = Bucket.of(names, "requests", limit.requests().orElse(null), Amounts::requests);
        this.tokens = Bucket.of(names, "tokens", limit.tokens().orElse(null), Amounts::tokens);
    }

    /** What the call is charged. */
    Amounts charged(Amounts need) {
        return new Amounts(need.requests(), tokens == null ? 0 : tokens.charge(need), 0);
    }

    /** Takes what the call needs; else takes nothing and says why. */
    @Nullable
    Refusal take(Amounts need) {
        Refusal refusal = take(requests, need);
        if (refusal != null) {
            return refusal;
        }
        boolean taken = false;
        try {
            refusal = take(tokens, need);
            taken = refusal == null;
            return refusal;
        } finally {
            if (!taken && requests != null) {
                store.settle(requests.name, requests.rate, requests.charge(need));
            }
        }
    }

    private @Nullable Refusal take(@Nullable Bucket bucket, Amounts need) {
        if (bucket == null || bucket.charge(need) == 0) {
            return null;
        }
        Duration wait = store.take(bucket.name, bucket.rate, bucket.charge(need));
        return wait.isZero() ? null : new Refusal(bucket.words, wait, bucket.rate, bucket.counted);
    }

    /** Corrects what was taken for a call by what it used; null: nobody knows, so what was taken stays taken. */
    void settle(Amounts taken, @Nullable Amounts used) {
        if (used == null) {
            return;
        }
        try {
            settle(requests, taken, used);
        } finally {
            settle(tokens, taken, used);
        }
    }

    private void settle(@Nullable Bucket bucket, Amounts taken, Amounts used) {
        long back = bucket == null ? 0 : bucket.charge(taken) - bucket.counted.applyAsLong(used);
        if (bucket != null && back != 0) {
            store.settle(bucket.name, bucket.rate, back);
        }
    }
}
