package dev.plinth.providers;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.ErrorDetails;
import java.util.List;
import java.util.Map;

/** A secret in an environment variable. */
final class EnvironmentCredentials implements CredentialsProvider {

    private final Map<String, String> environment;
    private final List<String> names;

    EnvironmentCredentials(Map<String, String> environment, List<String> names) {
        this.environment = environment;
        this.names = names;
    }

    @Override
    public Secret secret(CallContext context) {
        for (String name : names) {
            String value = environment.get(name);
            if (value != null && !value.isBlank()) {
                return Secret.of(value);
            }
        }
        throw new AuthenticationException(
                String.join(", ", names) + ": not set (expected: a key)", ErrorDetails.NONE, null);
    }
}
