package dev.plinth.rag.connectors.s3;

import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/** A key and where its secret comes from; never shown. */
record SecretKey(String accessKey, Supplier<String> secret) implements AwsCredentialsProvider {
    @Override
    public AwsCredentials resolveCredentials() {
        return AwsBasicCredentials.create(accessKey, secret.get());
    }

    @Override
    public String toString() {
        return "SecretKey[" + accessKey + ", ***]";
    }
}
