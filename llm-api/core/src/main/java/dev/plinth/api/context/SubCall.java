package dev.plinth.api.context;

import dev.plinth.api.check.Check;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One finished sub-call of an interaction.
 *
 * @param id unique within the interaction
 * @param parent id of the sub-call around it; null: none
 * @param kind what was called
 * @param name what was asked for: the model, the retriever or the tool
 * @param answeredBy what really answered, such as a dated model name; null: not known, or failed
 * @param startedAt when it began
 * @param duration until the answer was complete, failed or given up
 * @param usage of this call alone, without its children
 * @param cost of this call alone; null: not known
 * @param cached whether the answer came out of a cache
 * @param error stable code of the error; null: none
 * @param attempts the tries it took, in the order of their starts; none when nothing was tried more than once
 * @param steps what layers did for it, such as a look into a cache, in the order of their ends
 */
public record SubCall(
        String id,
        @Nullable String parent,
        Kind kind,
        String name,
        @Nullable String answeredBy,
        Instant startedAt,
        Duration duration,
        Usage usage,
        @Nullable Cost cost,
        boolean cached,
        @Nullable String error,
        List<Attempt> attempts,
        List<Step> steps) {

    /** What was called. */
    public enum Kind {
        CHAT,
        EMBEDDING,
        RERANK,
        RETRIEVAL,
        TOOL
    }

    public SubCall {
        Check.notBlank(id, "id");
        Check.notNull(kind, "kind");
        Check.notNull(name, "name");
        Check.notNull(startedAt, "startedAt");
        Check.notNull(duration, "duration");
        Check.notNull(usage, "usage");
        attempts = List.copyOf(attempts);
        steps = List.copyOf(steps);
    }
}
