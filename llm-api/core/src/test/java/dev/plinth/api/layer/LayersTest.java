package dev.plinth.api.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ForwardingChatModel;
import dev.plinth.api.fake.FakeModel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class LayersTest {
    /** Writes down when a call passes it. */
    private record Named(String name, Stage stage, List<String> passed) implements Layer {
        @Override
        public ChatModel around(ChatModel next) {
            return new ForwardingChatModel(next) {
                @Override
                public ChatResponse chat(ChatRequest request) {
                    passed.add(name);
                    return next().chat(request);
                }
            };
        }
    }

    @Test
    void stagesStandInThisOrder() {
        assertThat(Stage.values())
                .containsExactly(
                        Stage.TRACE,
                        Stage.ADMIT,
                        Stage.GUARD,
                        Stage.OBSERVE,
                        Stage.CACHE,
                        Stage.ROUTE,
                        Stage.RETRY,
                        Stage.LIMIT,
                        Stage.PROVIDER);
    }

    @Property
    void callsPassTheStagesInOrderWhateverTheOrderOfAdding(@ForAll List<Stage> stages) {
        List<String> passed = new ArrayList<>();
        List<Layer> layers = new ArrayList<>();
        for (Stage stage : stages) {
            layers.add(new Named(stage.ordinal() + ":" + layers.size(), stage, passed));
        }
        ChatModel model = Layers.of(layers).around(FakeModel.of("Hi"));
        model.chat(ChatRequest.of("Hello"));
        List<String> expected = new ArrayList<>();
        for (Stage stage : Stage.values()) {
            for (int i = 0; i < stages.size(); i++) {
                if (stages.get(i) == stage) {
                    expected.add(stage.ordinal() + ":" + i);
                }
            }
        }
        assertThat(passed).isEqualTo(expected);
    }

    @Test
    void layersOfOneStageKeepTheirOrder() {
        List<String> passed = new ArrayList<>();
        Layer first = new Named("first", Stage.GUARD, passed);
        Layer second = new Named("second", Stage.GUARD, passed);
        Layer outer = new Named("outer", Stage.TRACE, passed);
        Layers layers = Layers.of(first, second, outer);
        assertThat(layers.outermostFirst())
                .containsExactly(outer, first, second)
                .isSortedAccordingTo(Comparator.comparing(Layer::stage));
    }

    @Test
    void wrappedModelsCanBeLookedThrough() {
        FakeModel model = FakeModel.of("Hi");
        ChatModel wrapped =
                Layers.of(new Named("a", Stage.GUARD, new ArrayList<>())).around(model);
        assertThat(wrapped.unwrap(FakeModel.class)).containsSame(model);
        assertThat(wrapped.unwrap(ForwardingChatModel.class)).containsSame((ForwardingChatModel) wrapped);
        assertThat(wrapped.unwrap(LayersTest.class)).isEmpty();
        assertThat(wrapped.info()).isEqualTo(model.info());
    }

    @Test
    void layerThatDoesNothingIsNotSeen() {
        Layer idle = () -> Stage.GUARD;
        FakeModel model = FakeModel.of("Hi");
        assertThat(Layers.of(idle).around(model)).isSameAs(model);
        assertThat(Layers.of(List.of()).around(model)).isSameAs(model);
    }

    @Test
    void refusesALayerWithoutAStage() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Layers.of(new Named("x", null, List.of())))
                .withMessage("Named.stage: null (expected: not null)");
    }
}
