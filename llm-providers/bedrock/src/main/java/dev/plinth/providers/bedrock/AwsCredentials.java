package dev.plinth.providers.bedrock;

import dev.plinth.api.check.Check;
import dev.plinth.providers.Secret;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key of AWS. Its secrets show themselves only to whoever asks for them by name.
 *
 * @param accessKeyId says which key it is; not secret
 * @param secretAccessKey signs the calls and is never sent
 * @param sessionToken sent with a key that is lent for some time; null: the key is a lasting one
 * @param expiration when the key ends; null: nobody says
 */
public record AwsCredentials(
        String accessKeyId,
        Secret secretAccessKey,
        @Nullable Secret sessionToken,
        @Nullable Instant expiration) {

    public AwsCredentials {
        Check.notBlank(accessKeyId, "accessKeyId");
        Check.notNull(secretAccessKey, "secretAccessKey");
    }

    /** A lasting key. */
    public static AwsCredentials of(String accessKeyId, String secretAccessKey) {
        return new AwsCredentials(accessKeyId, Secret.of(secretAccessKey), null, null);
    }

    /** A key that is lent for some time. */
    public static AwsCredentials of(String accessKeyId, String secretAccessKey, String sessionToken) {
        return new AwsCredentials(accessKeyId, Secret.of(secretAccessKey), Secret.of(sessionToken), null);
    }
}
