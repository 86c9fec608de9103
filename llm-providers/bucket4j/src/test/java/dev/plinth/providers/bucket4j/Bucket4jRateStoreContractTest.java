package dev.plinth.providers.bucket4j;

import dev.plinth.api.limit.RateStore;
import dev.plinth.api.tck.RateStoreContract;
import dev.plinth.api.time.TimeSource;
import io.github.bucket4j.distributed.proxy.ClientSideConfig;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.AbstractCompareAndSwapBasedProxyManager;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.AsyncCompareAndSwapOperation;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.CompareAndSwapOperation;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Bucket4j over a map, as the plainest of all that it can reach. */
class Bucket4jRateStoreContractTest extends RateStoreContract {

    private Map<String, ByteBuffer> states = Map.of();

    @Override
    protected RateStore open(TimeSource time) {
        states = new ConcurrentHashMap<>();
        return another(time);
    }

    @Override
    protected RateStore another(TimeSource time) {
        return Bucket4jRateStore.over(new MapProxies(states, time), "map");
    }

    private static final class MapProxies extends AbstractCompareAndSwapBasedProxyManager<String> {
        private final Map<String, ByteBuffer> states;

        MapProxies(Map<String, ByteBuffer> states, TimeSource time) {
            super(ClientSideConfig.getDefault().withClientClock(Bucket4jRateStore.clock(time)));
            this.states = states;
        }

        @Override
        protected CompareAndSwapOperation beginCompareAndSwapOperation(String name) {
            return new CompareAndSwapOperation() {
                @Override
                public Optional<byte[]> getStateData(Optional<Long> timeoutNanos) {
                    return Optional.ofNullable(states.get(name)).map(ByteBuffer::array);
                }

                @Override
                public boolean compareAndSwap(
                        byte[] before, byte[] after, RemoteBucketState state, Optional<Long> timeoutNanos) {
                    ByteBuffer written = ByteBuffer.wrap(after);
                    return before == null
                            ? states.putIfAbsent(name, written) == null
                            : states.replace(name, ByteBuffer.wrap(before), written);
                }
            };
        }

        @Override
        public void removeProxy(String name) {
            states.remove(name);
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
}
