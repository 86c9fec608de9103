package dev.plinth.api.layer;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.check.Check;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.rerank.Reranker;
import dev.plinth.api.retrieval.Retriever;
import dev.plinth.api.tool.Tool;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Several layers in the order of their stages, to wrap a model without a {@link Platform}. Around a model that chooses
 * among others ({@link Routed}), the stages after {@link Stage#ROUTE} stand around each of those.
 *
 * <pre>{@code
 * ChatModel model = Layers.of(cache, masking, tracing).around(openAi);
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class Layers {

    private final List<Layer> outermostFirst;

    private Layers(List<? extends Layer> layers) {
        for (Layer layer : layers) {
            Check.notNull(layer.stage(), layer.getClass().getSimpleName() + ".stage");
        }
        // The sort is stable: layers of one stage keep the order they were added in.
        this.outermostFirst = layers.stream()
                .sorted(Comparator.comparing(Layer::stage))
                .map(Layer.class::cast)
                .toList();
    }

    /** These layers, sorted by stage. */
    public static Layers of(Layer... layers) {
        return new Layers(List.of(layers));
    }

    /** These layers, sorted by stage. */
    public static Layers of(List<? extends Layer> layers) {
        return new Layers(List.copyOf(layers));
    }

    /** The layers, outermost first. */
    public List<Layer> outermostFirst() {
        return outermostFirst;
    }

    /** The model with all layers around it. */
    public ChatModel around(ChatModel model) {
        return wrap(model, Layer::around);
    }

    /** The model with all layers around it. */
    public EmbeddingModel around(EmbeddingModel model) {
        return wrap(model, Layer::around);
    }

    /** The reranker with all layers around it. */
    public Reranker around(Reranker reranker) {
        return wrap(reranker, Layer::around);
    }

    /** The retriever with all layers around it. */
    public Retriever around(Retriever retriever) {
        return wrap(retriever, Layer::around);
    }

    /** The tool with all layers around it. */
    public Tool around(Tool tool) {
        return wrap(tool, Layer::around);
    }

    private <T> T wrap(T innermost, BiFunction<Layer, T, T> around) {
        Check.notNull(innermost, "next");
        if (!(innermost instanceof Routed<?>)) {
            return wrap(innermost, around, 0, outermostFirst.size());
        }
        int within = 0;
        while (within < outermostFirst.size()
                && outermostFirst.get(within).stage().compareTo(Stage.ROUTE) <= 0) {
            within++;
        }
        int first = within;
        @SuppressWarnings("unchecked") // what Routed promises: its models are of its own interface
        Routed<T> routed = (Routed<T>) innermost;
        T inside = routed.around(target -> wrap(target, around, first, outermostFirst.size()));
        return wrap(inside, around, 0, first);
    }

    private <T> T wrap(T innermost, BiFunction<Layer, T, T> around, int from, int to) {
        T wrapped = innermost;
        for (int i = to - 1; i >= from; i--) {
            wrapped = around.apply(outermostFirst.get(i), wrapped);
        }
        return wrapped;
    }
}
