package dev.plinth.providers.bedrock;

import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.ErrorDetails;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A key that a program prints: {@code credential_process} of a profile. The user's shell runs the command. */
final class ProcessCredentials {

    private static final long LIMIT_SECONDS = 60;

    private ProcessCredentials() {}

    static AwsCredentials run(String command, String operatingSystem) {
        boolean windows = operatingSystem.toLowerCase(Locale.ROOT).startsWith("windows");
        List<String> shell = windows ? List.of("cmd.exe", "/C", command) : List.of("sh", "-c", command);
        ProcessBuilder builder = new ProcessBuilder(shell)
                .redirectInput(ProcessBuilder.Redirect.from(new File(windows ? "NUL" : "/dev/null")))
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        Process process = null;
        try {
            process = builder.start();
            // What it prints fits into the pipe: a key has some 2,000 characters.
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw refused("not over in " + LIMIT_SECONDS + " s", null);
            }
            if (process.exitValue() != 0) {
                throw refused("exit code " + process.exitValue(), null);
            }
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return CredentialAnswer.read(printed).credentials("credential_process");
        } catch (IOException failure) {
            throw refused("cannot be run", failure);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new CancelledException(
                    "thread: interrupted (expected: the end of credential_process)", ErrorDetails.NONE, interruption);
        } finally {
            if (process != null) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        }
    }

    private static AuthenticationException refused(String what, @Nullable Throwable cause) {
        return new AuthenticationException(
                "credential_process: " + what + " (expected: a key on its output)", ErrorDetails.NONE, cause);
    }
}
