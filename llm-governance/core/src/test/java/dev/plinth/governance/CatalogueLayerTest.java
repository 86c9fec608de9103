package dev.plinth.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.InputType;
import dev.plinth.api.error.ModelNotAllowedException;
import dev.plinth.api.layer.Layer;
import dev.plinth.api.layer.Layers;
import dev.plinth.api.layer.Platform;
import dev.plinth.api.layer.Stage;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.testkit.Reply;
import dev.plinth.api.testkit.ScriptedChatModel;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogueLayerTest {

    private static final Currency USD = Currency.getInstance("USD");
    private static final LocalDate DAY = LocalDate.of(2026, 11, 1);

    @TempDir
    Path directory;

    private Layer layer;

    @BeforeEach
    void load() {
        layer = Catalogues.load(directory, Catalogues.FULL).layer();
    }

    @Test
    void standsAtTheDoor() {
        assertThat(layer.stage()).isEqualTo(Stage.ADMIT);
    }

    @Test
    void asksForTheModelBehindTheAlias() {
        ScriptedChatModel model = model("gpt-5", answer(Usage.of(1, 1)), answer(Usage.of(1, 1)));
        layer.around(model).chat(asking("fast"));
        layer.around(model).stream(asking("fast")).response();
        assertThat(model.requests())
                .extracting(request -> request.model().orElseThrow())
                .containsExactly("gpt-5-mini", "gpt-5-mini");
    }

    @Test
    void passesARequestThatNamesNoModelAsItIs() {
        ScriptedChatModel model = model("gpt-5", answer(Usage.of(1, 1)));
        layer.around(model).chat(ChatRequest.of("hi"));
        assertThat(model.onlyRequest().model()).isEmpty();
    }

    @Test
    void resolvesTheAliasThatAModelIsBuiltWith() {
        ScriptedChatModel model = model("fast", answer(Usage.of(1, 1)));
        layer.around(model).chat(ChatRequest.of("hi"));
        assertThat(model.onlyRequest().model()).contains("gpt-5-mini");
    }

    @Test
    void refusesWhatIsNotListedBeforeAnyCall() {
        ScriptedChatModel model = model("gpt-5");
        ChatModel guarded = layer.around(model);
        ModelNotAllowedException refused =
                catchThrowableOfType(ModelNotAllowedException.class, () -> guarded.chat(asking("gpt-5-mni")));
        assertThat(refused.rule()).isEqualTo("catalogue");
        assertThat(refused.owner()).isEqualTo("platform-team");
        assertThat(refused.nearest()).containsExactly("fast", "smart");
        assertThat(refused.details().model()).contains("gpt-5-mni");
        assertThat(refused)
                .hasMessageStartingWith(
                        "model: gpt-5-mni, not listed (expected: an allowed chat model of openai, such as fast, smart)");
        assertThatThrownBy(() -> guarded.stream(asking("gpt-6"))).isInstanceOf(ModelNotAllowedException.class);
        assertThat(model.requests()).isEmpty();
    }

    @Test
    void refusesRetiredModelsAndOtherKindsAndOtherProviders() {
        ChatModel guarded = layer.around(model("gpt-4"));
        assertThatThrownBy(() -> guarded.chat(ChatRequest.of("hi")))
                .isInstanceOf(ModelNotAllowedException.class)
                .hasMessageStartingWith("model: gpt-4, retired (expected: ");
        assertThatThrownBy(() -> guarded.chat(asking("vectors"))).isInstanceOf(ModelNotAllowedException.class);
        assertThatThrownBy(() -> guarded.chat(asking("mistral-large"))).isInstanceOf(ModelNotAllowedException.class);
        ScriptedChatModel stranger = ScriptedChatModel.builder()
                .info(ModelInfo.local("stranger", "gpt-5"))
                .build();
        assertThatThrownBy(() -> layer.around(stranger).chat(ChatRequest.of("hi")))
                .isInstanceOf(ModelNotAllowedException.class)
                .hasMessageStartingWith(
                        "model: gpt-5, not listed (expected: another provider; no chat model of stranger is allowed)");
    }

    @Test
    void pricesAnswersAndStreams() {
        Usage usage = Usage.builder()
                .input(1_000_000)
                .cachedInput(400_000)
                .output(100_000)
                .build();
        ChatModel priced = layer.around(model("gpt-5-mini", answer(usage), answer(usage)));
        // 600,000 x 0.25 + 400,000 x 0.025 + 100,000 x 2.00, per million
        Cost expected = new Cost(new BigDecimal("0.36"), USD, DAY);
        assertThat(priced.chat(ChatRequest.of("hi")).cost()).hasValueSatisfying(cost -> same(cost, expected));
        ChatStream stream = priced.stream(ChatRequest.of("hi"));
        assertThat(stream.response().cost()).hasValueSatisfying(cost -> same(cost, expected));
        assertThat(stream.response().text()).isEqualTo("hello");
    }

    @Test
    void leavesTheCostUnknownWhenUsageOrPriceIs() {
        assertThat(costOf("gpt-5-mini", answer(Usage.UNKNOWN))).isNull();
        Usage cachedWithoutPrice =
                Usage.builder().input(10).cachedInput(5).output(1).build();
        assertThat(costOf("gpt-5", answer(cachedWithoutPrice))).isNull();
        Layer other = layer;
        ScriptedChatModel unpriced = ScriptedChatModel.builder()
                .info(ModelInfo.local("mistral_ai", "mistral-large"))
                .reply(Reply.of(answer(Usage.of(1, 1))))
                .build();
        assertThat(other.around(unpriced).chat(ChatRequest.of("hi")).cost()).isEmpty();
    }

    @Test
    void aCachedAnswerCostsNothing() {
        ChatResponse cached = answer(Usage.NONE).toBuilder().cached(true).build();
        Cost cost = costOf("gpt-5", cached);
        assertThat(cost).isNotNull();
        assertThat(cost.amount()).isEqualByComparingTo("0");
        assertThat(cost.currency()).isEqualTo(USD);
    }

    @Test
    void aCostThatTheAnswerStatesStays() {
        Cost stated = new Cost(new BigDecimal("9"), USD, DAY);
        assertThat(costOf(
                        "gpt-5", answer(Usage.of(1, 1)).toBuilder().cost(stated).build()))
                .isEqualTo(stated);
    }

    @Test
    void thePriceIsThatOfTheModelThatAnswered() {
        Usage million = Usage.of(1_000_000, 0);
        ChatResponse dated = answer(million).toBuilder()
                .provider("openai")
                .model("gpt-5-2026-08-07")
                .build();
        assertThat(costOf("gpt-5", dated).amount()).isEqualByComparingTo("1.25");
        ChatResponse fallback = answer(million).toBuilder()
                .provider("openai")
                .model("gpt-5-mini")
                .build();
        assertThat(costOf("gpt-5", fallback).amount()).isEqualByComparingTo("0.25");
        ChatResponse elsewhere =
                answer(million).toBuilder().provider("other").model("gpt-5").build();
        assertThat(costOf("gpt-5", elsewhere)).isNull();
    }

    @Test
    void anInteractionAddsTheCostsUp() {
        Platform platform = Platform.builder()
                .chat("support", model("gpt-5", answer(Usage.of(1_000_000, 0)), answer(Usage.of(1_000_000, 0))))
                .layer(layer)
                .build();
        try (Interaction interaction = Interaction.start("ask", CallContext.EMPTY)) {
            interaction.context().run(() -> {
                platform.chat("support").chat(ChatRequest.of("hi"));
                platform.chat("support").stream(ChatRequest.of("hi")).response();
            });
            assertThat(interaction.cost().orElseThrow().amount()).isEqualByComparingTo("2.50");
        }
    }

    @Test
    void embeddingsAreAdmittedAndPricedToo() {
        List<String> asked = new ArrayList<>();
        EmbeddingModel model = embeddings(asked);
        EmbeddingModel guarded = Layers.of(layer).around(model);
        EmbeddingRequest request = EmbeddingRequest.builder(List.of("a"), InputType.QUERY)
                .model("vectors")
                .build();
        Cost cost = guarded.embed(request).cost();
        assertThat(cost).isNotNull();
        assertThat(cost.amount()).isEqualByComparingTo("0.02");
        assertThat(guarded.info()).isEqualTo(model.info());
        assertThat(guarded.dimensions()).hasValue(1);
        EmbeddingRequest unlisted = EmbeddingRequest.builder(List.of("a"), InputType.QUERY)
                .model("fast")
                .build();
        assertThatThrownBy(() -> guarded.embed(unlisted))
                .isInstanceOfSatisfying(
                        ModelNotAllowedException.class,
                        refused -> assertThat(refused.nearest()).containsExactly("vectors"));
        assertThat(asked).containsExactly("text-embedding-3-small");
    }

    private static EmbeddingModel embeddings(List<String> asked) {
        return new EmbeddingModel() {
            @Override
            public EmbeddingResponse embed(EmbeddingRequest request) {
                asked.add(request.model().orElse("none"));
                Usage usage = Usage.builder().input(1_000_000).build();
                return new EmbeddingResponse(List.of(new float[] {1}), "text-embedding-3-small", usage);
            }

            @Override
            public ModelInfo info() {
                return ModelInfo.local("openai", "text-embedding-3-small");
            }

            @Override
            public OptionalInt dimensions() {
                return OptionalInt.of(1);
            }
        };
    }

    private Cost costOf(String model, ChatResponse response) {
        return layer.around(model(model, response))
                .chat(ChatRequest.of("hi"))
                .cost()
                .orElse(null);
    }

    private static void same(Cost cost, Cost expected) {
        assertThat(cost.amount()).isEqualByComparingTo(expected.amount());
        assertThat(cost.currency()).isEqualTo(expected.currency());
        assertThat(cost.priceDate()).isEqualTo(expected.priceDate());
    }

    private static ChatResponse answer(Usage usage) {
        return ChatResponse.of("hello").toBuilder().usage(usage).build();
    }

    private static ChatRequest asking(String model) {
        return ChatRequest.builder().model(model).user("hi").build();
    }

    private static ScriptedChatModel model(String name, ChatResponse... answers) {
        return ScriptedChatModel.builder()
                .info(ModelInfo.local("openai", name))
                .reply(List.of(answers).stream().map(Reply::of).toArray(Reply[]::new))
                .build();
    }
}
