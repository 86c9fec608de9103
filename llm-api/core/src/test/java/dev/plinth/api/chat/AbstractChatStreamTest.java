package dev.plinth.api.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.TransportException;
import dev.plinth.api.fake.FakeStream;
import dev.plinth.api.usage.Usage;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AbstractChatStreamTest {
    @Test
    void endsOnceAndReleasesOnce() {
        FakeStream stream = new FakeStream().text("Hel").text("lo").finished("Hello");
        List<StreamEvent> events = new ArrayList<>();
        stream.forEach(events::add);
        assertThat(events).hasSize(3).last().isInstanceOf(StreamEvent.Finished.class);
        assertThat(stream.releases).hasValue(1);
        assertThat(stream.response().text()).isEqualTo("Hello");
        assertThat(stream.response()).isSameAs(stream.response());
        stream.close();
        stream.close();
        assertThat(stream.releases).hasValue(1);
        assertThat(stream.response().text()).isEqualTo("Hello");
        assertThat(stream.iterator().hasNext()).isFalse();
        assertThatExceptionOfType(NoSuchElementException.class)
                .isThrownBy(() -> stream.iterator().next())
                .withMessage("stream: at its end (expected: hasNext())");
    }

    @Test
    void readsNothingBehindTheFinish() {
        FakeStream stream = new FakeStream().finished("Hello").failing(() -> new TransportException("late"));
        assertThat(stream.response().text()).isEqualTo("Hello");
        assertThat(stream.iterator().hasNext()).isFalse();
    }

    @Test
    void handsOverTextAndSkipsTheRest() {
        FakeStream stream = new FakeStream()
                .step(() -> new StreamEvent.ReasoningDelta("hm"))
                .text("a")
                .step(() -> new StreamEvent.Other("ping", "{}"))
                .text("b")
                .finished("ab");
        StringBuilder heard = new StringBuilder();
        assertThat(stream.onText(heard::append)).isSameAs(stream);
        assertThat(heard).hasToString("ab");
        assertThat(stream.partial()).isEqualTo("ab");
    }

    @Test
    void sinkThatThrowsLeavesTheStreamOpen() {
        FakeStream stream = new FakeStream().text("a").finished("a");
        assertThat(catchThrowable(() -> stream.onText(text -> {
                    throw new IllegalStateException("mine");
                })))
                .hasMessage("mine");
        assertThat(stream.releases).hasValue(0);
        assertThat(stream.response().text()).isEqualTo("a");
    }

    @Test
    void failureCarriesWhatHadArrivedAndIsThrownAgain() {
        FakeStream stream = new FakeStream().text("Hel").failing(() -> new TransportException("connection: reset"));
        LlmException first = catchThrowableOfType(TransportException.class, stream::response);
        assertThat(first.partialText()).isEqualTo("Hel");
        assertThat(first.partialUsage()).isEqualTo(Usage.UNKNOWN);
        assertThat(first.getMessage()).isEqualTo("connection: reset");
        assertThat(stream.releases).hasValue(1);
        assertThat(catchThrowable(stream::response)).isSameAs(first);
        assertThat(catchThrowable(() -> stream.iterator().hasNext())).isSameAs(first);
        stream.close();
        assertThat(catchThrowable(stream::response)).isSameAs(first);
        assertThat(stream.releases).hasValue(1);
    }

    @Test
    void keepsThePartialTextOfAStreamNearerToTheWire() {
        FakeStream stream = new FakeStream()
                .text("unmasked")
                .failing(() -> new TransportException("x").setPartial("masked", Usage.of(1, 2)));
        LlmException error = catchThrowableOfType(TransportException.class, stream::response);
        assertThat(error.partialText()).isEqualTo("masked");
        assertThat(error.partialUsage()).isEqualTo(Usage.of(1, 2));
    }

    @Test
    void otherFailuresPassUnchanged() {
        IllegalStateException bug = new IllegalStateException("bug");
        FakeStream stream = new FakeStream().text("a").failing(() -> bug);
        assertThat(catchThrowable(stream::response)).isSameAs(bug);
        assertThat(stream.releases).hasValue(1);
    }

    @Test
    void endWithoutAFinishIsAnError() {
        FakeStream stream = new FakeStream().text("Hel");
        assertThatExceptionOfType(MalformedResponseException.class)
                .isThrownBy(stream::response)
                .withMessage("stream: ended without a finish (expected: Finished)")
                .satisfies(error -> assertThat(error.partialText()).isEqualTo("Hel"));
        assertThat(stream.releases).hasValue(1);
    }

    @Test
    void closedEarlyIsCancelled() {
        FakeStream stream = new FakeStream().text("a").text("b").finished("ab");
        assertThat(stream.iterator().next()).isEqualTo(new StreamEvent.TextDelta("a"));
        stream.close();
        assertThat(stream.releases).hasValue(1);
        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(CancelledException.class)
                    .isThrownBy(stream::response)
                    .withMessage("stream: closed (expected: open until its end)")
                    .satisfies(error -> assertThat(error.partialText()).isEqualTo("a"));
        }
    }

    @Test
    void closeFromAnotherThreadEndsAWait() throws Exception {
        FakeStream stream = new FakeStream().text("a").stalled();
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        new Thread(() -> thrown.complete(catchThrowable(stream::response))).start();
        stream.waiting.await();
        stream.close();
        Throwable end = thrown.get(30, TimeUnit.SECONDS);
        assertThat(end).isInstanceOf(CancelledException.class).hasRootCauseMessage("socket closed");
        assertThat(((CancelledException) end).partialText()).isEqualTo("a");
        assertThat(stream.releases).hasValue(1);
    }

    /** Whatever the moment, a stream that is read and closed at once ends in one of two ways and is released once. */
    @Property(tries = 300, generation = GenerationMode.RANDOMIZED)
    void anyMomentToCloseIsFine(@ForAll @IntRange(max = 20) int events) throws Exception {
        FakeStream stream = new FakeStream();
        for (int i = 0; i < events; i++) {
            stream.text("x");
        }
        stream.finished("x".repeat(events));
        CyclicBarrier start = new CyclicBarrier(2);
        Thread closer = new Thread(() -> {
            try {
                start.await();
            } catch (Exception exception) {
                throw new IllegalStateException(exception);
            }
            stream.close();
        });
        closer.start();
        start.await();
        Throwable thrown = catchThrowable(stream::response);
        closer.join();
        assertThat(stream.releases).hasValue(1);
        if (thrown == null) {
            assertThat(stream.response().text()).hasSize(events);
        } else {
            assertThat(thrown).isInstanceOf(CancelledException.class);
            assertThat(catchThrowable(stream::response)).isSameAs(thrown);
        }
    }

    @Test
    void iteratorsShareOneCursor() {
        FakeStream stream = new FakeStream().text("a").text("b").finished("ab");
        Iterator<StreamEvent> one = stream.iterator();
        assertThat(one.next()).isEqualTo(new StreamEvent.TextDelta("a"));
        assertThat(stream.iterator().next()).isEqualTo(new StreamEvent.TextDelta("b"));
        assertThat(one.next()).isInstanceOf(StreamEvent.Finished.class);
    }
}
