package dev.plinth.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.InputType;
import dev.plinth.api.error.DeniedException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.ModelNotAllowedException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.layer.Admission;
import dev.plinth.api.layer.Layer;
import dev.plinth.api.layer.Layers;
import dev.plinth.api.layer.Routed;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.testkit.Reply;
import dev.plinth.api.testkit.ScriptedChatModel;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The catalogue around a model that chooses among others. */
class CatalogueRoutingTest {

    private static final ChatRequest HELLO = ChatRequest.of("hi");
    private static final Usage MILLION = Usage.of(1_000_000, 0);

    @TempDir
    Path directory;

    private Layer layer;

    @BeforeEach
    void load() {
        layer = Catalogues.load(directory, Catalogues.FULL).layer();
    }

    @Test
    void aFallbackGoesOnlyWhereTheCatalogueAllows() {
        ScriptedChatModel retired = model("openai", "gpt-4");
        ScriptedChatModel unlisted = model("stranger", "gpt-5");
        ScriptedChatModel allowed = model("openai", "gpt-5", answer(), answer());
        ChatModel routed = layer.around(new FakeRouter(retired, unlisted, allowed));
        assertThat(routed.chat(HELLO).text()).isEqualTo("hello");
        assertThat(routed.stream(HELLO).response().text()).isEqualTo("hello");
        assertThat(retired.requests()).isEmpty();
        assertThat(unlisted.requests()).isEmpty();
        assertThat(allowed.requests())
                .hasSize(2)
                .allSatisfy(request -> assertThat(request.model()).isEmpty());
    }

    @Test
    void whenNoTargetIsAllowedTheCallIsRefused() {
        ScriptedChatModel retired = model("openai", "gpt-4");
        ChatModel routed = layer.around(new FakeRouter(retired, model("stranger", "gpt-5")));
        ModelNotAllowedException refused =
                catchThrowableOfType(ModelNotAllowedException.class, () -> routed.chat(HELLO));
        assertThat(refused).hasMessageStartingWith("model: gpt-4, retired (expected: ");
        assertThat(refused.partialUsage()).isEqualTo(Usage.NONE);
        assertThatThrownBy(() -> routed.stream(HELLO)).isInstanceOf(ModelNotAllowedException.class);
        assertThat(retired.requests()).isEmpty();
    }

    @Test
    void anAliasStandsForAModelOfAnyTargetsProvider() {
        ScriptedChatModel first = model("mistral_ai", "mistral-large");
        ScriptedChatModel second = model("openai", "gpt-5-mini", answer());
        ChatModel routed = layer.around(new FakeRouter(first, second));
        assertThat(routed.chat(asking("fast")).cost().orElseThrow().amount()).isEqualByComparingTo("0.25");
        assertThat(second.onlyRequest().model()).contains("gpt-5-mini");
        assertThatThrownBy(() -> routed.chat(asking("fats")))
                .isInstanceOf(ModelNotAllowedException.class)
                .hasMessageStartingWith("model: fats, not listed");
        assertThat(first.requests()).isEmpty();
    }

    @Test
    void ofSeveralModelsUnderOneAliasThatWithATargetIsMeant() {
        String twice = Catalogues.FULL.replace("provider: mistral_ai", "alias: fast\n    provider: mistral_ai");
        Layer both = Catalogues.load(directory, twice).layer();
        ScriptedChatModel other = model("mistral_ai", "mistral-small");
        ScriptedChatModel mini = model("openai", "gpt-5-mini", answer());
        assertThat(both.around(new FakeRouter(other, mini)).chat(asking("fast")).text())
                .isEqualTo("hello");
        assertThat(other.requests()).isEmpty();
    }

    @Test
    void aTargetHasItsRealName() {
        ChatModel routed = layer.around(new FakeRouter(model("openai", "fast")));
        ModelNotAllowedException refused =
                catchThrowableOfType(ModelNotAllowedException.class, () -> routed.chat(HELLO));
        assertThat(refused)
                .hasMessageStartingWith(
                        "model: fast, an alias (expected: gpt-5-mini, the real name, as a router's target)");
        assertThat(refused.nearest()).containsExactly("gpt-5-mini");
    }

    @Test
    void routersWithinRoutersAreAsked() {
        ScriptedChatModel mini = model("openai", "gpt-5-mini", answer());
        ChatModel inner = new FakeRouter(model("openai", "gpt-4"), mini);
        assertThat(layer.around(new FakeRouter(inner)).info().model()).isEqualTo("gpt-4");
        assertThat(layer.around(new FakeRouter(mini, inner))
                        .chat(asking("fast"))
                        .text())
                .isEqualTo("hello");
    }

