package dev.plinth.api.layer;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.model.ModelInfo;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A model that chooses among others, call by call. {@link Layers} put what stands within {@link Stage#ROUTE}, such as
 * retries and limits, around each of these and everything else around the whole.
 *
 * <p>Immutable and thread-safe.
 *
 * @param <M> the interface of the models, which is the implementor's own, too
 */
public interface Routed<M> {

    /** The models it chooses among, at least one; the first choice first. */
    List<M> targets();

    /** The same choice among these models, wrapped. What is known of their health is shared with the copy. */
    M around(UnaryOperator<M> wrap);

    /** Where calls to a model may end, through layers and routers, the first choice first: one place if none chooses. */
    static List<ModelInfo> endsOf(ChatModel model) {
        return endsOf(model, ChatModel::info, each -> each.unwrap(Routed.class).orElse(null));
    }

    /** Where calls to a model may end, through layers and routers, the first choice first: one place if none chooses. */
    static List<ModelInfo> endsOf(EmbeddingModel model) {
        return endsOf(
                model, EmbeddingModel::info, each -> each.unwrap(Routed.class).orElse(null));
    }

    @SuppressWarnings("unchecked") // its models are of its own interface
    private static <M> List<ModelInfo> endsOf(
            M model, Function<M, ModelInfo> info, Function<M, @Nullable Routed<?>> router) {
        Routed<M> routed = (Routed<M>) router.apply(model);
        return routed == null
                ? List.of(info.apply(model))
                : routed.targets().stream()
                        .flatMap(target -> endsOf(target, info, router).stream())
                        .toList();
    }
}
