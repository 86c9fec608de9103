package dev.plinth.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.api.context.PromptRef;
import dev.plinth.api.context.Step;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.layer.Layer;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Retrieval;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.retrieval.Retriever;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import dev.plinth.tracing.content.CaptureMode;
import dev.plinth.tracing.content.ContentCapture;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What OpenInference and Langfuse look for is there, and only when asked for. */
class CompatibilityTest {

    private static final ToolCall CALL = new ToolCall("c-1", "weather", "{\"city\":\"Ghent\"}");

    private final Recording recording = new Recording();

    private Map<String, Object> attributes(String span) {
        Map<String, Object> attributes = new TreeMap<>();
        recording.named(span).getAttributes().forEach((key, value) -> attributes.put(key.getKey(), value));
        return attributes;
    }

    private void run(Compatibility backEnd, CaptureMode mode) {
        Layer layer = Tracing.builder(recording.openTelemetry)
                .compatibleWith(backEnd)
                .content(ContentCapture.builder(mode).build())
                .build()
                .layer();
        CallContext context = CallContext.builder()
                .session("s-1")
                .prompt(new PromptRef("greeting", "3"))
                .tag("tier", "gold")
                .build();
        try (Interaction interaction = Interaction.start("ask", context)) {
            interaction.context().run(() -> {
                layer.around(chat()).chat(request());
                layer.around(retriever()).retrieve(RetrievalRequest.of("where?", 1));
                assertThatThrownBy(() -> layer.around(new FakeChat("broken", asked -> {
                                    throw new OverloadedException("busy");
                                }))
                                .chat(request()))
                        .isInstanceOf(OverloadedException.class);
            });
        }
    }

    private static FakeChat chat() {
        return new FakeChat("m", request -> {
            request.context()
                    .report(new Step.GuardrailCheck(
                            "masking",
                            Step.GuardrailCheck.Side.INPUT,
                            Step.GuardrailCheck.Verdict.PASSED,
                            Instant.EPOCH,
                            Duration.ZERO,
                            Map.of()));
            return ChatResponse.of("Grey.").toBuilder()
                    .model("m-2026")
                    .usage(Usage.builder()
                            .input(10)
                            .cachedInput(4)
                            .output(5)
                            .reasoning(2)
                            .build())
                    .cost(new Cost(new BigDecimal("0.010"), Currency.getInstance("USD"), LocalDate.of(2026, 11, 1)))
                    .build();
        });
    }

    private static ChatRequest request() {
        return ChatRequest.builder()
                .user("Weather?")
                .message(Message.assistant(List.of(new Part.Text("I look."), CALL)))
                .message(Message.tool(List.of(CALL.result("{\"sky\":\"grey\"}"))))
                .build();
    }

    private static Retriever retriever() {
        return new Retriever() {
            @Override
            public Retrieval retrieve(RetrievalRequest request) {
                Chunk chunk = new Chunk(
                        "c-7", "d-1", "docs", "some text", new Chunk.Span(0, 9, 1, 1), List.of(), Metadata.NONE);
                return new Retrieval(request.query(), List.of(new Match(chunk, 0.5)));
            }

            @Override
            public String name() {
                return "docs";
            }
        };
    }

