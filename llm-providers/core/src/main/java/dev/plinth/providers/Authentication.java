package dev.plinth.providers;

import dev.plinth.api.check.Check;
import dev.plinth.api.context.CallContext;
import org.jspecify.annotations.Nullable;

/**
 * How a call proves who makes it.
 *
 * <p>Implementations are thread-safe.
 */
@FunctionalInterface
public interface Authentication {

    /** Servers that want no key. */
    Authentication NONE = (call, context) -> null;

    /**
     * Adds the proof to a call that is complete otherwise.
     *
     * @return what must not be repeated from an answer; null: nothing
     * @throws dev.plinth.api.error.AuthenticationException if there is no secret
     */
    @Nullable
    Secret apply(HttpCall.Builder call, CallContext context);

    /** A token in the header {@code Authorization}. */
    static Authentication bearer(CredentialsProvider credentials) {
        Check.notNull(credentials, "credentials");
        return (call, context) -> {
            Secret secret = credentials.secret(context);
            call.header("Authorization", "Bearer " + secret.reveal());
            return secret;
        };
    }

    /** A key in a header of its own, as it is. */
    static Authentication header(String name, CredentialsProvider credentials) {
        Check.notBlank(name, "name");
        Check.notNull(credentials, "credentials");
        return (call, context) -> {
            Secret secret = credentials.secret(context);
            call.header(name, secret.reveal());
            return secret;
        };
    }
}
