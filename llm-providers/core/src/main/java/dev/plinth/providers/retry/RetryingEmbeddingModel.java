package dev.plinth.providers.retry;

import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.ForwardingEmbeddingModel;
import dev.plinth.api.embedding.IncompleteEmbeddingException;
import dev.plinth.api.model.ModelInfo;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Tries again; what has been embedded by then is not asked for twice. */
final class RetryingEmbeddingModel extends ForwardingEmbeddingModel {

    private final Attempter attempter;

    RetryingEmbeddingModel(EmbeddingModel next, Attempter attempter) {
        super(next);
        this.attempter = attempter;
    }

    @Override
    public EmbeddingResponse embed(EmbeddingRequest request) {
        AtomicReference<@Nullable IncompleteEmbeddingException> stopped = new AtomicReference<>();
        ModelInfo info = next().info();
        ModelInfo asked = info.named(request.model().orElse(info.model()));
        return attempter.run(asked, request.context(), attempter.newLog(), open -> {
            IncompleteEmbeddingException before = stopped.get();
            try {
                return before == null ? next().embed(request) : before.resume(next());
            } catch (IncompleteEmbeddingException incomplete) {
                stopped.set(incomplete);
                throw incomplete;
            }
        });
    }
}
