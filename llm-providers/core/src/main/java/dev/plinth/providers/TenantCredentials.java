package dev.plinth.providers;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Principal;
import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.ErrorDetails;
import java.util.function.Function;

/** A secret of whoever calls. */
final class TenantCredentials implements CredentialsProvider {

    private final Function<? super Principal, ? extends CredentialsProvider> credentials;

    TenantCredentials(Function<? super Principal, ? extends CredentialsProvider> credentials) {
        this.credentials = credentials;
    }

    @Override
    public Secret secret(CallContext context) {
        Principal principal = context.principal()
                .orElseThrow(() -> refused("principal: none (expected: one in the context of the call)"));
        CredentialsProvider own = credentials.apply(principal);
        if (own == null) {
            throw refused("credentials: none for " + principal.team() + "/" + principal.application()
                    + " (expected: a key of its own)");
        }
        return own.secret(context);
    }

    private static AuthenticationException refused(String message) {
        return new AuthenticationException(message, ErrorDetails.NONE, null);
    }
}
