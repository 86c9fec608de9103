package dev.plinth.rag.connect;

import dev.plinth.api.check.Check;
import dev.plinth.api.retrieval.Readers;
import org.jspecify.annotations.Nullable;

/** For connectors: what is read with credentials is not for everyone until somebody says so. */
public final class RequiredReaders {
    private RequiredReaders() {}

    /**
     * Those that were said.
     *
     * @throws IllegalArgumentException if none were
     */
    public static Readers of(@Nullable Readers said) {
        Check.that(
                said != null,
                "readers",
                "missing",
                "who may read what is read with credentials, such as Readers.of(...) or Readers.EVERYONE");
        return Check.notNull(said, "readers");
    }
}
