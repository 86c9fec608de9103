package dev.plinth.api.tck;

import dev.plinth.api.limit.RateStore;
import dev.plinth.api.time.TimeSource;

/** A right store keeps the contract. */
class ToyRateStoreContractTest extends RateStoreContract {
    private final ToyRateStore.Storage storage = new ToyRateStore.Storage();

    @Override
    protected RateStore open(TimeSource time) {
        return new ToyRateStore(time, storage);
    }

    @Override
    protected RateStore another(TimeSource time) {
        return new ToyRateStore(time, storage);
    }
}
