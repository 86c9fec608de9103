package dev.plinth.providers.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.ForwardingChatModel;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.error.TransportException;
import dev.plinth.api.limit.Rate;
import dev.plinth.api.limit.RateStore;
import dev.plinth.api.testkit.Reply;
import dev.plinth.api.testkit.ScriptedChatModel;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.usage.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class LimiterPropertiesTest {

    /** Of so many at the same moment exactly as many pass as the limit allows; the others know it at once. */
    @Property(tries = 30)
    void exactlySoManyPass(
            @ForAll @IntRange(min = 1, max = 12) int allowed, @ForAll @IntRange(min = 1, max = 24) int callers)
            throws Exception {
        TestTime time = TestTime.manual();
        RateLimits limits = RateLimits.builder()
                .each(Limit.builder().requestsPerMinute(allowed).build())
                .maxWait(Duration.ofSeconds(1)) // less than anything takes to come back
                .time(time)
                .build();
        ScriptedChatModel scripted = ScriptedChatModel.builder()
                .otherwise(request -> Reply.text("yes"))
                .build();
        ChatModel model = limits.around(scripted);
        CountDownLatch ready = new CountDownLatch(callers);
        List<Calls.Running<Boolean>> calls = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            CallContext context = Calls.team("team-" + i % 3);
            calls.add(Calls.start(() -> {
                ready.countDown();
                ready.await();
                try {
                    model.chat(ChatRequest.builder().user("x").context(context).build());
                    return true;
                } catch (RateLimitedException refused) {
                    return false;
                }
            }));
        }
        int passed = 0;
        for (Calls.Running<Boolean> call : calls) {
            passed += call.end() ? 1 : 0;
        }
        assertThat(scripted.requests()).hasSize(passed);
        assertThat(passed).isEqualTo(Math.min(allowed, callers));
        assertThat(limits.running()).isZero();
    }

    /** A store that adds up what is really taken. */
    private static final class Ledger implements RateStore {
        private final InMemoryRateStore store;
        private final AtomicLong requests = new AtomicLong();
        private final AtomicLong tokens = new AtomicLong();

        Ledger(TestTime time) {
            this.store = new InMemoryRateStore(time);
        }

        @Override
        public Duration take(String bucket, Rate rate, long amount) {
            Duration wait = store.take(bucket, rate, amount);
            if (wait.isZero()) {
                sum(bucket).addAndGet(amount);
            }
            return wait;
        }

        @Override
        public void settle(String bucket, Rate rate, long amount) {
            store.settle(bucket, rate, amount);
            sum(bucket).addAndGet(-amount);
        }

        private AtomicLong sum(String bucket) {
            return bucket.endsWith("/requests") ? requests : tokens;
        }

        @Override
        public void close() {
            store.close();
        }
    }

    /** What is counted in the end is what was used, whatever became of the calls; and nobody keeps a place. */
    @Property(tries = 200)
    void whatIsTakenIsWhatWasUsed(@ForAll @Size(max = 40) List<@IntRange(max = 8) Integer> fates, @ForAll long seed) {
        TestTime time = TestTime.autoAdvancing();
        Random random = new Random(seed);
        Ledger ledger = new Ledger(time);
        RateLimits limits = RateLimits.builder()
                .each(Limit.builder()
                        .requestsPerMinute(5)
                        .tokensPerMinute(500)
                        .concurrent(3)
                        .build())
                .store(ledger)
                .time(time)
                .maxWait(Duration.ofMinutes(2))
                .build();
        List<Reply> next = new ArrayList<>();
        AtomicInteger sent = new AtomicInteger();
        ChatModel model = limits.around(ScriptedChatModel.builder()
                .time(time)
                .otherwise(request -> {
                    sent.incrementAndGet();
                    return next.get(0);
                })
                .build());
        long used = 0;
        for (int fate : fates) {
            int estimate = random.nextInt(1, 800);
            int reported = random.nextInt(0, 300);
            long counted = Math.min(estimate + 1, 500);
            next.clear();
            int before = sent.get();
            switch (fate) {
                case 0, 1, 2 -> next.add(Reply.text("a b c").usage(Usage.of(reported, 3)));
                case 3 -> next.add(Reply.text("a b c"));
                case 4 -> next.add(Reply.error(() -> new OverloadedException("busy")));
                case 5 -> next.add(Reply.error(() -> new TransportException("reset")));
                case 6 -> next.add(Reply.text("a b c").breakingAfter(1, () -> new OverloadedException("busy")));
                case 7 -> next.add(Reply.text("a b c").truncatedAfter(2));
                default -> next.add(Reply.text("a b c").usage(Usage.of(reported, 3)));
            }
            boolean streamed = random.nextBoolean();
            ChatRequest request = Calls.request("x", estimate, CallContext.EMPTY);
            try {
                if (!streamed) {
                    model.chat(request);
                } else {
                    ChatStream stream = model.stream(request);
                    if (fate == 8) {
                        stream.iterator().next();
                        stream.close();
                    } else {
                        stream.response();
                    }
                }
            } catch (LlmException expected) {
                // the sums below tell whether it was accounted for
            }
            if (sent.get() > before) {
                used += switch (fate) {
                    case 0, 1, 2 -> reported + 3;
                    case 4 -> 0;
                    case 6 -> streamed ? counted : 0;
                    case 8 -> streamed ? counted : reported + 3;
                    default -> counted;
                };
            }
            assertThat(limits.running()).isZero();
            assertThat(ledger.tokens).hasValue(used);
            assertThat(ledger.requests).hasValue(sent.get());
        }
    }

    /** Many at once, with all kinds of ends, interruptions and deadlines: nobody keeps a place, and nothing is lost. */
    @Property(tries = 15)
    void noPlaceIsLostOrDoubled(@ForAll long seed) throws Exception {
        TestTime time = TestTime.manual();
        Random random = new Random(seed);
        Ledger ledger = new Ledger(time);
        RateLimits limits = RateLimits.builder()
                .each(Limit.builder()
                        .requestsPerMinute(20)
                        .tokensPerMinute(2_000)
                        .concurrent(2)
                        .build())
                .store(ledger)
                .time(time)
                .maxWait(Duration.ofMinutes(5))
                .build();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger sent = new AtomicInteger();
        ChatModel scripted = ScriptedChatModel.builder()
                .otherwise(request -> Reply.text("a b c").usage(Usage.of(20, 30)))
                .build();
        ChatModel model = limits.around(new ForwardingChatModel(scripted) {
            @Override
            public ChatResponse chat(ChatRequest request) {
                sent.incrementAndGet(); // also what is given up at once, since it was interrupted or is too late
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                try {
                    Thread.yield();
                    return super.chat(request);
                } finally {
                    running.decrementAndGet();
                }
            }

            @Override
            public ChatStream stream(ChatRequest request) {
                sent.incrementAndGet();
                return super.stream(request);
            }
        });
        model.chat(Calls.request("x", 100, CallContext.EMPTY)); // no time passes before one is answered
        List<Calls.Running<Boolean>> calls = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Duration span = Duration.ofSeconds(random.nextInt(1, 200));
            CallContext context = Calls.team("team-" + random.nextInt(4)).until(Deadline.after(span, time));
            boolean streamed = random.nextBoolean();
            calls.add(Calls.start(() -> {
                try {
                    ChatRequest request = Calls.request("x", 100, context);
                    if (streamed) {
                        model.stream(request).response();
                    } else {
                        model.chat(request);
                    }
                    return true;
                } catch (LlmException refusedOrInterrupted) {
                    return false;
                }
            }));
            if (random.nextInt(5) == 0) {
                calls.get(random.nextInt(calls.size())).interrupt();
            }
        }
        for (Calls.Running<Boolean> call : calls) {
            while (!call.isDone()) {
                time.advance(Duration.ofMillis(500));
                Thread.yield();
            }
            call.end();
        }
        assertThat(most.get()).isLessThanOrEqualTo(2);
        assertThat(limits.running()).isZero();
        assertThat(ledger.requests.get()).isEqualTo(sent.get());
    }
}
