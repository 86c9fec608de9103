package dev.plinth.governance;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.layer.Routed;
import dev.plinth.api.model.ModelInfo;
import java.util.List;

/**
 * Where calls to a model may end.
 *
 * @param routed whether the model chooses among them, call by call; else there is one
 * @param models the first choice first
 */
record Targets(boolean routed, List<ModelInfo> models) {

    static Targets of(ChatModel model) {
        return new Targets(model.unwrap(Routed.class).isPresent(), Routed.endsOf(model));
    }

    static Targets of(EmbeddingModel model) {
        return new Targets(model.unwrap(Routed.class).isPresent(), Routed.endsOf(model));
    }

    boolean include(ListedModel listed) {
        return models.stream()
                .anyMatch(model -> model.provider().equals(listed.provider())
                        && model.model().equals(listed.model()));
    }
}
