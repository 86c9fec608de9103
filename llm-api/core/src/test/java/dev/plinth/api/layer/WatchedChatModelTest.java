package dev.plinth.api.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.ForwardingChatModel;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.error.TransportException;
import dev.plinth.api.fake.FakeModel;
import dev.plinth.api.fake.FakeStream;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class WatchedChatModelTest {
    private static final ChatRequest HELLO = ChatRequest.of("Hello");

    /** Writes down what it is told. */
    private static class Log implements ChatWatch {
        final List<String> told = new CopyOnWriteArrayList<>();

        @Override
        public void event(StreamEvent event) {
            told.add(event instanceof StreamEvent.TextDelta delta ? delta.text() : "event");
        }

        @Override
        public void done(ChatResponse response) {
            told.add("done " + response.text());
        }

        @Override
        public void failed(Throwable exception) {
            told.add("failed " + exception.getClass().getSimpleName());
        }

        @Override
        public void cancelled(CancelledException why) {
            told.add("cancelled");
        }

        List<String> ends() {
            return told.stream()
                    .filter(line ->
                            line.startsWith("done") || line.startsWith("failed") || line.startsWith("cancelled"))
                    .toList();
        }
    }

    private final Log log = new Log();

    private ChatModel watched(Supplier<? extends ChatStream> streams) {
        ChatModel model = new ForwardingChatModel(FakeModel.of("Hi")) {
            @Override
            public ChatStream stream(ChatRequest request) {
                return streams.get();
            }
        };
        return ChatWatch.around(model, request -> log);
    }

    @Test
    void plainCallsEndOnce() {
        ChatModel model = ChatWatch.around(FakeModel.of("Hi"), request -> log);
        assertThat(model.chat(HELLO).text()).isEqualTo("Hi");
        assertThat(log.told).containsExactly("done Hi");
    }

    @Test
    void failedCallsEndOnce() {
        OverloadedException error = new OverloadedException("later");
        ChatModel failing = new FakeModel(request -> {
            throw error;
        });
        ChatModel model = ChatWatch.around(failing, request -> log);
        assertThat(catchThrowable(() -> model.chat(HELLO))).isSameAs(error);
        assertThat(log.told).containsExactly("failed OverloadedException");
        assertThat(catchThrowable(() -> model.stream(HELLO))).isSameAs(error);
        assertThat(log.told).containsExactly("failed OverloadedException", "failed OverloadedException");
    }

    @Test
    void errorsOfTheMachineAreAnEndToo() {
        ChatModel failing = new FakeModel(request -> {
            throw new StackOverflowError();
        });
        ChatModel model = ChatWatch.around(failing, request -> log);
        assertThat(catchThrowable(() -> model.chat(HELLO))).isInstanceOf(StackOverflowError.class);
        assertThat(log.told).containsExactly("failed StackOverflowError");
    }

    @Test
    void anInterruptedCallWasGivenUp() {
        ChatModel interrupted = new FakeModel(request -> {
            throw new CancelledException("thread: interrupted");
        });
        ChatModel model = ChatWatch.around(interrupted, request -> log);
        assertThat(catchThrowable(() -> model.chat(HELLO))).isInstanceOf(CancelledException.class);
        assertThat(log.told).containsExactly("cancelled");
    }

    @Test
    void streamsTellEventsAndTheirFinish() {
        FakeStream inner = new FakeStream().text("a").text("b").finished("ab");
        ChatStream stream = watched(() -> inner).stream(HELLO);
        assertThat(stream.response().text()).isEqualTo("ab");
        stream.close();
        assertThat(log.told).containsExactly("a", "b", "done ab");
        assertThat(inner.releases).hasValue(1);
    }

    @Test
    void brokenStreamsFail() {
        FakeStream inner = new FakeStream().text("a").failing(() -> new TransportException("reset"));
        ChatStream stream = watched(() -> inner).stream(HELLO);
        assertThatThrownBy(stream::response)
                .isInstanceOfSatisfying(
                        TransportException.class,
                        error -> assertThat(error.partialText()).isEqualTo("a"));
        stream.close();
        assertThat(log.told).containsExactly("a", "failed TransportException");
    }

    @Test
    void truncatedStreamsFail() {
        ChatStream stream = watched(() -> new FakeStream().text("a")).stream(HELLO);
        assertThatThrownBy(stream::response).isInstanceOf(MalformedResponseException.class);
        assertThat(log.told).containsExactly("a", "failed MalformedResponseException");
    }

    @Test
    void closedStreamsAreCancelled() {
        FakeStream inner = new FakeStream().text("a").finished("a");
        ChatStream stream = watched(() -> inner).stream(HELLO);
        stream.iterator().next();
        stream.close();
        stream.close();
        assertThatThrownBy(stream::response).isInstanceOf(CancelledException.class);
        assertThat(log.told).containsExactly("a", "cancelled");
        assertThat(inner.releases).hasValue(1);
    }

    @Test
    void closingFromAnotherThreadEndsAWaitAndIsACancellation() throws Exception {
        FakeStream inner = new FakeStream().stalled();
        ChatStream stream = watched(() -> inner).stream(HELLO);
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        new Thread(() -> thrown.complete(catchThrowable(stream::response))).start();
        inner.waiting.await();
        stream.close();
        assertThat(thrown.get(30, TimeUnit.SECONDS)).isInstanceOf(CancelledException.class);
        assertThat(log.told).containsExactly("cancelled");
    }

    @Test
    void interruptedStreamsAreCancelled() {
        FakeStream inner = new FakeStream().failing(() -> new CancelledException("thread: interrupted"));
        ChatStream stream = watched(() -> inner).stream(HELLO);
        assertThatThrownBy(stream::response).isInstanceOf(CancelledException.class);
        assertThat(log.told).containsExactly("cancelled");
    }

    @Test
    void whatAWatchThrowsIsThrownAndTheStreamReleased() {
        FakeStream inner = new FakeStream().text("a").finished("a");
        Log throwing = new Log() {
            @Override
            public void event(StreamEvent event) {
                throw new IllegalStateException("guard");
            }
        };
        ChatModel model = new ForwardingChatModel(FakeModel.of("x")) {
            @Override
            public ChatStream stream(ChatRequest request) {
                return inner;
            }
        };
        ChatStream stream = ChatWatch.around(model, request -> throwing).stream(HELLO);
        assertThatThrownBy(stream::response).hasMessage("guard");
        assertThat(inner.releases).hasValue(1);
        assertThat(throwing.ends()).hasSize(1);
    }

    @Test
    void endIsToldEvenIfTheInnerStreamFailsToClose() {
        ChatStream inner = new FakeStream() {
            @Override
            protected void release() {
                throw new IllegalStateException("close");
            }
        };
        ChatStream stream = watched(() -> inner).stream(HELLO);
        assertThatThrownBy(stream::close).hasMessage("close");
        assertThat(log.told).containsExactly("cancelled");
    }

    @Test
    void whatAnInnerWatchThrowsIsAFailureForThoseAround() {
        for (boolean atTheEnd : new boolean[] {false, true}) {
            Log around = new Log();
            Log within = new Log() {
                @Override
                public void event(StreamEvent event) {
                    if (!atTheEnd) {
                        throw new IllegalStateException("budget");
                    }
                }

                @Override
                public void done(ChatResponse response) {
                    throw new IllegalStateException("store down");
                }
            };
            FakeStream inner = new FakeStream().text("a").finished("a");
            ChatModel model = new ForwardingChatModel(FakeModel.of("a")) {
                @Override
                public ChatStream stream(ChatRequest request) {
                    return inner;
                }
            };
            ChatStream stream =
                    ChatWatch.around(ChatWatch.around(model, request -> within), request -> around).stream(HELLO);
            assertThat(catchThrowable(stream::response)).isInstanceOf(IllegalStateException.class);
            assertThat(around.ends()).containsExactly("failed IllegalStateException");
            assertThat(inner.releases).hasValue(1);
        }
    }

    /** The stream fails, and before the outer watch hears of it, the stream is closed. */
    @Test
    void aFailureThatIsClosedOnItsWayStaysAFailureForAll() throws Exception {
        CountDownLatch failed = new CountDownLatch(1);
        CountDownLatch closing = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        Log around = new Log();
        Log within = new Log() {
            @Override
            public void failed(Throwable failure) {
                super.failed(failure);
                failed.countDown();
                await(closing);
            }
        };
        Thread reader = Thread.currentThread();
        ChatStream broken = new ChatStream() {
            @Override
            public Iterator<StreamEvent> iterator() {
                return new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        throw new TransportException("reset");
                    }

                    @Override
                    public StreamEvent next() {
                        throw new TransportException("reset");
                    }
                };
            }

            @Override
            public ChatStream onText(Consumer<? super String> sink) {
                return this;
            }

            @Override
            public ChatResponse response() {
                throw new TransportException("reset");
            }

            @Override
            public void close() {
                if (Thread.currentThread() != reader) {
                    closing.countDown();
                    await(told);
                }
            }
        };
        ChatModel model = new ForwardingChatModel(FakeModel.of("x")) {
            @Override
            public ChatStream stream(ChatRequest request) {
                return broken;
            }
        };
        ChatStream stream =
                ChatWatch.around(ChatWatch.around(model, request -> within), request -> around).stream(HELLO);
        Thread closer = new Thread(() -> {
            await(failed);
            stream.close();
        });
        closer.start();
        assertThat(catchThrowable(stream::response)).isNotNull();
        told.countDown();
        closer.join();
        assertThat(within.ends()).containsExactly("failed TransportException");
        assertThat(around.ends()).isEqualTo(within.ends());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interruption) {
            throw new IllegalStateException(interruption);
        }
    }

    /** All interleavings of reading, closing and failing lead to exactly one end, the same for all who watch. */
    @Property(tries = 500, generation = GenerationMode.RANDOMIZED)
    void exactlyOneEndWhateverTheMoment(
            @ForAll @IntRange(max = 6) int events, @ForAll @IntRange(max = 2) int end, @ForAll boolean closeTwice)
            throws Exception {
        Log watch = new Log();
        FakeStream inner = new FakeStream();
        for (int i = 0; i < events; i++) {
            inner.text("x");
        }
        switch (end) {
            case 0 -> inner.finished("x".repeat(events));
            case 1 -> inner.failing(() -> new TransportException("reset"));
            default -> inner.stalled();
        }
        ChatModel model = new ForwardingChatModel(FakeModel.of("x")) {
            @Override
            public ChatStream stream(ChatRequest request) {
                return inner;
            }
        };
        List<Log> within = List.of(new Log(), new Log());
        for (Log each : within) {
            model = ChatWatch.around(model, request -> each);
        }
        ChatStream stream = ChatWatch.around(model, request -> watch).stream(HELLO);
        CyclicBarrier start = new CyclicBarrier(closeTwice ? 3 : 2);
        List<Thread> closers = new CopyOnWriteArrayList<>();
        for (int i = 0; i < (closeTwice ? 2 : 1); i++) {
            Thread closer = new Thread(() -> {
                await(start);
                stream.close();
            });
            closer.start();
            closers.add(closer);
        }
        await(start);
        Throwable thrown = catchThrowable(stream::response);
        for (Thread closer : closers) {
            closer.join();
        }
        assertThat(watch.ends()).hasSize(1);
        assertThat(within).allSatisfy(each -> assertThat(each.ends()).isEqualTo(watch.ends()));
        assertThat(inner.releases).hasValue(1);
        if (watch.ends().get(0).startsWith("done")) {
            assertThat(thrown).isNull();
        } else if (watch.ends().get(0).startsWith("failed")) {
            assertThat(thrown).isNotNull();
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception exception) {
            throw new IllegalStateException(exception);
        }
    }

    @Test
    void nextModelWorksInTheContextTheWatchGave() {
        CallContext given = CallContext.builder().session("given").build();
        List<String> seen = new CopyOnWriteArrayList<>();
        ChatModel inner = new FakeModel(request -> {
            seen.add("call " + CallContext.current().session().orElse("none"));
            return ChatResponse.of("Hi");
        });
        ChatModel stepping = new ForwardingChatModel(inner) {
            @Override
            public ChatStream stream(ChatRequest request) {
                next().chat(request);
                return new FakeStream()
                        .step(() -> {
                            seen.add("step " + CallContext.current().session().orElse("none"));
                            return new StreamEvent.TextDelta("Hi");
                        })
                        .finished("Hi");
            }
        };
        ChatModel model = ChatWatch.around(stepping, request -> new ChatWatch() {
            @Override
            public ChatRequest request(ChatRequest passed) {
                return passed.toBuilder().context(given).build();
            }
        });
        model.chat(HELLO);
        ChatStream stream = model.stream(HELLO);
        CallContext.builder().session("reader").build().run(stream::response);
        assertThat(seen).containsExactly("call given", "call given", "step given");
        assertThat(CallContext.current()).isSameAs(CallContext.EMPTY);
    }
}
