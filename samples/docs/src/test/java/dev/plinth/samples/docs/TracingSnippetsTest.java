package dev.plinth.samples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.api.feedback.Feedback;
import dev.plinth.api.layer.Platform;
import dev.plinth.api.score.Target;
import dev.plinth.api.testkit.FakeFeedbackStore;
import dev.plinth.api.testkit.Reply;
import dev.plinth.api.testkit.ScriptedChatModel;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.feedback.FeedbackRecorder;
import dev.plinth.feedback.Thumb;
import dev.plinth.providers.openai.OpenAi;
import dev.plinth.providers.retry.Retries;
import dev.plinth.tracing.Conventions;
import dev.plinth.tracing.Tracing;
import dev.plinth.tracing.content.CaptureMode;
import dev.plinth.tracing.content.ContentCapture;
import dev.plinth.tracing.reactor.ReactorChatModel;
import dev.plinth.tracing.sdk.TailSampling;
import dev.plinth.tracing.sdk.TraceExport;
import dev.plinth.tracing.sdk.TraceTree;
import dev.plinth.tracing.sdk.TracingSdk;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** The code of docs/guide/tracing.md, run. */
class TracingSnippetsTest {

    private final OpenTelemetry openTelemetry = OpenTelemetry.noop();

    @Test
    void tracing() {
        ScriptedChatModel model = ScriptedChatModel.of("Yes.");
        // snippet: tracing
        Tracing tracing = Tracing.of(openTelemetry);
        Platform platform =
                Platform.builder().chat("support", model).layer(tracing.layer()).build();
        // end
        assertThat(platform.chat("support").chat(ChatRequest.of("There?")).text())
                .isEqualTo("Yes.");
    }

    @Test
    void conventions() {
        // snippet: tracing-conventions
        Tracing tracing = Tracing.builder(openTelemetry)
                .conventions(Conventions.GENAI_0_1)
                .alsoMetricsOf(Conventions.V1_41)
                .build();
        // end
        assertThat(tracing.layer()).isNotNull();
    }

    @Test
    void content() {
        String environment = "staging";
        // snippet: tracing-content
        ContentCapture capture = ContentCapture.builder(CaptureMode.METADATA)
                .environment(environment)
                .inEnvironment("staging", CaptureMode.REDACTED)
                .forTeam("payments", CaptureMode.OFF)
                .redactor(text -> text.replaceAll("[\\w.]+@[\\w.]+", "<email>"))
                .share(0.1)
                .build();
        Tracing tracing = Tracing.builder(openTelemetry).content(capture).build();
        // end
        assertThat(tracing.layer()).isNotNull();
        assertThat(capture.mode(CallContext.EMPTY)).isEqualTo(CaptureMode.REDACTED);
    }

    @Test
    void scores() {
        Tracing tracing = Tracing.of(openTelemetry);
        FeedbackRecorder feedback = new FeedbackRecorder(FakeFeedbackStore.create());
        String interactionId = "i-1";
        // snippet: tracing-scores
        Feedback said = feedback.thumb("click-81", Target.interaction(interactionId), "user-7", Thumb.DOWN);
        tracing.scores().accept(said.score());
        // end
        assertThat(said.score().label()).isPresent();
    }