    @Test
    void theRuleStandsBesideThoseOfOtherLayers() {
        Admission noMini = (target, context) -> {
            if (target.model().equals("gpt-5-mini")) {
                throw new DeniedException("no-mini", "me", "model: gpt-5-mini (expected: another)", ErrorDetails.NONE);
            }
        };
        ChatRequest request = HELLO.toBuilder()
                .context(Admission.add(noMini, CallContext.EMPTY))
                .build();
        ScriptedChatModel mini = model("openai", "gpt-5-mini");
        ScriptedChatModel five = model("openai", "gpt-5", answer());
        assertThat(layer.around(new FakeRouter(mini, model("openai", "gpt-4"), five))
                        .chat(request)
                        .degraded())
                .isTrue();
        assertThatThrownBy(() -> layer.around(five)
                        .chat(request.toBuilder().model("fast").build()))
                .as("an outer rule knows the model behind the alias")
                .isInstanceOf(DeniedException.class)
                .hasMessageContaining("no-mini");
        assertThat(mini.requests()).isEmpty();
        assertThat(five.requests()).hasSize(1);
    }

    @Test
    void eachAttemptCostsThePriceOfItsOwnModel() {
        ScriptedChatModel broken = model("openai", "gpt-5", overloaded(Usage.of(1_000_000, 100_000)));
        ChatModel routed = layer.around(new FakeRouter(broken, model("openai", "gpt-5-mini", answer())));
        ChatResponse response = routed.chat(HELLO);
        assertThat(response.attempts())
                .extracting(
                        attempt -> attempt.cost().amount().stripTrailingZeros().toPlainString())
                .containsExactly("2.25", "0.25");
        assertThat(response.cost().orElseThrow().amount()).isEqualByComparingTo("2.50");
    }

    @Test
    void aDatedNameHasThePriceOfWhatTheAttemptAskedFor() {
        ChatResponse dated = ChatResponse.of("hello").toBuilder()
                .provider("openai")
                .model("gpt-5-mini-2026-08-07")
                .usage(MILLION)
                .build();
        ScriptedChatModel mini = model("openai", "gpt-5-mini", Reply.of(dated));
        ChatModel routed = layer.around(new FakeRouter(model("openai", "gpt-5", overloaded(Usage.NONE)), mini));
        assertThat(routed.chat(HELLO).cost().orElseThrow().amount()).isEqualByComparingTo("0.25");
        ChatResponse switched = dated.toBuilder().model("gpt-5-mini").build();
        ChatModel five = layer.around(new FakeRouter(model("openai", "gpt-5", Reply.of(switched))));
        assertThat(five.chat(HELLO).cost().orElseThrow().amount())
                .as("the provider says that another one answered")
                .isEqualByComparingTo("0.25");
    }

    @Test
    void oneUnknownAttemptMakesTheSumUnknown() {
        ChatModel silent = new FakeRouter(
                model("openai", "gpt-5", overloaded(Usage.UNKNOWN)), model("openai", "gpt-5-mini", answer()));
        ChatResponse response = layer.around(silent).chat(HELLO);
        assertThat(response.cost()).isEmpty();
        assertThat(response.attempts().get(1).cost()).isNotNull();
        ChatModel unpriced = new FakeRouter(
                model("mistral_ai", "mistral-large", overloaded(Usage.NONE)), model("openai", "gpt-5-mini", answer()));
        assertThat(layer.around(unpriced).chat(HELLO).cost().orElseThrow().amount())
                .as("nothing used has no price to know")
                .isEqualByComparingTo("0.25");
    }

    @Test
    void theAttemptsOfAFailureArePriced() {
        ChatModel routed = layer.around(new FakeRouter(
                model("openai", "gpt-5", overloaded(MILLION)), model("openai", "gpt-5-mini", overloaded(MILLION))));
        OverloadedException failure = catchThrowableOfType(OverloadedException.class, () -> routed.chat(HELLO));
        assertThat(failure.attempts())
                .extracting(
                        attempt -> attempt.cost().amount().stripTrailingZeros().toPlainString())
                .containsExactly("1.25", "0.25");
        assertThat(failure.details().attempts()).isEqualTo(2);
    }

    @Test
    void theAttemptsOfABrokenStreamArePriced() {
        Attempt attempt = new Attempt(
                null, "openai", "gpt-5", "first attempt", Instant.EPOCH, Duration.ZERO, "overloaded", MILLION, null);
        Reply breaking = Reply.text("hello world")
                .cut("hello ", "world")
                .breakingAfter(1, () -> new OverloadedException("busy").setAttempts(List.of(attempt)));
        ChatModel priced = layer.around(model("openai", "gpt-5", breaking));
        OverloadedException failure = catchThrowableOfType(
                OverloadedException.class, () -> priced.stream(HELLO).response());
        assertThat(failure.attempts())
                .singleElement()
                .satisfies(each -> assertThat(each.cost().amount()).isEqualByComparingTo("1.25"));
        assertThat(failure.partialText()).isEqualTo("hello ");
    }

