package dev.plinth.rag.connectors.s3;

import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Makes the client of the AWS SDK. */
final class Clients {
    private Clients() {}

    static S3Client create(S3Connector.Builder settings) {
        S3ClientBuilder client = S3Client.builder()
                .region(Region.of(settings.region))
                .overrideConfiguration(all -> all.retryStrategy(RetryMode.STANDARD)) // three tries in all
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(settings.timeout)
                        .socketTimeout(settings.timeout));
        if (settings.endpoint != null) {
            client.endpointOverride(settings.endpoint).forcePathStyle(true);
        }
        if (settings.credentials != null) {
            client.credentialsProvider(settings.credentials);
        }
        return client.build();
    }
}