    @Test
    void join() {
        Tracing tracing = Tracing.of(openTelemetry);
        Map<String, String> headers = Map.of("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        CallContext context = CallContext.EMPTY;
        // snippet: tracing-join
        try (Interaction interaction = Interaction.start("ask", tracing.join(context, headers))) {
            // ...
        }
        // end
        assertThat(tracing.join(context, headers)).isNotEqualTo(context);
    }

    @Test
    void threads() throws Exception {
        ScriptedChatModel model = ScriptedChatModel.builder()
                .otherwise(request -> Reply.text("Yes."))
                .build();
        ChatRequest request = ChatRequest.of("Is it there?");
        List<ChatRequest> requests = List.of(request, request);
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        // snippet: tracing-threads
        ExecutorService pool = CallContext.carrying(Executors.newFixedThreadPool(8));
        CompletableFuture<ChatResponse> answer = CompletableFuture.supplyAsync(() -> model.chat(request), pool);

        CallContext context = CallContext.current().captured();
        requests.parallelStream().forEach(each -> context.run(() -> model.chat(each)));
        scheduler.schedule(context.wrap(() -> log(model.chat(request))), 1, TimeUnit.MILLISECONDS);
        // end
        assertThat(answer.get().text()).isEqualTo("Yes.");
        scheduler.shutdown();
        assertThat(scheduler.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        pool.shutdown();
        assertThat(model.requests()).hasSize(4);
    }

    private static void log(ChatResponse response) {
        assertThat(response.text()).isEqualTo("Yes.");
    }

    @Test
    void servers() throws Exception {
        try (StubServer server = StubServer.start();
                TracingSdk sdk = TracingSdk.builder("support").build()) {
            server.enqueue(StubAnswer.text(503, "busy"));
            server.enqueue(StubAnswer.json(
                    "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Yes.\"},"
                            + "\"finish_reason\":\"stop\"}]}"));
            String url = server.url("/v1").toString();
            // snippet: tracing-servers
            OpenAi vllm = OpenAi.builder()
                    .baseUrl(url)
                    .provider("vllm")
                    .sendTraceContext()
                    .build();
            // end
            try (vllm) {
                Platform platform = Platform.builder()
                        .chat("support", vllm.chatModel("m"))
                        .layer(Tracing.of(sdk.openTelemetry()).layer())
                        .layer(Retries.builder()
                                .backoff(Duration.ofMillis(1), Duration.ofMillis(1))
                                .build())
                        .build();
                platform.chat("support").chat(ChatRequest.of("Is it there?"));
            }
            TraceTree tree = sdk.traces().recent(1).get(0);
            String span = tree.traceId() + "-" + tree.roots().get(0).spanId();
            for (int attempt = 0; attempt < 2; attempt++) {
                assertThat(server.takeRequest().header("traceparent").orElse(""))
                        .startsWith("00-" + span + "-");
            }
        }
    }

    @Test
    void reactor() {
        Platform platform =
                Platform.builder().chat("support", ScriptedChatModel.of("Yes.")).build();
        try (Interaction interaction = Interaction.start("ask", CallContext.EMPTY)) {
            // snippet: tracing-reactor
            ReactorChatModel reactive = ReactorChatModel.of(platform.chat("support"), Schedulers.boundedElastic());
            Flux<String> answer = reactive.stream(ChatRequest.of("Is it there?"))
                    .ofType(StreamEvent.TextDelta.class)
                    .map(StreamEvent.TextDelta::text)
                    .contextWrite(context -> context.put(CallContext.class, interaction.context()));
            // end
            assertThat(String.join("", answer.collectList().block())).isEqualTo("Yes.");
        }
    }

    @Test
    void agent() {
        // snippet: tracing-agent
        Tracing tracing = Tracing.builder(openTelemetry)
                .reportedElsewhere(info -> info.provider().equals("openai"))
                .build();
        // end
        assertThat(tracing.layer()).isNotNull();
    }

    @Test
    void local(@TempDir Path folder) {
        List<String> log = new ArrayList<>();
        Path file = folder.resolve("traces.jsonl");
        ScriptedChatModel model = ScriptedChatModel.of("Yes.");
        // snippet: tracing-local
        try (TracingSdk sdk = TracingSdk.builder("support").file(file).build()) {
            Tracing tracing = Tracing.of(sdk.openTelemetry());
            Platform platform = Platform.builder()
                    .chat("support", model)
                    .layer(tracing.layer())
                    .build();
            platform.chat("support").chat(ChatRequest.of("Is it there?"));
            for (TraceTree tree : sdk.traces().recent(10)) {
                log.addAll(tree.lines());
            }
        }
        // end
        assertThat(log).hasSize(1).first().asString().startsWith("chat ");
        assertThat(file).content().contains("resourceSpans");
    }

    @Test
    void sampling() {
        // snippet: tracing-export
        TraceExport otlp = TraceExport.builder("otlp")
                .spans(OtlpHttpSpanExporter.getDefault())
                .logRecords(OtlpHttpLogRecordExporter.getDefault())
                .build();
        SdkTracerProvider tracers = SdkTracerProvider.builder()
                .addSpanProcessor(otlp.spanProcessor())
                .build();
        // end
        tracers.close();
        // snippet: tracing-sampling
        TailSampling sampling = TailSampling.builder(otlp.spanProcessor(), 0.05)
                .waitFor(Duration.ofMinutes(2))
                .build();
        SdkTracerProvider sampled = SdkTracerProvider.builder()
                .addSpanProcessor(sampling.spanProcessor())
                .build();
        SdkLoggerProvider loggers = SdkLoggerProvider.builder()
                .addLogRecordProcessor(sampling.logRecordProcessor())
                .addLogRecordProcessor(otlp.logRecordProcessor())
                .build();
        // end
        sampled.close();
        loggers.close();
        assertThat(otlp.figures()).isNotEmpty();
    }
}
