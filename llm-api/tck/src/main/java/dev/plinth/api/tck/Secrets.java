package dev.plinth.api.tck;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;

/** What no error may show: keys, passwords, prompts. */
final class Secrets {
    private Secrets() {}

    /** Looks for a secret in an error and in all that caused it. */
    static void assertHidden(String secret, @Nullable Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            assertThat(cause.toString()).doesNotContain(secret);
        }
    }
}
