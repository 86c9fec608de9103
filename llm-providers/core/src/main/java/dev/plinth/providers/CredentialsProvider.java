package dev.plinth.providers;

import dev.plinth.api.check.Check;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Principal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Where the key or token of a call comes from. It is asked before each call, so a key that changes is used from the next
 * call on, without a restart.
 *
 * <p>Implementations are thread-safe, quick, and never show a secret in an error.
 */
@FunctionalInterface
public interface CredentialsProvider {

    /**
     * The secret for a call in this context.
     *
     * @throws dev.plinth.api.error.AuthenticationException if there is none
     */
    Secret secret(CallContext context);

    /** Always this key. */
    static CredentialsProvider of(String key) {
        Secret secret = Secret.of(key);
        return context -> secret;
    }

    /** Whatever the supplier has at the moment, such as a token that is renewed in time. */
    static CredentialsProvider of(Supplier<Secret> supplier) {
        Check.notNull(supplier, "supplier");
        return context -> Check.notNull(supplier.get(), "secret");
    }

    /** The first of these environment variables that is set. */
    static CredentialsProvider environment(String... names) {
        return environment(System.getenv(), names);
    }

    /** The first of these variables that is set in an environment. */
    static CredentialsProvider environment(Map<String, String> environment, String... names) {
        return new EnvironmentCredentials(environment, Check.notEmpty(List.of(names), "names"));
    }

    /** The content of a file, such as a mounted secret; read again when the file has changed. */
    static CredentialsProvider file(Path path) {
        return new FileCredentials(Check.notNull(path, "path"));
    }

    /**
     * The credentials of whoever calls: of a team, an application, a user. A call without a principal, or one whose
     * principal has none, is refused.
     *
     * @param credentials of a principal; null: it has none
     */
    static CredentialsProvider perTenant(Function<? super Principal, ? extends CredentialsProvider> credentials) {
        return new TenantCredentials(Check.notNull(credentials, "credentials"));
    }
}
