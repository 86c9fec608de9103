package dev.plinth.api.context;

import dev.plinth.api.check.Check;
import org.jspecify.annotations.Nullable;

/**
 * Who calls.
 *
 * @param application the calling application
 * @param team who owns it
 * @param user pseudonymous id of the person behind the call, never a name or an address; null: no person
 */
public record Principal(
        String application, String team, @Nullable String user) {

    public Principal {
        Check.notBlank(application, "application");
        Check.notBlank(team, "team");
        Check.that(user == null || !user.isBlank(), "user", user, "not blank, or null");
    }
}
