package dev.plinth.providers.limit;

import dev.plinth.api.limit.RateStore;
import dev.plinth.api.tck.RateStoreContract;
import dev.plinth.api.time.TimeSource;
import java.util.Set;

class InMemoryRateStoreContractTest extends RateStoreContract {

    @Override
    protected RateStore open(TimeSource time) {
        return new InMemoryRateStore(time);
    }

    @Override
    protected Set<Behavior> unsupported() {
        return Set.of(Behavior.SHARED);
    }
}
