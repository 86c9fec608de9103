package dev.plinth.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.api.score.Annotator;
import dev.plinth.api.score.Outcome;
import dev.plinth.api.score.Score;
import dev.plinth.api.score.Target;
import dev.plinth.api.testkit.TestTime;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.SimpleLogRecordProcessor;
import io.opentelemetry.sdk.testing.exporter.InMemoryLogRecordExporter;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What is found out after an interaction has ended still reaches its trace. */
class LateScoresTest {

    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final InMemoryLogRecordExporter events = InMemoryLogRecordExporter.create();
    private final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(spans))
                    .build())
            .setLoggerProvider(SdkLoggerProvider.builder()
                    .addLogRecordProcessor(SimpleLogRecordProcessor.create(events))
                    .build())
            .build();
    private final Tracing tracing = Tracing.builder(sdk).remembered(2).build();
    private final AtomicReference<String> traceparent = new AtomicReference<>();

    private String interaction(String responseId) {
        Interaction interaction = Interaction.start("ask", CallContext.EMPTY);
        try (interaction) {
            interaction
                    .context()
                    .run(() -> tracing.layer()
                            .around(new FakeChat("m", request -> {
                                traceparent.set(request.context().traceHeaders().get("traceparent"));
                                return ChatResponse.of("hello").toBuilder()
                                        .id(responseId)
                                        .build();
                            }))
                            .chat(ChatRequest.of("hi")));
        }
        return interaction.id();
    }

    private static Score thumb(Target target) {
        return Score.builder("thumb", Outcome.FAIL, new Annotator(Annotator.Kind.HUMAN, "user-7"))
                .value(0)
                .label("thumbs-down")
                .explanation("it said my name")
                .target(target)
                .at(TestTime.START)
                .build();
    }

    private LogRecordData only() {
        assertThat(events.getFinishedLogRecordItems()).hasSize(1);
        return events.getFinishedLogRecordItems().get(0);
    }

    @Test
    void aThumbJoinsTheInteractionsSpan() {
        String id = interaction("r-1");
        tracing.scores().accept(thumb(Target.interaction(id)));

        LogRecordData event = only();
        assertThat(event.getEventName()).isEqualTo("gen_ai.evaluation.result");
        assertThat(event.getSpanContext().getSpanId())
                .isEqualTo(spans.getFinishedSpanItems().stream()
                        .filter(span -> span.getName().equals("ask"))
                        .findFirst()
                        .orElseThrow()
                        .getSpanId());
        assertThat(event.getTimestampEpochNanos()).isEqualTo(TimeUnit.SECONDS.toNanos(TestTime.START.getEpochSecond()));
        assertThat(event.getAttributes().asMap())
                .containsEntry(GenAi.EVALUATION_NAME, "thumb")
                .containsEntry(GenAi.SCORE_VALUE, 0.0)
                .containsEntry(GenAi.SCORE_LABEL, "thumbs-down")
                .containsEntry(PlinthAttributes.INTERACTION_ID, id)
                .containsEntry(PlinthAttributes.SCORE_ANNOTATOR, "human")
                .containsEntry(PlinthAttributes.SCORE_OUTCOME, "fail");
        assertThat(event.toString()).doesNotContain("user-7", "my name");
    }

    @Test
    void aVerdictOfAnAnswerJoinsItsCall() {
        interaction("r-1");
        tracing.scores().accept(thumb(new Target(Target.Kind.RESPONSE, "r-1")));
        assertThat(only().getSpanContext().getSpanId())
                .isEqualTo(spans.getFinishedSpanItems().stream()
                        .filter(span -> span.getName().equals("chat m"))
                        .findFirst()
                        .orElseThrow()
                        .getSpanId());
        assertThat(only().getAttributes().get(GenAi.RESPONSE_ID)).isEqualTo("r-1");
    }

    @Test
    void whatIsForgottenIsJoinedByItsId() {
        String id = interaction("r-1");
        interaction("r-2");
        tracing.scores().accept(thumb(Target.interaction(id)));
        assertThat(only().getSpanContext().isValid()).isFalse();
        assertThat(only().getAttributes().get(PlinthAttributes.INTERACTION_ID)).isEqualTo(id);
    }

    @Test
    void whatComesAgainIsNewAgain() {
        SpanAddresses last = new SpanAddresses(2);
        Target first = Target.interaction("i-1");
        Target second = Target.interaction("i-2");
        SpanContext span = SpanContext.create(
                "0af7651916cd43dd8448eb211c80319c",
                "b7ad6b7169203331",
                TraceFlags.getSampled(),
                TraceState.getDefault());
        last.add(first, span);
        last.add(second, span);
        last.add(first, span);
        last.add(Target.interaction("i-3"), span);
        assertThat(last.find(first)).isNotNull();
        assertThat(last.find(second)).isNull();
    }

    @Test
    void aKeptTraceparentJoinsAfterARestart() {
        interaction("r-1");
        Tracing.of(sdk).score(thumb(Target.interaction("i-1")), traceparent.get());
        assertThat(only().getSpanContext().getSpanId())
                .isEqualTo(traceparent.get().split("-")[2]);
    }

    @Test
    void aTraceparentIsToldOutsideOfCallsWhateverIsPropagated() {
        OpenTelemetrySdk other = OpenTelemetrySdk.builder()
                .setTracerProvider(sdk.getSdkTracerProvider())
                .setLoggerProvider(sdk.getSdkLoggerProvider())
                .setPropagators(ContextPropagators.create(W3CBaggagePropagator.getInstance()))
                .build();
        Tracing before = Tracing.of(other);
        Interaction interaction = Interaction.start("ask", CallContext.EMPTY);
        try (interaction) {
            assertThat(before.traceparent(interaction)).as("no call yet").isEmpty();
            ChatModel model = before.layer().around(new FakeChat("m", request -> ChatResponse.of("hello")));
            interaction.context().run(() -> model.chat(ChatRequest.of("hi")));
        }
        String kept = before.traceparent(interaction).orElseThrow();

        Tracing.of(other).score(thumb(Target.interaction(interaction.id())), kept);

        assertThat(only().getSpanContext().getSpanId())
                .isEqualTo(spans.getFinishedSpanItems().stream()
                        .filter(span -> span.getName().equals("ask"))
                        .findFirst()
                        .orElseThrow()
                        .getSpanId());
        assertThat(Tracing.of(OpenTelemetry.noop()).traceparent(interaction)).isEmpty();
    }

    @Test
    void whatIsNoTraceparentIsRefused() {
        assertThatThrownBy(() -> tracing.score(thumb(Target.interaction("i-1")), "none"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("traceparent: none (expected: 00-");
    }

    @Test
    void withoutAnSdkNothingHappens() {
        Tracing.of(OpenTelemetry.noop()).scores().accept(thumb(Target.interaction("i-1")));
        assertThat(events.getFinishedLogRecordItems()).isEmpty();
    }
}
