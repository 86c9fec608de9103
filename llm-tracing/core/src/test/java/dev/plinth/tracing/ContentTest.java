package dev.plinth.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.api.context.Principal;
import dev.plinth.api.error.InvalidRequestException;
import dev.plinth.api.layer.Layer;
import dev.plinth.api.layer.Platform;
import dev.plinth.api.retrieval.Retrieval;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.retrieval.Retriever;
import dev.plinth.api.tool.Tool;
import dev.plinth.api.usage.Usage;
import dev.plinth.tracing.content.CaptureMode;
import dev.plinth.tracing.content.ContentCapture;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Whatever stands in prompts, answers, tools, queries and errors: none of it reaches a span. */
class ContentTest {

    private static final String CANARY = "canary-7391";

    @Test
    void nobodyRedactsWhatNobodyKeeps() {
        AtomicInteger redactions = new AtomicInteger();
        ContentCapture.Builder capture = ContentCapture.builder(CaptureMode.REDACTED)
                .redactor(text -> {
                    redactions.incrementAndGet();
                    return text;
                });
        Recording unsampled = new Recording(Sampler.alwaysOff());
        chat(Tracing.builder(OpenTelemetry.noop()).content(capture.build()).build());
        chat(Tracing.builder(unsampled.openTelemetry).content(capture.build()).build());
        assertThat(redactions).hasValue(0);

        AtomicInteger uploads = new AtomicInteger();
        ContentCapture kept = capture.upload(content -> {
                    uploads.incrementAndGet();
                    return content;
                })
                .build();
        chat(Tracing.builder(unsampled.openTelemetry).content(kept).build());
        assertThat(uploads).hasValue(1);
    }

    @Test
    void anEventSaysWhereContentIsAndWhyItIsNotThoughNoSpanIsKept() {
        Recording recording = new Recording(Sampler.alwaysOff());
        ContentCapture moved = ContentCapture.builder(CaptureMode.FULL)
                .upload(content -> content.movedTo("s3://traces/1"))
                .build();
        ContentCapture withheld = ContentCapture.builder(CaptureMode.REDACTED)
                .redactor(text -> {
                    throw new IllegalStateException("broken");
                })
                .build();
        for (ContentCapture capture : List.of(moved, withheld)) {
            chat(Tracing.builder(recording.openTelemetry)
                    .content(capture)
                    .contentAsEvents()
                    .build());
        }
        assertThat(recording.events.getFinishedLogRecordItems())
                .hasSize(2)
                .allSatisfy(event -> assertThat(event.getAttributes().get(GenAi.FINISH_REASONS))
                        .containsExactly("stop"));
        assertThat(recording
                        .events
                        .getFinishedLogRecordItems()
                        .get(0)
                        .getAttributes()
                        .asMap())
                .containsEntry(PlinthAttributes.CONTENT_REFERENCE, "s3://traces/1");
        assertThat(recording
                        .events
                        .getFinishedLogRecordItems()
                        .get(1)
                        .getAttributes()
                        .asMap())
                .containsEntry(PlinthAttributes.CONTENT_WITHHELD, "redactor_failed");
    }

    private static void chat(Tracing tracing) {
        tracing.layer()
                .around(new FakeChat("m", request -> ChatResponse.of("hello")))
                .chat(ChatRequest.of("hi"));
    }

    @Test
    void noContentIsRecorded() {
        Recording recording = new Recording();
        Platform platform = platform(recording.layer());
        Interaction interaction = Interaction.start(
                "ask",
                CallContext.builder().principal(new Principal("a", "t", CANARY)).build());
        try (interaction) {
            interaction.context().run(() -> {
                platform.chat("good").chat(request());
                platform.chat("good").stream(request()).response();
                assertThatThrownBy(() -> platform.chat("bad").chat(request())).isNotNull();
                assertThatThrownBy(() -> platform.chat("bad").stream(request())).isNotNull();
                platform.retriever("docs").retrieve(RetrievalRequest.of(CANARY, 3));
                ToolCall call = new ToolCall(CANARY, CANARY, "{\"" + CANARY + "\": 1}");
                assertThatThrownBy(() -> platform.tool("tool").call(call, interaction.context()))
                        .isNotNull();
            });
        }
        assertThat(recording.ended()).hasSize(7);
        assertThat(recording.ended()).allSatisfy(span -> {
            assertThat(span.toString()).doesNotContain(CANARY);
            assertThat(span.getEvents()).isEmpty();
            assertThat(span.getStatus().getDescription()).isEmpty();
        });
        assertThat(recording.events.getFinishedLogRecordItems())
                .isNotEmpty()
                .allSatisfy(event -> assertThat(event.toString()).doesNotContain(CANARY));
        assertThat(recording.metrics.collectAllMetrics())
                .isNotEmpty()
                .allSatisfy(metric -> assertThat(metric.toString()).doesNotContain(CANARY));
    }