    @Test
    void openInferenceShowsKindsModelsTokensAndMessages() {
        run(Compatibility.OPENINFERENCE, CaptureMode.FULL);
        assertThat(attributes("chat m"))
                .containsEntry("openinference.span.kind", "LLM")
                .containsEntry("session.id", "s-1")
                .containsEntry("llm.provider", "fake")
                .containsEntry("llm.model_name", "m-2026")
                .containsEntry("llm.prompt_template.version", "3")
                .containsEntry("llm.token_count.prompt", 10L)
                .containsEntry("llm.token_count.completion", 5L)
                .containsEntry("llm.token_count.total", 15L)
                .containsEntry("llm.token_count.prompt_details.cache_read", 4L)
                .containsEntry("llm.token_count.completion_details.reasoning", 2L)
                .containsEntry("llm.cost.total", 0.01)
                .containsEntry("input.mime_type", "application/json")
                .containsEntry("llm.input_messages.0.message.role", "user")
                .containsEntry("llm.input_messages.0.message.content", "Weather?")
                .containsEntry("llm.input_messages.1.message.content", "I look.")
                .containsEntry("llm.input_messages.1.message.tool_calls.0.tool_call.id", "c-1")
                .containsEntry("llm.input_messages.1.message.tool_calls.0.tool_call.function.name", "weather")
                .containsEntry(
                        "llm.input_messages.1.message.tool_calls.0.tool_call.function.arguments",
                        "{\"city\":\"Ghent\"}")
                .containsEntry("llm.input_messages.2.message.role", "tool")
                .containsEntry("llm.input_messages.2.message.tool_call_id", "c-1")
                .containsEntry("llm.input_messages.2.message.content", "{\"sky\":\"grey\"}")
                .containsEntry("llm.output_messages.0.message.content", "Grey.");
        assertThat(attributes("ask")).containsEntry("openinference.span.kind", "CHAIN");
        assertThat(attributes("retrieval docs"))
                .containsEntry("openinference.span.kind", "RETRIEVER")
                .containsEntry("input.value", "where?")
                .containsEntry("input.mime_type", "text/plain")
                .containsEntry("retrieval.documents.0.document.id", "c-7")
                .containsEntry("retrieval.documents.0.document.score", 0.5);
        assertThat(attributes("guardrail masking")).containsEntry("openinference.span.kind", "GUARDRAIL");
    }

    @Test
    void langfuseShowsTypesPromptsCostsAndErrors() {
        run(Compatibility.LANGFUSE, CaptureMode.FULL);
        assertThat(attributes("ask"))
                .containsEntry("langfuse.observation.type", "chain")
                .containsEntry("langfuse.trace.name", "ask")
                .containsEntry("langfuse.trace.metadata.tier", "gold")
                .containsEntry("session.id", "s-1");
        assertThat(attributes("chat m"))
                .containsEntry("langfuse.observation.type", "generation")
                .containsEntry("langfuse.observation.prompt.name", "greeting")
                .containsEntry("langfuse.observation.prompt.version", "3")
                .containsEntry("langfuse.observation.cost_details", "{\"total\":0.010}")
                .containsKeys("langfuse.observation.input", "langfuse.observation.output")
                .doesNotContainKey("langfuse.observation.level");
        assertThat(attributes("retrieval docs"))
                .containsEntry("langfuse.observation.type", "retriever")
                .containsEntry("langfuse.observation.input", "where?");
        assertThat(attributes("guardrail masking")).containsEntry("langfuse.observation.type", "guardrail");
        assertThat(attributes("chat broken"))
                .containsEntry("langfuse.observation.level", "ERROR")
                .containsEntry("langfuse.observation.status_message", "overloaded");
    }

    @Test
    void whatABrokenCallUsedIsShownAsThatOfOthers() {
        for (LlmException failure : List.of(new OverloadedException("busy"), new CancelledException("interrupted"))) {
            recording.exporter.reset();
            Cost dime = new Cost(new BigDecimal("0.10"), Currency.getInstance("USD"), LocalDate.of(2026, 11, 1));
            Attempt paid = new Attempt(
                    null, "fake", "m", "first", Instant.EPOCH, Duration.ZERO, failure.code(), Usage.of(90, 5), dime);
            failure.setPartial("hel", Usage.of(90, 5)).setAttempts(List.of(paid));
            ChatModel model = Tracing.builder(recording.openTelemetry)
                    .compatibleWith(Compatibility.OPENINFERENCE)
                    .compatibleWith(Compatibility.LANGFUSE)
                    .build()
                    .layer()
                    .around(new FakeChat("m", asked -> {
                        throw failure;
                    }));

            assertThatThrownBy(() -> model.chat(request())).isSameAs(failure);

            assertThat(attributes("chat m"))
                    .as(failure.code())
                    .containsEntry("llm.provider", "fake")
                    .containsEntry("llm.model_name", "m")
                    .containsEntry("llm.token_count.prompt", 90L)
                    .containsEntry("llm.token_count.completion", 5L)
                    .containsEntry("llm.cost.total", 0.1)
                    .containsEntry("langfuse.observation.cost_details", "{\"total\":0.10}");
        }
    }

