package dev.plinth.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.layer.Layer;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import dev.plinth.tracing.content.CaptureMode;
import dev.plinth.tracing.content.ContentCapture;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.math.BigDecimal;
import java.net.URI;
import java.time.LocalDate;
import java.util.Currency;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Calls that another instrumentation reports: their place in the tree stays, the figures are the other's. */
class ReportedElsewhereTest {

    private static final ModelInfo INFO =
            new ModelInfo("openai", "gpt-5-mini", Set.of(), URI.create("https://llm.example/v1"));
    private static final Cost COST =
            new Cost(new BigDecimal("0.25"), Currency.getInstance("USD"), LocalDate.of(2026, 11, 1));
    private static final ChatRequest HI =
            ChatRequest.builder().user("Hi").temperature(0.5).build();

    private final Recording recording = new Recording();
    private final Layer layer = Tracing.builder(recording.openTelemetry)
            .content(ContentCapture.builder(CaptureMode.FULL).build())
            .compatibleWith(Compatibility.LANGFUSE)
            .reportedElsewhere(info -> info.provider().equals("openai"))
            .build()
            .layer();
    private final ChatModel model = layer.around(new FakeChat(INFO, request -> {
        recording.within("chat by the other", () -> {});
        return ChatResponse.of("ok").toBuilder()
                .id("r-1")
                .usage(Usage.of(10, 2))
                .cost(COST)
                .build();
    }));

    @Test
    void theSpanStaysInTheTreeAndLeavesTheRestToTheOther() {
        try (Interaction interaction = Interaction.start("ask", CallContext.EMPTY)) {
            interaction.context().run(() -> model.chat(HI));
        }
        recording.assertOneWholeTree();
        assertThat(recording.parents())
                .containsOnly(
                        entry("ask", "-"),
                        entry("chat gpt-5-mini", "ask"),
                        entry("chat by the other", "chat gpt-5-mini"));
        assertLeft("chat gpt-5-mini");
        assertThat(recording.named("chat gpt-5-mini").getAttributes().get(PlinthAttributes.COST_AMOUNT))
                .as("nobody else knows the price")
                .isEqualTo(0.25);
    }

    @Test
    void streamsAndFailuresAreLeftTooButErrorsAreMarked() {
        model.stream(HI).response();
        ChatModel failing = layer.around(new FakeChat(INFO, request -> {
            throw new OverloadedException("busy");
        }));
        assertThatThrownBy(() -> failing.chat(HI)).isInstanceOf(OverloadedException.class);
        assertThat(recording.ended().stream().filter(span -> span.getName().startsWith("chat gpt")))
                .hasSize(2)
                .allSatisfy(ReportedElsewhereTest::assertLeft);
        assertThat(recording.ended().stream().map(span -> span.getAttributes().get(GenAi.ERROR_TYPE)))
                .contains("overloaded");
        assertThat(recording.events.getFinishedLogRecordItems()).isEmpty();
        assertNoFigures();
    }

    @Test
    void embeddingsAreLeftToo() {
        EmbeddingModel vectors = layer.around(embeddings());
        vectors.embed(EmbeddingRequest.query("Hi"));
        assertLeft("embeddings gpt-5-mini");
        assertNoFigures();
    }

    @Test
    void othersAreReported() {
        layer.around(new FakeChat("m", request -> ChatResponse.of("ok"))).chat(HI);
        assertThat(recording.only().getAttributes().get(GenAi.OPERATION_NAME)).isEqualTo("chat");
        assertThat(recording.only().getAttributes().get(PlinthAttributes.REPORTED_ELSEWHERE))
                .isNull();
    }

    private void assertLeft(String name) {
        assertLeft(recording.named(name));
    }

    private static void assertLeft(SpanData span) {
        assertThat(span.getKind()).isEqualTo(SpanKind.INTERNAL);
        assertThat(span.getAttributes().get(PlinthAttributes.REPORTED_ELSEWHERE))
                .isTrue();
        assertThat(span.getAttributes().asMap().keySet().stream().map(AttributeKey::getKey))
                .noneMatch(key -> key.startsWith("gen_ai.") || key.startsWith("langfuse.observation.type"));
    }

    private void assertNoFigures() {
        assertThat(recording.metrics.collectAllMetrics().stream().map(MetricData::getName))
                .noneMatch(name -> name.startsWith("gen_ai."));
    }

    private static EmbeddingModel embeddings() {
        return new EmbeddingModel() {
            @Override
            public EmbeddingResponse embed(EmbeddingRequest request) {
                return new EmbeddingResponse(List.of(new float[] {1, 0}), "embedder", Usage.of(3, 0));
            }

            @Override
            public ModelInfo info() {
                return INFO;
            }

            @Override
            public OptionalInt dimensions() {
                return OptionalInt.of(2);
            }
        };
    }
}
