package dev.plinth.tracing.sdk;

import dev.plinth.tracing.PlinthAttributes;
import io.opentelemetry.api.common.Attributes;
import org.jspecify.annotations.Nullable;

/** The names that traces are found by: what a judgement can say that it is of. */
final class Names {

    static final String INTERACTION = "interaction ";
    private static final String RESPONSE = "response ";

    private Names() {}

    static @Nullable String ofInteraction(@Nullable String id) {
        return id == null ? null : INTERACTION + id;
    }

    static @Nullable String ofResponse(@Nullable String id) {
        return id == null ? null : RESPONSE + id;
    }

    /** That of the answer; null: none of its own, since an answer out of a cache has the id of the one it repeats. */
    static @Nullable String ofResponse(Attributes attributes) {
        boolean cached = Boolean.TRUE.equals(attributes.get(PlinthAttributes.CACHED));
        return cached ? null : ofResponse(attributes.get(GenAi.RESPONSE_ID));
    }
}
