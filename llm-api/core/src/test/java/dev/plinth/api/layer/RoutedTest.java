package dev.plinth.api.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ForwardingChatModel;
import dev.plinth.api.fake.FakeModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where layers stand around a model that chooses among others. */
class RoutedTest {
    private final List<String> passed = new ArrayList<>();

    /** Asks all of its targets, one after the other; the last one answers. */
    private static final class All extends ForwardingChatModel implements Routed<ChatModel> {
        private final List<ChatModel> targets;

        All(List<ChatModel> targets) {
            super(targets.get(0));
            this.targets = targets;
        }

        @Override
        public ChatResponse chat(ChatRequest request) {
            return targets.stream()
                    .map(target -> target.chat(request))
                    .reduce((before, last) -> last)
                    .orElseThrow();
        }

        @Override
        public List<ChatModel> targets() {
            return targets;
        }

        @Override
        public ChatModel around(UnaryOperator<ChatModel> wrap) {
            return new All(targets.stream().map(wrap).toList());
        }
    }

    private ChatModel target(String name) {
        return new FakeModel(request -> {
            passed.add(name);
            return ChatResponse.of(name);
        });
    }

    private Layer layer(Stage stage) {
        return new Layer() {
            @Override
            public Stage stage() {
                return stage;
            }

            @Override
            public ChatModel around(ChatModel next) {
                return new ForwardingChatModel(next) {
                    @Override
                    public ChatResponse chat(ChatRequest request) {
                        passed.add(stage.name());
                        return next().chat(request);
                    }
                };
            }
        };
    }

    @ParameterizedTest
    @CsvSource({
        "TRACE, once",
        "ADMIT, once",
        "GUARD, once",
        "OBSERVE, once",
        "CACHE, once",
        "ROUTE, once",
        "RETRY, each",
        "LIMIT, each",
        "PROVIDER, each"
    })
    void layerStandsOnceAroundTheWholeOrAroundEachTarget(Stage stage, String where) {
        ChatModel model = Layers.of(layer(stage)).around(new All(List.of(target("a"), target("b"))));
        assertThat(model.chat(ChatRequest.of("Hello")).text()).isEqualTo("b");
        assertThat(passed)
                .isEqualTo(
                        where.equals("once")
                                ? List.of(stage.name(), "a", "b")
                                : List.of(stage.name(), "a", stage.name(), "b"));
    }

    @Test
    void allStagesTogetherKeepTheirOrderAroundEveryTarget() {
        List<Layer> layers = Arrays.stream(Stage.values()).map(this::layer).toList();
        ChatModel model = Platform.builder()
                .chat("any", new All(List.of(target("a"), target("b"))))
                .layer(layers.get(8))
                .layer(layers.get(0))
                .layer(layers.get(6))
                .layer(layers.get(5))
                .layer(layers.get(7))
                .layer(layers.get(4))
                .build()
                .chat("any");
        model.chat(ChatRequest.of("Hello"));
        assertThat(passed)
                .containsExactly(
                        "TRACE",
                        "CACHE",
                        "ROUTE",
                        "RETRY",
                        "LIMIT",
                        "PROVIDER",
                        "a",
                        "RETRY",
                        "LIMIT",
                        "PROVIDER",
                        "b");
    }

    @Test
    void choiceWithinAChoiceIsLayeredAsATarget() {
        All inner = new All(List.of(target("b"), target("c")));
        ChatModel model =
                Layers.of(layer(Stage.RETRY), layer(Stage.ROUTE)).around(new All(List.of(target("a"), inner)));
        model.chat(ChatRequest.of("Hello"));
        assertThat(passed).containsExactly("ROUTE", "RETRY", "a", "RETRY", "b", "c");
    }

    @Test
    void choiceThatAWrapperHidesIsOneModel() {
        ChatModel hidden = new ForwardingChatModel(new All(List.of(target("a"), target("b")))) {};
        Layers.of(layer(Stage.RETRY)).around(hidden).chat(ChatRequest.of("Hello"));
        assertThat(passed).containsExactly("RETRY", "a", "b");
    }

    @Test
    void withoutLayersTheChoiceIsTheSame() {
        ChatModel model = Layers.of(List.of()).around(new All(List.of(target("a"))));
        assertThat(model.chat(ChatRequest.of("Hello")).text()).isEqualTo("a");
        assertThat(model.unwrap(All.class)).isPresent();
    }
}
