package dev.plinth.rag.connectors.s3;

import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.api.tck.DocumentSource;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** A bucket of a real server, written to by the AWS client. */
final class TestBucket implements DocumentSource {
    private final URI server = S3Server.address();
    private final String name = S3Server.newBucket();
    private final boolean ownReaders;
    private final Map<String, String> texts = new HashMap<>();
    private final Map<String, Readers> readers = new HashMap<>();
    private final S3Client client = S3Client.builder()
            .region(Region.US_EAST_1)
            .endpointOverride(server)
            .forcePathStyle(true)
            .requestChecksumCalculation(
                    RequestChecksumCalculation.WHEN_REQUIRED) // the server stores the rest as content
            .serviceConfiguration(service -> service.chunkedEncodingEnabled(false))
            .credentialsProvider(new SecretKey(S3Server.KEY, () -> S3Server.SECRET))
            .httpClient(UrlConnectionHttpClient.create())
            .build();

    /** @param ownReaders whether each object says who may read it */
    TestBucket(boolean ownReaders) {
        this.ownReaders = ownReaders;
        client.createBucket(bucket -> bucket.bucket(name));
    }

    String name() {
        return name;
    }

    S3Connector.Builder builder() {
        S3Connector.Builder builder = S3Connector.bucket(name)
                .endpoint(server)
                .credentials(S3Server.KEY, () -> S3Server.SECRET)
                .pageSize(3);
        return ownReaders ? builder.readersMetadata("Readers") : builder.readers(Readers.EVERYONE);
    }

    void putBytes(String key, String mediaType, byte[] content, Map<String, String> metadata) {
        client.putObject(
                object -> object.bucket(name).key(key).contentType(mediaType).metadata(metadata),
                RequestBody.fromBytes(content));
    }

    @Override
    public Connector connect() {
        return builder().build();
    }

    @Override
    public List<Connector> otherwise() {
        return List.of(
                builder().url("https://files.example/{key}").build(),
                builder().readersMetadata("others").build());
    }

    @Override
    public String id(String name) {
        return "docs/" + name + ".md";
    }

    @Override
    public void put(String name, String text) {
        texts.put(name, text);
        write(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private void write(String name, byte[] content) {
        Readers these = readers.getOrDefault(name, Readers.EVERYONE);
        String names = String.join(", ", new TreeSet<>(these.names()));
        putBytes(id(name), "text/markdown", content, names.isEmpty() ? Map.of() : Map.of("readers", names));
    }

    @Override
    public void remove(String name) {
        client.deleteObject(object -> object.bucket(this.name).key(id(name)));
    }

    @Override
    public void readers(String name, Readers readers) {
        this.readers.put(name, readers);
        put(name, texts.getOrDefault(name, ""));
    }

    @Override
    public void damage(String name) {
        write(name, "Gr\u00fc\u00dfe".getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void disappear() {
        client.listObjectsV2Paginator(list -> list.bucket(name)).contents().stream()
                .toList()
                .forEach(object ->
                        client.deleteObject(delete -> delete.bucket(name).key(object.key())));
        client.deleteBucket(bucket -> bucket.bucket(name));
    }

    @Override
    public Object state() {
        Map<String, String> state = new TreeMap<>();
        client.listObjectsV2Paginator(list -> list.bucket(name))
                .contents()
                .forEach(object -> state.put(object.key(), object.eTag() + " " + object.lastModified()));
        return state;
    }

    @Override
    public String secret() {
        return S3Server.SECRET;
    }

    /** The server knows its keys but does not check signatures. */
    @Override
    public Connector connectWith(String wrongSecret) {
        return builder().credentials(wrongSecret, () -> wrongSecret).build();
    }

    @Override
    public void close() {
        client.close();
    }
}
