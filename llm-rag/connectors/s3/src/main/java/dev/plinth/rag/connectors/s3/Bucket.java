package dev.plinth.rag.connectors.s3;

import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.StoreException;
import dev.plinth.rag.connect.Interruption;
import dev.plinth.rag.connect.Pace;
import java.time.Duration;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Asks the server, at the pace that was set, and says what went wrong in the platform's words. Thread-safe. */
final class Bucket implements AutoCloseable {
    /** A connection that failed may do better later. */
    static final ErrorDetails BUSY = ErrorDetails.builder().retryable(true).build();

    private static final Set<String> CREDENTIALS = Set.of(
            "InvalidAccessKeyId",
            "SignatureDoesNotMatch",
            "ExpiredToken",
            "InvalidToken",
            "AuthFailure",
            "TokenRefreshRequired",
            "InvalidSecurity",
            "RequestTimeTooSkewed");

    private final String name;
    private final S3Client client;
    private final Pace pace;
    private final @Nullable Duration between;

    /** @param between how long from one request to the next; null: no limit */
    Bucket(String name, S3Client client, Pace pace, @Nullable Duration between) {
        this.name = name;
        this.client = client;
        this.pace = pace;
        this.between = between;
    }

    /** For what concerns all objects: to be denied it is a matter of the credentials. */
    <T> T ask(Function<S3Client, T> request) {
        return ask(null, request);
    }

    /** @param key of the one object it is about; that one may be denied, and others not. Null: it is about all */
    <T> T ask(@Nullable String key, Function<S3Client, T> request) {
        Interruption.check(name);
        if (between != null) {
            pace.await(name, between);
        }
        try {
            return request.apply(client);
        } catch (AbortedException aborted) {
            throw Interruption.of(name, aborted);
        } catch (SdkException exception) {
            Interruption.check(name);
            throw failed(key, exception);
        }
    }

    private LlmException failed(@Nullable String key, SdkException exception) {
        if (!(exception instanceof S3Exception answer)) {
            return new StoreException("storage: " + name + " cannot be reached", BUSY, exception);
        }
        AwsErrorDetails said = answer.awsErrorDetails();
        String code = said == null || said.errorCode() == null ? "" : said.errorCode();
        ErrorDetails details = ErrorDetails.builder()
                .httpStatus(answer.statusCode())
                .requestId(answer.requestId())
                .providerCode(code.isEmpty() ? null : code)
                .retryable(answer.statusCode() == 429 || answer.statusCode() >= 500)
                .build();
        boolean denied = answer.statusCode() == 401 || answer.statusCode() == 403;
        if (CREDENTIALS.contains(code) || denied && key == null) {
            return new AuthenticationException(
                    "storage: " + name + " refuses the credentials, " + code
                            + " (expected: some that may list and read)",
                    details,
                    exception);
        }
        if (key != null && answer.statusCode() == 404) {
            return new StoreException("object: " + key + " is gone (expected: in " + name + ")", details, exception);
        }
        return new StoreException(
                (key == null ? "storage: " + name : "object: " + key) + " cannot be read, HTTP status "
                        + answer.statusCode() + " " + code,
                details,
                exception);
    }

    @Override
    public void close() {
        client.close();
    }
}
