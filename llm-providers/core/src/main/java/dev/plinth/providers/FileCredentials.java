package dev.plinth.providers;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.ErrorDetails;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * A secret in a file. A changed time, length or identity of the file makes it be read again; links are followed, since
 * mounted secrets are rotated by moving a link.
 */
final class FileCredentials implements CredentialsProvider {

    private final Path path;
    private volatile @Nullable Read last;

    private record Read(
            Secret secret,
            FileTime time,
            long size,
            @Nullable Object key) {

        boolean isOf(BasicFileAttributes file) {
            boolean sameKey = key == null ? file.fileKey() == null : key.equals(file.fileKey());
            return sameKey && size == file.size() && time.equals(file.lastModifiedTime());
        }
    }

    FileCredentials(Path path) {
        this.path = path;
    }

    @Override
    public Secret secret(CallContext context) {
        try {
            BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
            Read known = last;
            if (known != null && known.isOf(file)) {
                return known.secret;
            }
            Secret secret = Secret.of(Files.readString(path));
            last = new Read(secret, file.lastModifiedTime(), file.size(), file.fileKey());
            return secret;
        } catch (IOException | IllegalArgumentException unusable) {
            String what = unusable instanceof IOException ? "cannot be read" : unusable.getMessage();
            throw new AuthenticationException(path + ": " + what + " (expected: a key)", ErrorDetails.NONE, unusable);
        }
    }
}
