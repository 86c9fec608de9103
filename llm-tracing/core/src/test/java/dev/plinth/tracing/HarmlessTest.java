package dev.plinth.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.layer.Layer;
import dev.plinth.api.score.Annotator;
import dev.plinth.api.score.Outcome;
import dev.plinth.api.score.Score;
import dev.plinth.api.testkit.FakeEmbeddingModel;
import dev.plinth.api.time.TimeSource;
import dev.plinth.api.tool.Tool;
import dev.plinth.tracing.content.CaptureMode;
import dev.plinth.tracing.content.ContentCapture;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever goes wrong in telemetry, the call does not hear of it. */
class HarmlessTest {

    private enum Broken {
        SAMPLER,
        START,
        END,
        PROPAGATOR,
        CLOCK
    }

    private final InMemoryMetricReader metrics = InMemoryMetricReader.create();

    @ParameterizedTest
    @EnumSource
    void aBrokenPartOfTelemetryBreaksNoCall(Broken broken) {
        Layer layer = Tracing.builder(sdk(broken)).time(clock(broken)).build().layer();
        ChatModel model = layer.around(new FakeChat("m", request -> {
            assertThat(request.context().traceHeaders().values()).doesNotContain("never");
            return ChatResponse.of("hello");
        }));
        Interaction interaction = Interaction.start("ask", CallContext.EMPTY);
        try (interaction) {
            interaction.context().run(() -> {
                assertThat(model.chat(ChatRequest.of("hi")).text()).isEqualTo("hello");
                assertThat(model.stream(ChatRequest.of("hi")).response().text()).isEqualTo("hello");
                model.stream(ChatRequest.of("hi")).close();
                layer.around(FakeEmbeddingModel.create()).embed(EmbeddingRequest.query("hi"));
                layer.around(tool(new ToolResult("1", "weather", "sunny", false)))
                        .call(new ToolCall("1", "weather", "{}"), CallContext.current());
            });
        }
        assertThat(failures()).as("failures that were counted").isPositive();
    }

    @Test
    void anAnswerWithABlankIdIsAnAnswer() {
        Recording recording = new Recording();
        ChatModel model = recording
                .layer()
                .around(new FakeChat(
                        "m",
                        request -> ChatResponse.of("hello").toBuilder().id("").build()));

        assertThat(model.chat(ChatRequest.of("hi")).text()).isEqualTo("hello");

        assertThat(recording.openSpans()).isZero();
        assertThat(recording.ended()).hasSize(1);
    }

    @Test
    void whatIsNoAnswerLeavesNoSpanOpen() {
        Recording recording = new Recording();

        ChatResponse response =
                recording.layer().around(new FakeChat("m", request -> null)).chat(ChatRequest.of("hi"));
        recording.layer().around(tool(null)).call(new ToolCall("1", "weather", "{}"), CallContext.EMPTY);

        assertThat(response).isNull();
        assertThat(recording.openSpans()).isZero();
    }

    @Test
    void checkedExceptionsOfOtherLanguagesEndTheSpan() {
        Recording recording = new Recording();
        ChatModel model =
                recording.layer().around(new FakeChat("m", request -> HarmlessTest.<RuntimeException>sneak()));

        assertThatThrownBy(() -> model.chat(ChatRequest.of("hi"))).isInstanceOf(java.io.IOException.class);
        assertThatThrownBy(() -> model.stream(ChatRequest.of("hi"))).isInstanceOf(java.io.IOException.class);

        assertThat(recording.openSpans()).isZero();
        assertThat(recording.ended()).hasSize(2);
    }

    @Test
    void anInteractionIsFreeWhileItsSpanIsStarted() throws Exception {
        CompletableFuture<Interaction> asked = new CompletableFuture<>();
        CountDownLatch answered = new CountDownLatch(1);
        Thread other = new Thread(() -> {
            asked.join().calls();
            answered.countDown();
        });
        other.setDaemon(true);
        other.start();
        Interaction interaction = Interaction.start("ask", CallContext.EMPTY);
        OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(processor(
                                () -> {
                                    asked.complete(interaction);
                                    FakeChat.await(answered);
                                },
                                () -> {}))
                        .build())
                .build();
        ChatModel model = Tracing.of(sdk).layer().around(new FakeChat("m", request -> ChatResponse.of("hello")));

        interaction.context().run(() -> model.chat(ChatRequest.of("hi")));

