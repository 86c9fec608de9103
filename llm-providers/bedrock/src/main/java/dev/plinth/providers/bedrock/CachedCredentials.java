package dev.plinth.providers.bedrock;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.time.TimeSource;
import dev.plinth.api.usage.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a key until shortly before its end. Five minutes before it, one call fetches the next key while the others go on
 * with the old one, which also serves when that fails; in the last minute all wait for the new one. A key without an end
 * is looked up again after five minutes, since files change, and serves for five more when that fails.
 *
 * <p>There is one fetch at a time, on the thread of the call that found it due.
 */
final class CachedCredentials implements AwsCredentialsProvider {

    private static final Duration EARLY = Duration.ofMinutes(5);
    private static final Duration LATE = Duration.ofMinutes(1);
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(5);
    private static final Duration BREATH = Duration.ofSeconds(30);

    private final AwsCredentialsProvider source;
    private final TimeSource time;
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile @Nullable Kept kept;

    CachedCredentials(AwsCredentialsProvider source, TimeSource time) {
        this.source = source;
        this.time = time;
    }

    /**
     * A key that is kept.
     *
     * @param due when to fetch the next one
     * @param last when it must not be used any more
     */
    private record Kept(AwsCredentials credentials, Instant due, Instant last) {

        static Kept of(AwsCredentials credentials, Instant now) {
            Instant end = credentials.expiration();
            if (end == null) {
                Instant again = now.plus(LOOK_AGAIN);
                return new Kept(credentials, again, again.plus(LOOK_AGAIN));
            }
            Instant early = end.minus(EARLY);
            Instant breath = now.plus(BREATH);
            return new Kept(credentials, early.isAfter(breath) ? early : breath, end.minus(LATE));
        }

        boolean isDue(Instant now) {
            return !now.isBefore(due) || !now.isBefore(last);
        }

        boolean serves(Instant now) {
            return now.isBefore(last);
        }
    }

    @Override
    public AwsCredentials credentials(CallContext context) {
        Instant now = time.now();
        Kept known = kept;
        if (known != null && !known.isDue(now)) {
            return known.credentials;
        }
        if (known != null && known.serves(now)) {
            return fetching.tryLock() ? fetch(context) : known.credentials;
        }
        await(context);
        return fetch(context);
    }

    private void await(CallContext context) {
        try {
            if (context.deadline().isEmpty()) {
                fetching.lockInterruptibly();
            } else if (!fetching.tryLock(context.deadline().get().remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                throw new TimedOutException(
                                "deadline: passed while AWS credentials were fetched (expected: time left to call)",
                                ErrorDetails.NONE,
                                null)
                        .setPartial("", Usage.NONE);
            }
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new CancelledException(
                            "thread: interrupted (expected: AWS credentials first)", ErrorDetails.NONE, interruption)
                    .setPartial("", Usage.NONE);
        }
    }

    /** With the lock, which it gives back. */
    private AwsCredentials fetch(CallContext context) {
        try {
            Instant now = time.now();
            Kept known = kept;
            if (known != null && !known.isDue(now)) {
                return known.credentials; // another call was faster
            }
            try {
                AwsCredentials fresh = source.credentials(context);
                kept = Kept.of(fresh, time.now());
                return fresh;
            } catch (LlmException failure) {
                if (known == null || !known.serves(now)) {
                    throw failure;
                }
                kept = new Kept(known.credentials, now.plus(BREATH), known.last);
                return known.credentials;
            }
        } finally {
            fetching.unlock();
        }
    }
}
