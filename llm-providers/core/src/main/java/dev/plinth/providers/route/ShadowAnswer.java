package dev.plinth.providers.route;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.check.Check;
import org.jspecify.annotations.Nullable;

/**
 * What became of the copy of a call, beside what the user got.
 *
 * @param request what was asked
 * @param live the answer that the user got
 * @param deployment where the copy went
 * @param answer of the copy; null: it failed
 * @param failure of the copy, mostly an {@link dev.plinth.api.error.LlmException}; null: it answered
 */
public record ShadowAnswer(
        ChatRequest request,
        ChatResponse live,
        Deployment deployment,
        @Nullable ChatResponse answer,
        @Nullable RuntimeException failure) {

    public ShadowAnswer {
        Check.notNull(request, "request");
        Check.notNull(live, "live");
        Check.notNull(deployment, "deployment");
        Check.that((answer == null) != (failure == null), "answer", answer, "either an answer or a failure");
    }
}