        other.join();
        assertThat(answered.getCount()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"redactor_failed, true", "redactor_failed, false", "upload_failed, true", "upload_failed, false"})
    void contentThatCannotBeCapturedIsCounted(String broken, boolean sampled) {
        ContentCapture.Builder capture = ContentCapture.builder(CaptureMode.REDACTED)
                .redactor(text -> {
                    fail(broken.equals("redactor_failed"));
                    return text;
                });
        if (broken.equals("upload_failed")) {
            capture.upload(content -> {
                throw new IllegalStateException("broken");
            });
        }
        Recording recording = new Recording(sampled ? Sampler.alwaysOn() : Sampler.alwaysOff());
        ChatModel model = Tracing.builder(recording.openTelemetry)
                .content(capture.build())
                .contentAsEvents()
                .build()
                .layer()
                .around(new FakeChat("m", request -> ChatResponse.of("hello")));

        assertThat(model.chat(ChatRequest.of("hi")).text()).isEqualTo("hello");

        assertThat(failures(recording.metrics)).containsExactly(Map.entry(broken, 1L));
    }

    @Test
    void aBrokenPropagatorBreaksNoJoin() {
        Tracing tracing = Tracing.of(sdk(Broken.PROPAGATOR));
        CallContext context = CallContext.builder().session("s-1").build();

        assertThat(tracing.join(context, Map.of("traceparent", "00"))).isSameAs(context);

        assertThat(failures()).isEqualTo(1);
    }

    @Test
    void aBrokenLogBreaksNoJudgement() {
        OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
                .setLoggerProvider(SdkLoggerProvider.builder()
                        .addLogRecordProcessor((context, event) -> fail(true))
                        .build())
                .setMeterProvider(
                        SdkMeterProvider.builder().registerMetricReader(metrics).build())
                .build();
        Tracing tracing = Tracing.of(sdk);
        Score score = Score.builder("thumb", Outcome.FAIL, new Annotator(Annotator.Kind.HUMAN, "user-7"))
                .build();

        tracing.scores().accept(score);
        tracing.score(score, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        assertThatThrownBy(() -> tracing.score(score, "none")).isInstanceOf(IllegalArgumentException.class);

        assertThat(failures()).isEqualTo(2);
    }

    @Test
    void whatFailsIsNamedInFewWords() {
        Recording recording = new Recording();
        Guard guard = new Guard(recording.openTelemetry.getMeter("test"), new Labels(1));
        guard.failed("first");
        guard.failed("second");
        guard.failed(new IllegalStateException("third"));

        assertThat(failures(recording.metrics)).containsOnly(Map.entry("first", 1L), Map.entry(Labels.OTHER, 2L));
    }

    private static Map<String, Long> failures(InMemoryMetricReader metrics) {
        return metrics.collectAllMetrics().stream()
                .filter(metric -> metric.getName().equals("plinth.tracing.failures"))
                .flatMap(metric -> metric.getLongSumData().getPoints().stream())
                .collect(Collectors.toMap(
                        point -> point.getAttributes().get(GenAi.ERROR_TYPE), LongPointData::getValue));
    }

    private long failures() {
        return metrics.collectAllMetrics().stream()
                .filter(metric -> metric.getName().equals("plinth.tracing.failures"))
                .flatMap(metric -> metric.getLongSumData().getPoints().stream())
                .mapToLong(point -> point.getValue())
                .sum();
    }

    private OpenTelemetrySdk sdk(Broken broken) {
        SpanProcessor processor = processor(() -> fail(broken == Broken.START), () -> fail(broken == Broken.END));
        return OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .setSampler(broken == Broken.SAMPLER ? new BrokenSampler() : Sampler.alwaysOn())
                        .addSpanProcessor(processor)
                        .build())
                .setMeterProvider(
                        SdkMeterProvider.builder().registerMetricReader(metrics).build())
                .setPropagators(ContextPropagators.create(
                        broken == Broken.PROPAGATOR ? new BrokenPropagator() : TextMapPropagator.noop()))
                .build();
    }

    private static TimeSource clock(Broken broken) {
        TimeSource system = TimeSource.system();
        return new TimeSource() {
            @Override
            public Instant now() {
                fail(broken == Broken.CLOCK);
                return system.now();
            }

            @Override
            public long nanos() {
                fail(broken == Broken.CLOCK);
                return system.nanos();
            }

            @Override
            public void sleep(Duration duration) throws InterruptedException {
                system.sleep(duration);
            }
        };
    }

    private static void fail(boolean broken) {
        if (broken) {
            throw new IllegalStateException("broken");
        }
    }

    private static Tool tool(ToolResult result) {
        return new Tool() {
            @Override
            public ToolSpec spec() {
                return new ToolSpec("weather", "tells the weather", "{}");
            }

            @Override
            public ToolResult call(ToolCall call, CallContext context) {
                return result;
            }
        };
    }

    @SuppressWarnings("unchecked")
    private static <E extends Exception> ChatResponse sneak() throws E {
        throw (E) new java.io.IOException("checked");
    }

    private static SpanProcessor processor(Runnable start, Runnable end) {
        return new SpanProcessor() {
            @Override
            public void onStart(Context parent, ReadWriteSpan span) {
                start.run();
            }

            @Override
            public boolean isStartRequired() {
                return true;
            }

            @Override
            public void onEnd(ReadableSpan span) {
                end.run();
            }

            @Override
            public boolean isEndRequired() {
                return true;
            }
        };
    }

    private static final class BrokenSampler implements Sampler {
        @Override
        public SamplingResult shouldSample(
                Context parent,
                String traceId,
                String name,
                SpanKind kind,
                Attributes attributes,
                List<LinkData> parentLinks) {
            throw new IllegalStateException("broken");
        }

        @Override
        public String getDescription() {
            return "broken";
        }
    }

    private static final class BrokenPropagator implements TextMapPropagator {
        @Override
        public Collection<String> fields() {
            return List.of("traceparent");
        }

        @Override
        public <C> void inject(Context context, C carrier, TextMapSetter<C> setter) {
            throw new IllegalStateException("broken");
        }

        @Override
        public <C> Context extract(Context context, C carrier, TextMapGetter<C> getter) {
            throw new IllegalStateException("broken");
        }
    }
}
