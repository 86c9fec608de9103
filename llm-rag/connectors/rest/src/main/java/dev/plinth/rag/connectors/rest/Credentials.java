package dev.plinth.rag.connectors.rest;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.AuthenticationException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How requests to the base are authorized; never shown.
 *
 * @param user for basic authentication; null: the secret is a bearer token
 * @param secret asked before every request
 */
record Credentials(@Nullable String user, Supplier<String> secret) {
    Credentials {
        Check.notNull(secret, "secret");
    }

    /** The value of the header {@code Authorization}. */
    String header() {
        String value = secret.get();
        if (value == null || value.isBlank() || !value.chars().allMatch(c -> c >= ' ' && c < 127)) {
            throw new AuthenticationException(
                    "secret: missing, or with characters that no header takes (expected: visible"
                            + " ASCII characters)");
        }
        return user == null
                ? "Bearer " + value.strip()
                : "Basic " + Base64.getEncoder().encodeToString((user + ":" + value).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "Credentials[" + (user == null ? "" : user + ", ") + "***]";
    }
}
