package dev.plinth.providers.bedrock;

import dev.plinth.api.check.Check;
import dev.plinth.api.context.CallContext;

/**
 * Where the key of a call to AWS comes from. It is asked before each call, so a key that changes is used from the next
 * call on, without a restart.
 *
 * <p>Implementations are thread-safe, quick most of the time, and never show a secret in an error.
 */
@FunctionalInterface
public interface AwsCredentialsProvider {

    /**
     * The key for a call in this context.
     *
     * @throws dev.plinth.api.error.AuthenticationException if there is none
     * @throws dev.plinth.api.error.LlmException if who hands out keys cannot be asked
     */
    AwsCredentials credentials(CallContext context);

    /** Always this key. */
    static AwsCredentialsProvider of(AwsCredentials credentials) {
        Check.notNull(credentials, "credentials");
        return context -> credentials;
    }
}