    @Test
    void openInferenceNamesWhoAnswered() {
        ChatResponse response =
                ChatResponse.of("Grey.").toBuilder().provider("other").build();
        assertThat(captured(request(), response, Compatibility.OPENINFERENCE)).containsEntry("llm.provider", "other");
    }

    private static ChatRequest instructed() {
        ToolCall second = new ToolCall("c-2", "weather", "{}");
        return ChatRequest.builder()
                .system("Be brief.")
                .user("Weather?")
                .message(Message.assistant(List.of(CALL, second)))
                .message(Message.tool(List.of(CALL.result("grey"), second.result("blue"))))
                .tool(new ToolSpec("weather", "tells it", "{\"type\":\"object\"}"))
                .build();
    }

    private Map<String, Object> captured(ChatRequest request, ChatResponse response, Compatibility... backEnds) {
        Tracing.Builder tracing = Tracing.builder(recording.openTelemetry)
                .content(ContentCapture.builder(CaptureMode.FULL)
                        .maxBytes(1 << 20)
                        .build());
        List.of(backEnds).forEach(tracing::compatibleWith);
        tracing.build().layer().around(new FakeChat("m", asked -> response)).chat(request);
        return attributes("chat m");
    }

    @Test
    void openInferenceHasAMessageForEachResultAndTheSystemsFirst() {
        Map<String, Object> span = captured(instructed(), ChatResponse.of("Grey."), Compatibility.OPENINFERENCE);
        assertThat(span)
                .containsEntry("llm.input_messages.0.message.role", "system")
                .containsEntry("llm.input_messages.0.message.content", "Be brief.")
                .containsEntry("llm.input_messages.1.message.role", "user")
                .containsEntry("llm.input_messages.2.message.tool_calls.1.tool_call.id", "c-2")
                .containsEntry("llm.input_messages.3.message.role", "tool")
                .containsEntry("llm.input_messages.3.message.tool_call_id", "c-1")
                .containsEntry("llm.input_messages.3.message.content", "grey")
                .containsEntry("llm.input_messages.4.message.role", "tool")
                .containsEntry("llm.input_messages.4.message.tool_call_id", "c-2")
                .containsEntry("llm.input_messages.4.message.content", "blue")
                .containsEntry(
                        "llm.tools.0.tool.json_schema",
                        "{\"type\":\"function\",\"function\":{\"name\":\"weather\",\"description\":\"tells it\","
                                + "\"parameters\":{\"type\":\"object\"}}}");
        assertThat(span.get("input.value").toString()).contains("Be brief.", "tells it");
    }

    @Test
    void langfuseHasTheSystemsMessageAndTheTools() {
        Map<String, Object> span = captured(instructed(), ChatResponse.of("Grey."), Compatibility.LANGFUSE);
        assertThat(span.get("langfuse.observation.input").toString())
                .startsWith(
                        "{\"messages\":[{\"role\":\"system\",\"parts\":[{\"type\":\"text\",\"content\":\"Be brief.\"}]},"
                                + "{\"role\":\"user\"")
                .endsWith("\"tools\":[{\"type\":\"function\",\"name\":\"weather\",\"description\":\"tells it\","
                        + "\"parameters\":{\"type\":\"object\"}}]}");
        recording.exporter.reset();
        span = captured(ChatRequest.of("Weather?"), ChatResponse.of("Grey."), Compatibility.LANGFUSE);
        assertThat(span.get("langfuse.observation.input").toString()).startsWith("[{\"role\":\"user\"");
    }

