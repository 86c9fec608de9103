package dev.plinth.providers.limit;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.limit.RateStore;
import dev.plinth.api.time.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;

/** What {@link RateLimits} was built with, as far as it decides who waits. */
record Settings(
        Limit each,
        Map<String, Limit> named,
        Function<? super CallContext, String> key,
        Function<? super CallContext, String> tenant,
        RateStore store,
        Duration maxWait,
        TimeSource time) {}