    @Test
    void aRedactorLetsNothingThroughThatItTakesOut() {
        Recording recording = new Recording();
        Platform platform = platform(Tracing.builder(recording.openTelemetry)
                .content(ContentCapture.builder(CaptureMode.REDACTED)
                        .redactor(text -> text.replace(CANARY, "#"))
                        .build())
                .build()
                .layer());
        platform.chat("good").chat(request());
        platform.retriever("docs").retrieve(RetrievalRequest.of(CANARY, 3));
        ToolCall call = new ToolCall(CANARY, "tool", "{\"" + CANARY + "\": \"" + CANARY + "\"}");
        assertThatThrownBy(() -> platform.tool("tool").call(call, CallContext.EMPTY))
                .isNotNull();
        assertThat(recording.ended()).hasSize(3).allSatisfy(span -> {
            assertThat(span.toString()).contains("#").doesNotContain(CANARY);
        });
        AttributeKey<String> id = AttributeKey.stringKey("gen_ai.tool.call.id");
        assertThat(recording.named("execute_tool tool").getAttributes().get(id))
                .as("a hash")
                .isNotBlank()
                .isNotEqualTo("#");
    }

    @Test
    void theIdOfAToolsCallIsAsItIsWhereContentIs() {
        Recording recording = new Recording();
        Platform platform = platform(Tracing.builder(recording.openTelemetry)
                .content(ContentCapture.builder(CaptureMode.FULL).build())
                .build()
                .layer());
        assertThatThrownBy(() -> platform.tool("tool").call(new ToolCall("call-1", "tool", "{}"), CallContext.EMPTY))
                .isNotNull();
        AttributeKey<String> id = AttributeKey.stringKey("gen_ai.tool.call.id");
        assertThat(recording.only().getAttributes().get(id)).isEqualTo("call-1");
    }

    private static ChatRequest request() {
        return ChatRequest.builder()
                .system(CANARY)
                .user(CANARY)
                .message(Message.assistant(List.of(new ToolCall("1", "tool", CANARY))))
                .message(Message.tool(List.of(new ToolCall("1", "tool", "").result(CANARY))))
                .tool(new ToolSpec("tool", CANARY, CANARY))
                .stop(CANARY)
                .build();
    }

    private static Platform platform(Layer tracing) {
        return Platform.builder()
                .chat(
                        "good",
                        new FakeChat(
                                "good",
                                request -> ChatResponse.builder()
                                        .message(Message.assistant(
                                                List.of(new Part.Reasoning(CANARY), new Part.Text(CANARY))))
                                        .raw(CANARY)
                                        .build()))
                .chat("bad", new FakeChat("bad", request -> {
                    throw new InvalidRequestException(CANARY).setPartial(CANARY, Usage.UNKNOWN);
                }))
                .retriever("docs", new Retriever() {
                    @Override
                    public Retrieval retrieve(RetrievalRequest request) {
                        return new Retrieval(CANARY, List.of());
                    }

                    @Override
                    public String name() {
                        return "docs";
                    }
                })
                .tool(new Tool() {
                    @Override
                    public ToolSpec spec() {
                        return new ToolSpec("tool", CANARY, "{}");
                    }

                    @Override
                    public ToolResult call(ToolCall call, CallContext context) {
                        throw new IllegalStateException(CANARY);
                    }
                })
                .layer(tracing)
                .build();
    }
}
