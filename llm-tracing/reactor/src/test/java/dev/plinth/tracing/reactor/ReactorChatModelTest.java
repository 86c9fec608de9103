package dev.plinth.tracing.reactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.plinth.api.chat.AbstractChatStream;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.chat.StreamEvent.TextDelta;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.testkit.Reply;
import dev.plinth.api.testkit.ScriptedChatModel;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

class ReactorChatModelTest {

    private static final ChatRequest HI = ChatRequest.of("Hi");

    private final Scheduler scheduler = Schedulers.newBoundedElastic(4, 100, "test");
    private final Traces traces = new Traces();

    @AfterEach
    void stop() {
        scheduler.dispose();
    }

    private ReactorChatModel reactive(ChatModel model) {
        return ReactorChatModel.of(model, scheduler);
    }

    @Test
    void asksWhenSubscribedAndForEverySubscriber() {
        ScriptedChatModel model = ScriptedChatModel.of("one", "two", "three");
        Mono<ChatResponse> answer = reactive(model).chat(HI);
        assertThat(model.requests()).isEmpty();
        assertThat(answer.block().text()).isEqualTo("one");
        assertThat(answer.block().text()).isEqualTo("two");
        assertThat(text(reactive(model).stream(HI).collectList().block())).isEqualTo("three");
    }

    private static String text(List<StreamEvent> events) {
        StringBuilder text = new StringBuilder();
        for (StreamEvent event : events) {
            if (event instanceof TextDelta delta) {
                text.append(delta.text());
            }
        }
        assertThat(events.get(events.size() - 1)).isInstanceOf(StreamEvent.Finished.class);
        return text.toString();
    }

    @Test
    void errorsStayWhatTheyAre() {
        ReactorChatModel limited =
                reactive(ScriptedChatModel.of(Reply.error(() -> new RateLimitedException("requests: too many"))));
        assertThatThrownBy(() -> limited.chat(HI).block()).isExactlyInstanceOf(RateLimitedException.class);
        ReactorChatModel breaking = reactive(ScriptedChatModel.of(
                Reply.text("a b").cut("a", " b").breakingAfter(1, () -> new OverloadedException("server: busy"))));
        AtomicReference<Throwable> error = new AtomicReference<>();
        List<StreamEvent> before = breaking.stream(HI)
                .doOnError(error::set)
                .onErrorComplete()
                .collectList()
                .block();
        assertThat(before).hasSize(1);
        assertThat(error.get()).isExactlyInstanceOf(OverloadedException.class);
    }

    @Test
    void readsOnlyWhatIsAskedFor() throws Exception {
        Endless model = new Endless();
        List<StreamEvent> got = new ArrayList<>();
        CountDownLatch three = new CountDownLatch(3);
        BaseSubscriber<StreamEvent> subscriber = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                subscription.request(1);
            }

