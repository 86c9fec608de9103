package dev.plinth.api.retrieval;

import dev.plinth.api.context.CallContext;
import java.util.Set;
import java.util.TreeSet;

/**
 * Under which names a caller reads: the names that {@link Readers} of documents list. An application asks its directory
 * here for the groups of a user.
 *
 * <p>Thread-safe. What it throws ends the search: without an answer nothing is found.
 */
@FunctionalInterface
public interface Grants {

    /** The names of the caller; empty: only what everyone may read. */
    Set<String> of(CallContext context);

    /**
     * What the call says of itself: {@code user:ID}, {@code team:NAME} and {@code application:NAME}; nothing without a
     * principal.
     */
    static Grants ofPrincipal() {
        return context -> {
            Set<String> names = new TreeSet<>();
            context.principal().ifPresent(principal -> {
                names.add("application:" + principal.application());
                names.add("team:" + principal.team());
                if (principal.user() != null) {
                    names.add("user:" + principal.user());
                }
            });
            return names;
        };
    }
}
