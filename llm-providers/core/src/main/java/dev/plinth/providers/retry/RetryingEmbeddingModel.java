package dev.plinth.providers.retry;

import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.ForwardingEmbeddingModel;
import dev.plinth.api.embedding.IncompleteEmbeddingException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.providers.attempt.AttemptLog;
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
        AttemptLog log = attempter.newLog();
        EmbeddingResponse answer = attempter.run(asked, request.context(), log, open -> {
            IncompleteEmbeddingException before = stopped.get();
            EmbeddingModel once = logged(open);
            try {
                return before == null ? once.embed(request) : before.resume(once);
            } catch (IncompleteEmbeddingException incomplete) {
                stopped.set(incomplete);
                throw incomplete;
            }
        });
        return log.attempts().size() == 1 ? answer : log.whole(answer);
    }

    /** Logs how an attempt ended before what was done by the earlier ones is added to it: each counts what it used itself. */
    private EmbeddingModel logged(AttemptLog.Open open) {
        return new ForwardingEmbeddingModel(next()) {
            @Override
            public EmbeddingResponse embed(EmbeddingRequest request) {
                try {
                    EmbeddingResponse response = next().embed(request);
                    open.answered(response);
                    return response;
                } catch (LlmException failure) {
                    open.failed(failure);
                    throw failure;
                }
            }
        };
    }
}
