package dev.plinth.providers.bedrock;

import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.ErrorDetails;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that settings name. */
final class AwsFile {

    private AwsFile() {}

    /**
     * The text of a file.
     *
     * @param expected what it should hold, for the error if it cannot be read
     */
    static String read(Path file, String expected) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new AuthenticationException(
                    file + ": cannot be read (expected: " + expected + ")", ErrorDetails.NONE, unreadable);
        }
    }
}