            @Override
            protected void hookOnNext(StreamEvent event) {
                got.add(event);
                three.countDown();
                if (got.size() == 1) {
                    request(2);
                }
            }
        };
        reactive(model).stream(HI).subscribe(subscriber);
        assertThat(three.await(60, TimeUnit.SECONDS)).isTrue();
        subscriber.cancel();
        assertThat(model.closed.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(got).hasSize(3);
        assertThat(model.read).hasValue(3);
    }

    @RepeatedTest(50)
    void cancellingClosesAStreamThatWaits() throws Exception {
        Endless model = new Endless();
        model.stallsAt = 2;
        CountDownLatch first = new CountDownLatch(1);
        AtomicReference<Object> signal = new AtomicReference<>();
        Disposable subscribed = reactive(traces.of(model)).stream(HI)
                .doOnError(signal::set) // above the subscriber, which hears nothing once it has cancelled
                .doOnComplete(() -> signal.set("completed"))
                .subscribe(event -> first.countDown());
        assertThat(first.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(model.waiting.await(60, TimeUnit.SECONDS)).isTrue();
        subscribed.dispose();
        assertThat(model.closed.getCount())
                .as("closed by the thread that cancels")
                .isZero();
        scheduler.disposeGracefully().block();
        assertThat(signal).hasValue(null);
        traces.assertNoOrphans();
        assertThat(traces.spans()).hasSize(1);
    }

    @Test
    void whoCancelsInTheLastEventHearsNoEnd() {
        AtomicReference<Object> signal = new AtomicReference<>();
        List<StreamEvent> events = reactive(ScriptedChatModel.of(Reply.text("a"))).stream(HI)
                .doOnComplete(() -> signal.set("completed"))
                .takeUntil(StreamEvent.Finished.class::isInstance)
                .collectList()
                .block();
        assertThat(text(events)).isEqualTo("a");
        assertThat(signal).hasValue(null);
    }

    @Test
    void aSubscriberThatThrowsClosesTheStream() throws Exception {
        Endless model = new Endless();
        CountDownLatch failed = new CountDownLatch(1);
        reactive(model).stream(HI).subscribe(new CoreSubscriber<>() {
            @Override
            public void onSubscribe(Subscription subscription) {
                subscription.request(1);
            }

            @Override
            public void onNext(StreamEvent event) {
                throw new IllegalStateException("subscriber");
            }

            @Override
            public void onError(Throwable failure) {
                failed.countDown();
            }

            @Override
            public void onComplete() {}
        });
        assertThat(failed.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(model.closed.getCount()).isZero();
    }

    @Test
    void aCheckedExceptionOfTheModelClosesTheStreamAndIsTheError() {
        Endless model = new Endless();
        IOException checked = new IOException("sneaked");
        AtomicReference<Throwable> error = new AtomicReference<>();
        model.failure = checked;
        reactive(model).stream(HI).doOnError(error::set).onErrorComplete().blockLast();
        assertThat(error).hasValue(checked);
        assertThat(model.closed.getCount()).isZero();
        assertThatThrownBy(() -> reactive(model).chat(HI).block(Duration.ofSeconds(60)))
                .hasCause(checked);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable failure) throws T {
        throw (T) failure;
    }

    @Test
    void cancellingInterruptsACallThatWaits() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        ChatModel waiting = new Endless() {
            @Override
            public ChatResponse chat(ChatRequest request) {
                started.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException expected) {
                    interrupted.countDown();
                }
                throw new OverloadedException("interrupted");
            }
        };
        Disposable subscribed = reactive(waiting).chat(HI).subscribe();
        assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();
        subscribed.dispose();
        assertThat(interrupted.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void belongsToTheContextOfTheSubscriber() {
        ReactorChatModel model = reactive(traces.of(ScriptedChatModel.of("one", "two")));
        try (Interaction interaction = Interaction.start("ask", CallContext.EMPTY)) {
            model.chat(HI)
                    .then(model.stream(HI).then())
                    .contextWrite(context -> context.put(CallContext.class, interaction.context()))
                    .block();
        }
        traces.assertNoOrphans();
        assertThat(traces.parents()).containsOnly(entry("ask", "-"), entry("chat scripted", "ask"));
        assertThat(traces.spans()).hasSize(3);
    }

    @Test
    void aWrittenContextWithoutAPlaceInATraceIsWithinTheSpanThatIsCurrent() {
        ReactorChatModel model = reactive(traces.of(ScriptedChatModel.of("one", "two")));
        CallContext written = CallContext.builder().session("s").build();
        Span get = traces.openTelemetry.getTracer("app").spanBuilder("GET").startSpan();
        try (io.opentelemetry.context.Scope scope = get.makeCurrent()) {
            model.chat(HI)
                    .contextWrite(context -> context.put(CallContext.class, written))
                    .block();
            model.stream(HI)
                    .contextWrite(context -> context.put(CallContext.class, written))
                    .blockLast();
        }
        get.end();
        traces.assertNoOrphans();
        assertThat(traces.parents()).containsOnly(entry("GET", "-"), entry("chat scripted", "GET"));
        assertThat(traces.spans().stream().map(SpanData::getTraceId).distinct()).hasSize(1);
        assertThat(traces.spans()).hasSize(3);
    }

    @Test
    void belongsElseToTheContextOfTheRequestOrOfTheThread() {
        ReactorChatModel model = reactive(traces.of(ScriptedChatModel.of("one", "two")));
        try (Interaction interaction = Interaction.start("ask", CallContext.EMPTY)) {
            model.chat(HI.toBuilder().context(interaction.context()).build()).block();
            interaction.context().run(() -> model.stream(HI).blockLast());
        }
        traces.assertNoOrphans();
        assertThat(traces.spans()).hasSize(3);
        assertThat(traces.parents()).containsOnly(entry("ask", "-"), entry("chat scripted", "ask"));
    }

    @Test
    void aContextSetOnTheRequestWinsWhateverIsCurrentAndWrittenAround() {
        ScriptedChatModel model =
                ScriptedChatModel.builder().otherwise(asked -> Reply.text("ok")).build();
        CallContext own = CallContext.builder().session("own").build();
        CallContext other = CallContext.builder().session("other").build();
        ChatRequest request = HI.toBuilder().context(own).build();
        for (boolean hooks : List.of(false, true)) {
            if (hooks) {
                Hooks.enableAutomaticContextPropagation();
            }
            try {
                other.run(() -> reactive(model).chat(request).block());
                other.run(() -> reactive(model).stream(request).blockLast());
                CallContext.EMPTY
                        .captured()
                        .run(() -> reactive(model).chat(request).block());
                reactive(model)
                        .chat(request)
                        .contextWrite(context -> context.put(CallContext.class, other))
                        .block();
            } finally {
                Hooks.disableAutomaticContextPropagation();
            }
        }
        assertThat(model.requests())
                .hasSize(8)
                .allMatch(asked -> asked.context().session().equals(own.session()));
    }

    /** Streams without an end; waits at an event if told so. */
    static class Endless implements ChatModel {
        final AtomicInteger read = new AtomicInteger();
        final CountDownLatch waiting = new CountDownLatch(1);
        final CountDownLatch closed = new CountDownLatch(1);
        int stallsAt = Integer.MAX_VALUE;
        Throwable failure;

        @Override
        public ChatResponse chat(ChatRequest request) {
            if (failure != null) {
                ReactorChatModelTest.<RuntimeException>sneak(failure);
            }
            return ChatResponse.of("ok");
        }

        @Override
        public ChatStream stream(ChatRequest request) {
            return new AbstractChatStream() {
                @Override
                protected StreamEvent advance() {
                    if (failure != null) {
                        ReactorChatModelTest.<RuntimeException>sneak(failure);
                    }
                    if (read.incrementAndGet() >= stallsAt) {
                        waiting.countDown();
                        try {
                            closed.await();
                        } catch (InterruptedException interruption) {
                            throw new IllegalStateException(interruption);
                        }
                        throw new IllegalStateException("closed");
                    }
                    return new TextDelta("a");
                }

                @Override
                protected void release() {
                    closed.countDown();
                }
            };
        }

        @Override
        public ModelInfo info() {
            return ModelInfo.local("test", "endless");
        }
    }

    @Test
    void manyAtOnceStayApart() {
        ScriptedChatModel model = ScriptedChatModel.builder()
                .otherwise(request -> Reply.text(request.messages().get(0).text()))
                .build();
        List<String> answers = Flux.range(0, 50)
                .flatMapSequential(i -> reactive(model).stream(ChatRequest.of("q" + i))
                        .collectList()
                        .map(ReactorChatModelTest::text))
                .collectList()
                .block();
        assertThat(answers).hasSize(50).doesNotHaveDuplicates();
        assertThat(answers.get(49)).isEqualTo("q49");
    }
}