    @Test
    void withoutAttemptsTheAnswerSaysWhichTargetItWas() {
        Layer plain = Catalogues.load(directory, Catalogues.FULL).layer();
        Usage usage = Usage.of(1_000_000, 0);
        assertThat(streamed(
                        plain, ChatResponse.of("hello").toBuilder().usage(usage).build()))
                .as("two prices, and nobody says which")
                .isEmpty();
        ChatResponse named = ChatResponse.of("hello").toBuilder()
                .model("gpt-5-mini")
                .usage(usage)
                .build();
        assertThat(streamed(plain, named).orElseThrow().amount()).isEqualByComparingTo("0.25");
    }

    private static Optional<Cost> streamed(Layer layer, ChatResponse response) {
        return layer
                .around(new FakeRouter(model("openai", "gpt-5", Reply.of(response)), model("openai", "gpt-5-mini")))
                .stream(HELLO)
                .response()
                .cost();
    }

    @Test
    void embeddingRoutersAskToo() {
        EmbeddingTarget unlisted = new EmbeddingTarget("openai", "text-embedding-ada-002");
        EmbeddingTarget listed = new EmbeddingTarget("openai", "text-embedding-3-small");
        EmbeddingModel routed = Layers.of(layer).around(new EmbeddingRouter(List.of(unlisted, listed)));
        assertThat(routed.embed(EmbeddingRequest.query("a")).cost().amount()).isEqualByComparingTo("0.02");
        EmbeddingRequest alias = EmbeddingRequest.builder(List.of("a"), InputType.QUERY)
                .model("vectors")
                .build();
        assertThat(routed.embed(alias).model()).isEqualTo("text-embedding-3-small");
        assertThat(unlisted.asked).isZero();
        EmbeddingModel closed = layer.around(new EmbeddingRouter(List.of(unlisted)));
        assertThatThrownBy(() -> closed.embedQuery("a")).isInstanceOf(ModelNotAllowedException.class);
    }

    @Test
    void eachKindOfCallHasItsOwnModels() {
        ChatModel chat = layer.around(new FakeRouter(model("openai", "text-embedding-3-small")));
        assertThatThrownBy(() -> chat.chat(HELLO)).isInstanceOf(ModelNotAllowedException.class);
        EmbeddingModel vectors =
                layer.around(new EmbeddingRouter(List.of(new EmbeddingTarget("openai", "text-embedding-3-small"))));
        ScriptedChatModel five = ScriptedChatModel.builder()
                .info(ModelInfo.local("openai", "gpt-5"))
                .otherwise(request -> {
                    request.context().run(() -> vectors.embedQuery("a search within the call"));
                    return answer();
                })
                .build();
        assertThat(layer.around(new FakeRouter(five)).chat(HELLO).text()).isEqualTo("hello");
    }

    private static Reply overloaded(Usage usage) {
        return Reply.error(() -> {
            OverloadedException failure = new OverloadedException("busy");
            failure.setPartial("", usage);
            return failure;
        });
    }

    private static Reply answer() {
        return Reply.of(ChatResponse.of("hello").toBuilder().usage(MILLION).build());
    }

    private static ChatRequest asking(String model) {
        return HELLO.toBuilder().model(model).build();
    }

    private static ScriptedChatModel model(String provider, String name, Reply... replies) {
        return ScriptedChatModel.builder()
                .info(ModelInfo.local(provider, name))
                .reply(replies)
                .build();
    }

    private static final class EmbeddingTarget implements EmbeddingModel {
        private final ModelInfo info;
        private int asked;

        EmbeddingTarget(String provider, String model) {
            this.info = ModelInfo.local(provider, model);
        }

        @Override
        public EmbeddingResponse embed(EmbeddingRequest request) {
            asked++;
            Usage usage = Usage.builder().input(1_000_000).build();
            return new EmbeddingResponse(List.of(new float[] {1}), info.model(), usage);
        }

        @Override
        public ModelInfo info() {
            return info;
        }

        @Override
        public OptionalInt dimensions() {
            return OptionalInt.of(1);
        }
    }

    private record EmbeddingRouter(List<EmbeddingModel> targets) implements EmbeddingModel, Routed<EmbeddingModel> {

        @Override
        public EmbeddingResponse embed(EmbeddingRequest request) {
            RuntimeException last = new IllegalStateException("no target");
            for (EmbeddingModel target : targets) {
                try {
                    Admission.require(target.info(), request.context());
                    return target.embed(request);
                } catch (DeniedException denied) {
                    last = denied;
                }
            }
            throw last;
        }

        @Override
        public ModelInfo info() {
            return targets.get(0).info();
        }

        @Override
        public OptionalInt dimensions() {
            return targets.get(0).dimensions();
        }

        @Override
        public EmbeddingRouter around(UnaryOperator<EmbeddingModel> wrap) {
            return new EmbeddingRouter(targets.stream().map(wrap).toList());
        }
    }
}
