package dev.plinth.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.cache.ResponseCache;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Step;
import dev.plinth.api.context.Step.CacheLookup.Result;
import dev.plinth.api.testkit.Reply;
import dev.plinth.api.testkit.ScriptedChatModel;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every look into the cache is told to the call's context, with what it saved. */
class CacheStepsTest {

    private static final Cost CENT =
            new Cost(new BigDecimal("0.01"), Currency.getInstance("EUR"), LocalDate.of(2026, 11, 1));
    private static final ChatResponse ANSWER = ChatResponse.of("hello").toBuilder()
            .usage(Usage.of(10, 5))
            .cost(CENT)
            .build();

    private final TestTime time = TestTime.manual();
    private final List<Step> steps = new ArrayList<>();
    private final ChatRequest request = ChatRequest.builder()
            .user("hi")
            .context(CallContext.builder()
                    .attachment(Step.Listener.class, steps::add)
                    .build())
            .build();

    private ChatModel caching(ResponseCache cache) {
        return ResponseCaching.builder(cache)
                .time(time)
                .build()
                .around(ScriptedChatModel.of(Reply.of(ANSWER), Reply.of(ANSWER)));
    }

    @Test
    void aMissSavesNothingAndAHitWhatTheFirstCallUsed() {
        ChatModel cached = caching(CaffeineResponseCache.ofEntries(10, time));
        cached.chat(request);
        cached.chat(request);
        cached.stream(request).response();
        assertThat(steps)
                .containsExactly(
                        lookup(Result.MISS, Usage.NONE, null),
                        lookup(Result.HIT, Usage.of(10, 5), CENT),
                        lookup(Result.HIT, Usage.of(10, 5), CENT));
    }

    @Test
    void whatIsNeverCachedIsNoLook() {
        caching(CaffeineResponseCache.ofEntries(10, time))
                .chat(request.toBuilder().temperature(1).build());
        assertThat(steps).isEmpty();
    }

    @Test
    void aStoreThatFailsIsNoMiss() {
        caching(new BrokenCache()).chat(request);
        assertThat(steps).containsExactly(lookup(Result.FAILED, Usage.NONE, null));
    }

    private static Step lookup(Result result, Usage saved, Cost cost) {
        return new Step.CacheLookup("answers", result, TestTime.START, Duration.ZERO, saved, cost);
    }
}