    @Test
    void aLongConversationLosesNothingThatMatters() {
        List<ToolCall> many = IntStream.range(0, 30)
                .mapToObj(i -> new ToolCall("c-" + i, "weather", "{}"))
                .toList();
        ChatRequest.Builder request = ChatRequest.builder().system("Be brief.");
        for (int i = 0; i < 35; i++) {
            request.user("question " + i).message(Message.assistant(many));
            request.tool(new ToolSpec("tool-" + i, "does it", "{}"));
        }
        request.message(Message.tool(List.of(many.get(0).result("grey"))));
        ChatResponse response = ChatResponse.builder()
                .message(Message.assistant(many))
                .usage(Usage.of(10, 5))
                .cost(new Cost(BigDecimal.ONE, Currency.getInstance("USD"), LocalDate.of(2026, 11, 1)))
                .build();
        Map<String, Object> span = captured(request.build(), response, Compatibility.values());
        SpanData data = recording.named("chat m");
        assertThat(data.getTotalAttributeCount()).isEqualTo(data.getAttributes().size());
        assertThat(span)
                .containsEntry("llm.input_messages.0.message.content", "Be brief.")
                .containsEntry("llm.input_messages.1.message.role", "omitted")
                .containsEntry("llm.input_messages.1.message.content", "68 left out")
                .containsEntry("llm.input_messages.2.message.content", "question 34")
                .containsEntry("llm.input_messages.3.message.tool_calls.4.tool_call.function.name", "26 left out")
                .containsEntry("llm.input_messages.4.message.content", "grey")
                .containsEntry("llm.output_messages.0.message.tool_calls.0.tool_call.id", "c-0")
                .containsEntry("llm.tools.8.tool.json_schema", "{\"type\":\"omitted\",\"count\":27}")
                .containsKeys("gen_ai.input.messages", "gen_ai.output.messages", "langfuse.observation.output")
                .doesNotContainKey("llm.input_messages.5.message.role");
    }

    @Test
    void whatATraceMustSayOfContentComesBeforeTheContent() {
        SpanLimits few = SpanLimits.builder().setMaxNumberOfAttributes(26).build();
        InMemorySpanExporter exporter = InMemorySpanExporter.create();
        OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .setSpanLimits(few)
                        .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                        .build())
                .build();
        Tracing.builder(sdk)
                .compatibleWith(Compatibility.OPENINFERENCE)
                .content(ContentCapture.builder(CaptureMode.FULL)
                        .upload(content -> content.movedTo("s3://traces/1")
                                .with("gen_ai.input.messages", content.values().get("gen_ai.input.messages"))
                                .with("gen_ai.output.messages", content.values().get("gen_ai.output.messages")))
                        .build())
                .build()
                .layer()
                .around(chat())
                .chat(request());
        Map<String, Object> span = new TreeMap<>();
        exporter.getFinishedSpanItems().stream()
                .filter(each -> each.getName().equals("chat m"))
                .forEach(chat -> chat.getAttributes().forEach((key, value) -> span.put(key.getKey(), value)));
        assertThat(span)
                .containsEntry("plinth.content.reference", "s3://traces/1")
                .containsKeys("output.value")
                .doesNotContainKey("input.value");
    }

    @Test
    void theirWordsHoldNoContentThatIsNotCaptured() {
        for (Compatibility backEnd : Compatibility.values()) {
            recording.exporter.reset();
            run(backEnd, CaptureMode.OFF);
            for (SpanData span : recording.ended()) {
                assertThat(span.toString()).doesNotContain("Weather?", "Ghent", "Grey", "where?");
            }
        }
    }

    @Test
    void nothingOfThemUnlessAskedFor() {
        recording.layer().around(chat()).chat(request());
        assertThat(attributes("chat m").keySet())
                .noneMatch(key -> key.startsWith("langfuse.")
                        || key.startsWith("llm.")
                        || key.startsWith("openinference.")
                        || key.equals("session.id"));
    }
}
