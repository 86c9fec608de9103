package dev.plinth.providers.limit;

import static dev.plinth.providers.limit.Calls.request;
import static dev.plinth.providers.limit.Calls.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.ForwardingChatModel;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.testkit.Reply;
import dev.plinth.api.testkit.ScriptedChatModel;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.api.usage.RateLimit;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A limiter that learns from what it lets through. */
class VendorReportsTest {

    private final TestTime time = TestTime.manual();
    private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
    private final RateLimits limits = RateLimits.builder().time(time).build();
    private final ChatModel model = limits.around(
            ScriptedChatModel.builder().otherwise(request -> replies.remove()).build());

    private void reply(long remaining, Duration reset) {
        replies.add(Reply.of(ChatResponse.of("yes").toBuilder()
                .rateLimits(List.of(new RateLimit("requests", 3L, remaining, reset)))
                .build()));
    }

    private RateLimitedException refused() {
        return catchThrowableOfType(
                RateLimitedException.class, () -> model.chat(request(within(Duration.ofSeconds(1), time))));
    }

    @Test
    void withNothingConfiguredTheVendorsLimitIsAdopted() {
        reply(1, Duration.ofSeconds(30));
        model.chat(request(CallContext.EMPTY));
        reply(0, Duration.ofSeconds(29));
        model.chat(request(CallContext.EMPTY));
        assertThat(refused().details().retryAfter()).contains(Duration.ofSeconds(29));
        time.advance(Duration.ofSeconds(29));
        for (int i = 0; i < 3; i++) {
            replies.add(Reply.text("no report"));
            model.chat(request(CallContext.EMPTY));
        }
        assertThat(refused()).isNotNull();
    }

    @Test
    void aReportThatMoreIsLeftWakesWhoWaits() throws Exception {
        reply(1, Duration.ofSeconds(50));
        model.chat(request(CallContext.EMPTY));
        reply(3, Duration.ofSeconds(50));
        ChatStream running = model.stream(request(CallContext.EMPTY));
        running.iterator().next();
        replies.add(Reply.text("yes"));
        Calls.Running<String> waiting = Calls.chat(model, request(CallContext.EMPTY));
        time.awaitSleepers(1);
        running.response();
        assertThat(waiting.end()).isEqualTo("yes");
        assertThat(time.now()).isEqualTo(TestTime.START);
    }

    @Test
    void aStreamsReportIsAsOldAsItsHead() {
        reply(0, Duration.ofSeconds(30));
        ChatStream slow = model.stream(request(CallContext.EMPTY));
        slow.iterator().next();
        time.advance(Duration.ofSeconds(20));
        slow.response();
        assertThat(refused().details().retryAfter()).contains(Duration.ofSeconds(10));
    }

    /** Closing reaches a stream that is being opened, and the place it had is free. */
    @Test
    void closingAStreamThatIsBeingOpened() throws Exception {
        CountDownLatch opening = new CountDownLatch(1);
        RateLimits one =
                RateLimits.builder().each(Limit.builder().concurrent(1).build()).build();
        ChatModel slow = one.around(new ForwardingChatModel(ScriptedChatModel.of("never")) {
            @Override
            public ChatStream stream(ChatRequest request) {
                opening.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException interruption) {
                    Thread.currentThread().interrupt();
                    throw new CancelledException("opening: interrupted (expected: time)");
                }
                throw new AssertionError("unreachable");
            }
        });
        ChatStream stream = slow.stream(request(CallContext.EMPTY));
        Calls.Running<Boolean> reading = Calls.start(() -> {
            assertThatThrownBy(stream::response).isInstanceOf(CancelledException.class);
            return Thread.interrupted();
        });
        opening.await();
        assertThat(one.running()).isEqualTo(1);
        stream.close();
        assertThat(reading.end()).as("interrupted").isFalse();
        assertThat(one.running()).isZero();
    }

    /** The context of the request, not that of the thread which reads, is there where the stream is opened. */
    @Test
    void streamsAreOpenedInTheContextOfTheirRequest() {
        CallContext context = Calls.team("asking");
        RateLimits none = RateLimits.builder().time(time).build();
        ChatModel looking = none.around(new ForwardingChatModel(ScriptedChatModel.of("yes")) {
            @Override
            public ChatStream stream(ChatRequest request) {
                assertThat(CallContext.current().principal()).isEqualTo(context.principal());
                assertThat(request.context().principal()).isEqualTo(context.principal());
                return super.stream(request);
            }
        });
        ChatStream stream = context.call(() -> looking.stream(ChatRequest.of("there?")));
        assertThat(stream.response().text()).isEqualTo("yes");
    }
}
