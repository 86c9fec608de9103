package dev.plinth.providers.redis;

import dev.plinth.api.time.TimeSource;
import dev.plinth.providers.bucket4j.Bucket4jRateStore;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.ClientSideConfig;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.AbstractCompareAndSwapBasedProxyManager;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.AsyncCompareAndSwapOperation;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.CompareAndSwapOperation;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.UnifiedJedis;

/** Keeps the states of buckets under keys of Redis; a state is written only if nobody has changed it since it was read. */
final class RedisProxyManager extends AbstractCompareAndSwapBasedProxyManager<String> {

    private static final String PREFIX = "plinth:rate:";
    private static final long LONGEST_MILLIS = Duration.ofDays(36_500).toMillis();
    private static final byte[] SWAP = utf8("""
            if (redis.call('get', KEYS[1]) or '') ~= ARGV[1] then return 0 end
            redis.call('set', KEYS[1], ARGV[2], 'px', ARGV[3])
            return 1
            """);

    private final UnifiedJedis redis;
    private final ExpirationAfterWriteStrategy expiration =
            ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(Bucket4jRateStore.KEPT_FULL);

    RedisProxyManager(UnifiedJedis redis, TimeSource time) {
        super(ClientSideConfig.getDefault().withClientClock(Bucket4jRateStore.clock(time)));
        this.redis = redis;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    protected CompareAndSwapOperation beginCompareAndSwapOperation(String name) {
        byte[] key = utf8(PREFIX + name);
        return new CompareAndSwapOperation() {
            @Override
            public Optional<byte[]> getStateData(Optional<Long> timeoutNanos) {
                return Optional.ofNullable(redis.get(key));
            }

            @Override
            public boolean compareAndSwap(
                    byte @Nullable [] before, byte[] after, RemoteBucketState state, Optional<Long> timeoutNanos) {
                long millis = expiration.calculateTimeToLiveMillis(state, currentTimeNanos());
                long ttl = Math.max(1, Math.min(millis, LONGEST_MILLIS));
                byte[] expected = before == null ? new byte[0] : before;
                Object swapped = redis.eval(SWAP, List.of(key), List.of(expected, after, utf8(Long.toString(ttl))));
                return Long.valueOf(1).equals(swapped);
            }
        };
    }

    @Override
    public void removeProxy(String name) {
        redis.del(utf8(PREFIX + name));
    }

    @Override
    public boolean isAsyncModeSupported() {
        return false;
    }

    @Override
    protected AsyncCompareAndSwapOperation beginAsyncCompareAndSwapOperation(String name) {
        throw new UnsupportedOperationException("async: not supported (expected: the blocking calls)");
    }

    @Override
    protected CompletableFuture<Void> removeAsync(String name) {
        throw new UnsupportedOperationException("async: not supported (expected: the blocking calls)");
    }
}
