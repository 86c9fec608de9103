package dev.plinth.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.StreamEvent.Finished;
import dev.plinth.api.chat.StreamEvent.TextDelta;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import io.opentelemetry.api.trace.Span;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The ways on which work gets to other threads: the spans there belong where the work was handed over. */
class OtherThreadsTest {

    private final Recording recording = new Recording();
    private final ChatModel model = recording.layer().around(new FakeChat("m", request -> {
        recording.within("HTTP POST", () -> {});
        return ChatResponse.of("ok");
    }));
    private final ExecutorService pool = Executors.newFixedThreadPool(2);

    @AfterEach
    void stop() {
        pool.shutdownNow();
    }

    @Test
    void aSharedExecutorCarriesTheSpanOfTheSubmitter() {
        ExecutorService shared = CallContext.carrying(pool);
        ask(() -> recording.within("own work", () -> join(shared.submit(this::work))));
        assertWorkIsWithin("own work");
    }

    @Test
    void aWrappedExecutorCarriesTheSpanOfItsContext() {
        ask(() -> recording.within(
                "own work",
                () -> join(CallContext.current().captured().wrap(pool).submit(this::work))));
        assertWorkIsWithin("own work");
    }

    @Test
    void theContextAloneCarriesTheCallAround() {
        ask(() -> recording.within(
                "own work", () -> join(CallContext.current().wrap(pool).submit(this::work))));
        assertWorkIsWithin("chat outer");
    }

    @Test
    void completableFuturesRunOnAnExecutorThatCarries() {
        ask(() -> CompletableFuture.supplyAsync(() -> "hi", CallContext.carrying(pool))
                .thenAcceptAsync(said -> work(), CallContext.carrying(pool))
                .join());
        assertWorkIsWithin("chat outer");
    }

    @Test
    void scheduledWorkIsWrapped() {
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        try {
            ask(() -> join(
                    scheduler.schedule(CallContext.current().captured().wrap(this::work), 1, TimeUnit.MILLISECONDS)));
        } finally {
            scheduler.shutdownNow();
        }
        assertWorkIsWithin("chat outer");
    }

    @Test
    void virtualThreadsCarryIt() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "virtual threads: from Java 21 on");
        ExecutorService virtual = (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        try {
            ask(() -> recording.within(
                    "own work", () -> join(CallContext.carrying(virtual).submit(this::work))));
        } finally {
            virtual.shutdownNow();
        }
        assertWorkIsWithin("own work");
    }

    @Test
    void parallelStreamsCarryItElementByElement() {
        ask(() -> {
            CallContext context = CallContext.current().captured();
            IntStream.range(0, 32)
                    .parallel()
                    .forEach(each -> context.run(() -> {
                        Span.current().addEvent("element");
                    }));
        });
        assertThat(recording.named("chat outer").getEvents()).hasSize(32);
        assertThat(Span.current().getSpanContext().isValid()).isFalse();
    }

    @Test
    void callbacksOfAnHttpClientAreWrapped() {
        OkHttpClient client = new OkHttpClient();
        try (StubServer server = StubServer.start()) {
            server.enqueue(StubAnswer.json(200, "{}"));
            Request request =
                    new Request.Builder().url(server.url("/").toString()).build();
            ask(() -> {
                CallContext context = CallContext.current().captured();
                CompletableFuture<Void> done = new CompletableFuture<>();
                client.newCall(request).enqueue(new Callback() {
                    @Override
                    public void onResponse(Call call, Response response) {
                        response.close();
                        context.run(OtherThreadsTest.this::work);
                        done.complete(null);
                    }

                    @Override
                    public void onFailure(Call call, IOException failure) {
                        done.completeExceptionally(failure);
                    }
                });
                done.join();
            });
        } finally {
            client.dispatcher().executorService().shutdownNow();
            client.connectionPool().evictAll();
        }
        assertWorkIsWithin("chat outer");
    }

    @Test
    void aStreamReadElsewhereIsTheSameCallWhateverTheReaderDoes() {
        ChatModel streaming = recording
                .layer()
                .around(new FakeChat("s", request -> ChatResponse.of("")).streaming(request -> {
                    List<String> names = List.of("read 1", "read 2");
                    return FakeChat.events(IntStream.range(0, 2)
                            .mapToObj(i -> {
                                return i == 0 ? new TextDelta("a") : new Finished(ChatResponse.of("a"));
                            })
                            .peek(event -> recording.within(names.get(event instanceof Finished ? 1 : 0), () -> {}))
                            .iterator());
                }));
        ChatStream stream = streaming.stream(ChatRequest.of("hi"));
        join(pool.submit(() -> recording.within("reader", stream::response)));
        assertThat(recording.parents())
                .containsOnly(
                        entry("chat s", "-"),
                        entry("reader", "-"),
                        entry("read 1", "chat s"),
                        entry("read 2", "chat s"));
    }

    @Test
    void aStreamClosedElsewhereEndsItsSpanAndNoOther() {
        ChatModel streaming = recording.layer().around(new FakeChat("s", request -> ChatResponse.of("a b")));
        ask(() -> {
            ChatStream stream = streaming.stream(ChatRequest.of("hi"));
            stream.iterator().next();
            join(pool.submit(() -> recording.within("closer", stream::close)));
        });
        assertThat(recording.parents())
                .containsOnly(
                        entry("ask", "-"),
                        entry("chat outer", "ask"),
                        entry("chat s", "chat outer"),
                        entry("closer", "-"));
        assertThat(recording.named("chat s").getAttributes().get(PlinthAttributes.CANCELLED))
                .isTrue();
        assertThat(recording.openSpans()).isZero();
    }

    /** A call of a model that does this, within an interaction. */
    private void ask(Runnable work) {
        ChatModel outer = recording.layer().around(new FakeChat("outer", request -> {
            work.run();
            return ChatResponse.of("ok");
        }));
        try (Interaction interaction = Interaction.start("ask", CallContext.EMPTY)) {
            interaction.context().run(() -> outer.chat(ChatRequest.of("hi")));
        }
    }

    private void work() {
        model.chat(ChatRequest.of("hi"));
        recording.within("SELECT", () -> {});
    }

    private void assertWorkIsWithin(String span) {
        recording.assertOneWholeTree();
        assertThat(recording.parents())
                .contains(entry("chat m", span), entry("HTTP POST", "chat m"), entry("SELECT", span));
    }

    private static void join(Future<?> future) {
        try {
            future.get(60, TimeUnit.SECONDS);
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}
