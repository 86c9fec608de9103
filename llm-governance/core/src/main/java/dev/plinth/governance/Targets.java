package dev.plinth.governance;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.layer.Routed;
import dev.plinth.api.model.ModelInfo;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where calls to a model may end.
 *
 * @param routed whether the model chooses among them, call by call; else there is one
 * @param models the first choice first
 */
record Targets(boolean routed, List<ModelInfo> models) {

    static Targets of(ChatModel model) {
        return of(model, ChatModel::info, each -> each.unwrap(Routed.class).orElse(null));
    }

    static Targets of(EmbeddingModel model) {
        return of(model, EmbeddingModel::info, each -> each.unwrap(Routed.class).orElse(null));
    }

    @SuppressWarnings("unchecked") // what Routed promises: its models are of its own interface
    private static <M> Targets of(M model, Function<M, ModelInfo> info, Function<M, @Nullable Routed<?>> router) {
        Routed<M> routed = (Routed<M>) router.apply(model);
        if (routed == null) {
            return new Targets(false, List.of(info.apply(model)));
        }
        return new Targets(
                true,
                routed.targets().stream()
                        .flatMap(target -> of(target, info, router).models().stream())
                        .toList());
    }

    boolean include(ListedModel listed) {
        return models.stream()
                .anyMatch(model -> model.provider().equals(listed.provider())
                        && model.model().equals(listed.model()));
    }
}
