package dev.plinth.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.chat.StreamEvent.Finished;
import dev.plinth.api.chat.StreamEvent.TextDelta;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.api.context.Principal;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.time.TimeSource;
import dev.plinth.api.usage.Usage;
import dev.plinth.tracing.content.CaptureMode;
import dev.plinth.tracing.content.ContentCapture;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StreamSpanTest {

    private final Recording recording = new Recording();

    @Test
    void endsWhenReadToTheEnd() {
        ChatStream stream = open(new TextDelta("a"), new Finished(ChatResponse.of("a")));
        assertThat(recording.ended()).isEmpty();
        stream.response();
        stream.close();
        assertThat(recording.only().getAttributes().asMap())
                .containsEntry(GenAi.FINISH_REASONS, List.of("stop"))
                .doesNotContainKeys(PlinthAttributes.CANCELLED, GenAi.ERROR_TYPE);
    }

    @Test
    void theRulesForItsContentAreThoseOfItsStart() {
        ContentCapture capture = ContentCapture.builder(CaptureMode.FULL)
                .forTeam("payments", CaptureMode.METADATA)
                .build();
        CallContext payments = CallContext.builder()
                .principal(new Principal("app", "payments", null))
                .build();
        ChatModel model = Tracing.builder(recording.openTelemetry)
                .content(capture)
                .build()
                .layer()
                .around(new FakeChat("m", request -> ChatResponse.of("canary")));

        ChatStream stream = payments.call(() -> model.stream(ChatRequest.of("canary")));
        stream.response();

        assertThat(recording.only().toString()).doesNotContain("canary");
    }

    @Test
    void endsAsCancelledWhenClosedWhileAnotherThreadReads() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        ChatStream stream = open(new TextDelta("a"), null, new TextDelta("never"));
        Iterator<StreamEvent> events = stream.iterator();
        CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> {
            events.next();
            reading.countDown();
            events.next();
        });
        FakeChat.await(reading);
        stream.close();

        assertThatThrownBy(reader::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(CancelledException.class);
        SpanData span = recording.only();
        assertThat(span.getAttributes().asMap())
                .containsEntry(PlinthAttributes.CANCELLED, true)
                .doesNotContainKey(GenAi.ERROR_TYPE);
        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        assertThat(recording.openSpans()).isZero();
    }

    @Test
    void endsWithTheErrorAndWhatWasUsed() {
        Iterator<StreamEvent> failing = new Iterator<>() {
            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public StreamEvent next() {
                throw new OverloadedException("busy").setPartial("", Usage.of(10, 2));
            }
        };
        ChatStream stream = model(FakeChat.events(failing)).stream(ChatRequest.of("hi"));
        assertThatThrownBy(stream::response).isInstanceOf(OverloadedException.class);
        assertThatThrownBy(stream::response).isInstanceOf(OverloadedException.class);

        assertThat(recording.only().getAttributes().asMap())
                .containsEntry(GenAi.ERROR_TYPE, "overloaded")
                .containsEntry(GenAi.INPUT_TOKENS, 10L)
                .containsEntry(GenAi.OUTPUT_TOKENS, 2L);
        assertThat(recording.only().getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    }

    @Test
    void endsWithAnErrorWhenTheAnswerHasNoFinish() {
        ChatStream stream = open(new TextDelta("a"));
        assertThatThrownBy(stream::response).isInstanceOf(MalformedResponseException.class);
        assertThat(recording.only().getAttributes().get(GenAi.ERROR_TYPE)).isEqualTo("malformed_response");
    }

    @Test
    void aStreamReadOnAfterTheInteractionStillBelongsToIt() {
        Interaction interaction = Interaction.start("ask", CallContext.EMPTY);
        ChatStream stream =
                interaction.context().call(() -> open(new TextDelta("a"), new Finished(ChatResponse.of("a"))));
        interaction.close();
        stream.response();
        recording.assertOneWholeTree();
        assertThat(recording.parents()).containsEntry("chat m", "ask");
    }

    @Test
    void aCallAfterTheCloseOfAnUntracedInteractionStillMakesOneTree() {
        Interaction interaction = Interaction.start("ask", CallContext.EMPTY);
        interaction.close();
        interaction.context().run(() -> open(new Finished(ChatResponse.of(""))).response());
        recording.assertOneWholeTree();
    }

    @Test
    void measuresTheTimeToTheFirstChunk() {
        AtomicLong nanos = new AtomicLong();
        TimeSource time = new TimeSource() {
            @Override
            public Instant now() {
                return Instant.EPOCH;
            }

            @Override
            public long nanos() {
                return nanos.get();
            }

            @Override
            public void sleep(Duration duration) {
                nanos.addAndGet(duration.toNanos());
            }
        };
        ChatStream given =
                FakeChat.events(List.of(new TextDelta("a"), new TextDelta("b"), new Finished(ChatResponse.of("ab")))
                        .iterator());
        ChatModel model = recording
                .layer(time)
                .around(new FakeChat("m", request -> ChatResponse.of("")).streaming(request -> given));
        Iterator<StreamEvent> events = model.stream(ChatRequest.of("hi")).iterator();
        nanos.set(250_000_000);
        events.next();
        nanos.set(900_000_000);
        events.next();
        events.next();
        assertThat(recording.only().getAttributes().get(GenAi.TIME_TO_FIRST_CHUNK))
                .isEqualTo(0.25);
    }

    private ChatStream open(StreamEvent... events) {
        return model(FakeChat.events(Arrays.asList(events).iterator())).stream(ChatRequest.of("hi"));
    }

    private ChatModel model(ChatStream stream) {
        return recording.layer().around(new FakeChat("m", request -> ChatResponse.of("")).streaming(request -> stream));
    }
}
