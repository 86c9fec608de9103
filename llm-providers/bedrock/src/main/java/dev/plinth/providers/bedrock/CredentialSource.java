package dev.plinth.providers.bedrock;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.providers.Secret;
import java.util.Optional;

/** A place where there may be a key. */
@FunctionalInterface
interface CredentialSource {

    /**
     * The key; empty: the place is not in use.
     *
     * @throws AuthenticationException if it is in use and there is no key all the same
     */
    Optional<AwsCredentials> find(CallContext context);

    /** A key out of settings, all of them or none. */
    static Optional<AwsCredentials> key(
            String where, Optional<String> id, Optional<String> secret, Optional<String> token) {
        if (id.isEmpty() && secret.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new AwsCredentials(
                    id.orElseThrow(() -> new IllegalArgumentException("access key id: not set")),
                    Secret.of(secret.orElseThrow(() -> new IllegalArgumentException("secret access key: not set"))),
                    token.map(Secret::of).orElse(null),
                    null));
        } catch (IllegalArgumentException broken) {
            throw new AuthenticationException(
                    where + ": " + broken.getMessage() + " (expected: a whole key)", ErrorDetails.NONE, broken);
        }
    }
}
