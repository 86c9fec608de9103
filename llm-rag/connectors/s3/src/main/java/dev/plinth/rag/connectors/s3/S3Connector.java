package dev.plinth.rag.connectors.s3;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.api.retrieval.Value;
import dev.plinth.api.time.TimeSource;
import dev.plinth.rag.connect.Interruption;
import dev.plinth.rag.connect.Pace;
import dev.plinth.rag.connect.RequiredReaders;
import dev.plinth.rag.parse.DocumentParser;
import dev.plinth.rag.parse.FileNames;
import dev.plinth.rag.parse.Parsed;
import dev.plinth.rag.text.Sha256;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The objects of a bucket, at Amazon S3 or any storage that speaks its protocol, such as MinIO or Ceph.
 *
 * <pre>{@code
 * S3Connector handbook = S3Connector.bucket("company-docs")
 *         .prefix("handbook/")
 *         .region("eu-central-1")
 *         .parser(TikaParser.create())
 *         .readers(Readers.of("group:staff"))
 *         .build();
 * }</pre>
 *
 * <p>An object's version is its ETag. The storage lists everything, page by page in the order of the keys, and does not
 * tell of changes: what a whole list no longer names is gone. A list that was broken off goes on behind the last key.
 *
 * <p>Offers the objects whose names the parser accepts, text and Markdown by default, of at most 16 MiB; names the others,
 * but not those that {@link Builder#paths} leaves out. A document's id is its key; its metadata are {@code path},
 * {@code extension}, {@link Document#MODIFIED} and what the parser tells.
 *
 * <p>What is read with credentials is not for everyone until somebody says so: without {@link Builder#readers} or
 * {@link Builder#readersMetadata} no connector is built.
 *
 * <p>A bucket without a single object under the prefix is refused with {@link StoreException}, so an index is not
 * emptied by a wrong prefix. Requests that the storage asks to slow down, or fails on, are tried again by the client,
 * three times in all. Thread-safe. A storage that does not answer is given up after the time limit, not at an
 * interruption.
 */
public final class S3Connector implements Connector {
    private static final String CURSOR = "after ";

    private final String name;
    private final String bucketName;
    private final String prefix;
    private final Bucket bucket;
    private final DocumentParser parser;
    private final Predicate<? super String> paths;
    private final long maxBytes;
    private final int pageSize;
    private final Readers readers;
    private final @Nullable String readersMetadata;
    private final String url;

    private S3Connector(Builder builder) {
        this.readers = builder.readersMetadata == null ? RequiredReaders.of(builder.readers) : Readers.NOBODY;
        this.bucketName = builder.bucket;
        this.prefix = builder.prefix;
        this.name = builder.name == null ? "s3://" + bucketName + "/" + prefix : builder.name;
        this.bucket = new Bucket(name, Clients.create(builder), new Pace(name, builder.time), builder.between);
        this.parser = builder.parser;
        this.paths = builder.paths;
        this.maxBytes = builder.maxBytes;
        this.pageSize = builder.pageSize;
        this.readersMetadata = builder.readersMetadata;
        this.url = builder.url == null ? "s3://" + bucketName + "/{key}" : builder.url;
    }

    /** The objects of this bucket. */
    public static Builder bucket(String bucket) {
        return new Builder(Check.notBlank(bucket, "bucket"));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String fingerprint() {
        return Sha256.of(List.of(readers.text(), parser.fingerprint(), String.valueOf(readersMetadata), url));
    }

    @Override
    public Page list(@Nullable String cursor) {
        String after = cursor != null && cursor.startsWith(CURSOR) ? cursor.substring(CURSOR.length()) : null;
        ListObjectsV2Request request = ListObjectsV2Request.builder()
                .bucket(bucketName)
                .prefix(prefix)
                .startAfter(after)
                .maxKeys(pageSize)
                .build();
        ListObjectsV2Response page = bucket.ask(client -> client.listObjectsV2(request));
        List<Item> items = new ArrayList<>();
        List<String> denied = new ArrayList<>();
        List<Skipped> skipped = new ArrayList<>();
        String last = null;
        for (S3Object object : page.contents()) {
            last = object.key();
            if (last.equals(after)) {
                throw new StoreException("storage: " + name
                        + " lists again what it has listed (expected: to go on behind " + after + ", by start-after)");
            }
            if (!paths.test(last)) {
                continue;
            }
            String reason = refusal(object);
            if (reason != null) {
                skipped.add(new Skipped(last, reason));
                continue;
            }
            Optional<String> version = version(object);
            if (version.isPresent()) {
                items.add(new Item(last, version.get()));
            } else {
                denied.add(last);
            }
        }
        boolean more = Boolean.TRUE.equals(page.isTruncated());
        if (more && last == null) {
            throw new StoreException(
                    "storage: " + name + " breaks its list off (expected: objects on every page but the last)");
        }
        if (after == null && last == null) {
            throw new StoreException("storage: " + name + " holds no object (expected: at least one with this prefix)");
        }
        return new Page(items, denied, skipped, more ? CURSOR + last : null, null, true, -1);
    }

    private @Nullable String refusal(S3Object object) {
        if (object.key().endsWith("/")) {
            return "folder";
        }
        if (!parser.accepts(object.key(), null)) {
            return "no kind of file that is read";
        }
        return object.size() > maxBytes ? object.size() + " bytes, more than " + maxBytes : null;
    }

    /** Empty: the object may not be asked for, or is gone by now. */
    private Optional<String> version(S3Object object) {
        String tag = object.eTag().replace("\"", "");
        if (readersMetadata == null) {
            return Optional.of(tag);
        }
        try {
            HeadObjectResponse head = bucket.ask(
                    object.key(),
                    client -> client.headObject(ask -> ask.bucket(bucketName).key(object.key())));
            return Optional.of(
                    tag + " " + new TreeSet<>(readers(head.metadata()).names()));
        } catch (StoreException refused) {
            int status = refused.details().httpStatus().orElse(0);
            if (status == 403 || status == 404) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    @Override
    public Document fetch(Item item) {
        return bucket.ask(item.id(), client -> {
            try (var object = client.getObject(get -> get.bucket(bucketName).key(item.id()))) {
                byte[] content = object.readNBytes((int) Math.min(maxBytes + 1, Integer.MAX_VALUE - 8));
                if (content.length > maxBytes) {
                    object.abort(); // or the rest would be read before the connection is used again
                    throw new StoreException(
                            "object: " + item.id() + " has grown (expected: at most " + maxBytes + " bytes)");
                }
                return document(item.id(), object.response(), content);
            } catch (IOException exception) {
                Interruption.check(name);
                throw new StoreException("object: " + item.id() + " cannot be read", Bucket.BUSY, exception);
            }
        });
    }

    private Document document(String key, GetObjectResponse answer, byte[] content) {
        Parsed parsed = parser.parse(key, answer.contentType(), content);
        Metadata metadata = parsed.metadata().with("path", key).with("extension", FileNames.extension(key));
        if (answer.lastModified() != null) {
            metadata = metadata.with(
                    Document.MODIFIED, Value.of(answer.lastModified().toEpochMilli()));
        }
        String place = url.replace("{key}", encoded(key));
        return new Document(
                key, parsed.title(), parsed.text(), place, readers(answer.metadata()), metadata, parsed.pages());
    }

    /** An object that does not say who may read it is read by nobody. */
    private Readers readers(Map<String, String> metadata) {
        if (readersMetadata == null) {
            return readers;
        }
        Set<String> names = new TreeSet<>();
        for (String one : metadata.getOrDefault(readersMetadata, "").split(",")) {
            if (!one.isBlank()) {
                names.add(one.strip());
            }
        }
        return new Readers(names);
    }

    private static String encoded(String key) {
        return URLEncoder.encode(key, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2F", "/");
    }

    @Override
    public void close() {
        bucket.close();
    }

    @Override
    public String toString() {
        return "S3Connector[" + name + "]";
    }

    /** What is read of a bucket, and how. Not thread-safe. */
    public static final class Builder {
        private final String bucket;
        private String prefix = "";
        private @Nullable String name;

        @Nullable
        URI endpoint;

        String region = "us-east-1";

        @Nullable
        AwsCredentialsProvider credentials;

        Duration timeout = Duration.ofMinutes(1);
        private DocumentParser parser = DocumentParser.text();
        private Predicate<? super String> paths = key -> true;
        private long maxBytes = 16L << 20;
        private int pageSize = 1000;
        private @Nullable Readers readers;
        private @Nullable String readersMetadata;
        private @Nullable String url;
        private @Nullable Duration between;
        private TimeSource time = TimeSource.system();

        private Builder(String bucket) {
            this.bucket = bucket;
        }

        /** Only objects whose keys begin so, such as {@code handbook/}. */
        public Builder prefix(String prefix) {
            this.prefix = Check.notNull(prefix, "prefix");
            return this;
        }

        /** The name of the source; {@code s3://}, the bucket and the prefix unless set. */
        public Builder name(String name) {
            this.name = Check.notBlank(name, "name");
            return this;
        }

        /** Where the bucket is; {@code us-east-1} unless set, which most other storages take. */
        public Builder region(String region) {
            this.region = Check.notBlank(region, "region");
            return this;
        }

        /** Another storage than Amazon's, such as {@code https://minio.example:9000}; the bucket stands in the path. */
        public Builder endpoint(URI endpoint) {
            Check.that(endpoint.getUserInfo() == null, "endpoint", "with a user", "credentials() for it");
            this.endpoint = endpoint;
            return this;
        }

        /**
         * With which key the storage is asked. Unless set, with what the AWS client finds: environment, profile or the
         * role of the machine.
         *
         * @param accessKey names the key
         * @param secretKey asked before every request
         */
        public Builder credentials(String accessKey, Supplier<String> secretKey) {
            return credentials(
                    new SecretKey(Check.notBlank(accessKey, "accessKey"), Check.notNull(secretKey, "secretKey")));
        }

        /** Where the credentials come from, such as a role that is taken on. */
        public Builder credentials(AwsCredentialsProvider credentials) {
            this.credentials = Check.notNull(credentials, "credentials");
            return this;
        }

        /** What reads the objects; it is shown their keys, and their media types when they are read. */
        public Builder parser(DocumentParser parser) {
            this.parser = Check.notNull(parser, "parser");
            return this;
        }

        /** Which objects, by their keys; all unless set. */
        public Builder paths(Predicate<? super String> paths) {
            this.paths = Check.notNull(paths, "paths");
            return this;
        }

        /** The most bytes of an object. */
        public Builder maxBytes(long bytes) {
            this.maxBytes = Check.positive(bytes, "maxBytes");
            return this;
        }

        /** The most objects in one page of the list; 1000 unless set, which is the most that the storage gives. */
        public Builder pageSize(int objects) {
            Check.that(objects >= 1 && objects <= 1000, "pageSize", objects, "1 to 1000");
            this.pageSize = objects;
            return this;
        }

        /** Who may read the documents; has to be said, unless there are {@link #readersMetadata}. */
        public Builder readers(Readers readers) {
            this.readers = Check.notNull(readers, "readers");
            return this;
        }

        /**
         * The user-defined metadata, without {@code x-amz-meta-}, that say who may read an object: names with commas between
         * them. One without them is read by nobody. A list then asks for each object, too; one that it may not ask for is
         * named as removed.
         */
        public Builder readersMetadata(String key) {
            this.readersMetadata = Check.notBlank(key, "readersMetadata").toLowerCase(Locale.ROOT);
            return this;
        }

        /** Where a person finds an object, with {@code {key}} in it; its {@code s3://} address unless set. */
        public Builder url(String template) {
            Check.that(template.contains("{key}"), "url", template, "{key} in it");
            this.url = template;
            return this;
        }

        /** The most requests in a second, evenly spread; no limit unless set. */
        public Builder requestsPerSecond(double requests) {
            Check.that(requests > 0 && requests <= 1e6, "requestsPerSecond", requests, "> 0, at most 1000000");
            this.between = Duration.ofNanos(Math.round(1e9 / requests));
            return this;
        }

        /** How long the storage may be silent; 1 minute unless set. */
        public Builder timeout(Duration timeout) {
            this.timeout = Check.positive(timeout, "timeout");
            return this;
        }

        /** Where the time comes from. */
        public Builder time(TimeSource time) {
            this.time = Check.notNull(time, "time");
            return this;
        }

        /** The connector. The storage is not asked before the first list. */
        public S3Connector build() {
            return new S3Connector(this);
        }
    }
}
