package dev.plinth.providers.postgresql;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.time.TimeSource;
import dev.plinth.providers.bucket4j.Bucket4jRateStore;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.jdbc.CustomColumnProvider;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/** The table of buckets: makes it, and deletes what has expired. */
final class Table {

    static final String NAME = "plinth_rate";
    static final String DEFINITION =
            "CREATE TABLE IF NOT EXISTS " + NAME + " (name VARCHAR(300) PRIMARY KEY, state BYTEA, expires_at BIGINT)";

    private static final long CLEAN_EVERY = Duration.ofMinutes(10).toNanos();
    private static final long LONGEST_MILLIS = Duration.ofDays(36_500).toMillis();
    private static final Pattern PLAIN = Pattern.compile("[ -~]{0,200}");
    private static final String DIGEST = "sha-256:";

    private final DataSource dataSource;
    private final TimeSource time;
    private final AtomicLong cleanedAt;

    Table(DataSource dataSource, TimeSource time) {
        this.dataSource = dataSource;
        this.time = time;
        this.cleanedAt = new AtomicLong(time.nanos());
    }

    /** The row's name: the bucket's own where it is short and plain, else a digest of it. */
    static String key(String bucket) {
        Check.notNull(bucket, "bucket");
        if (PLAIN.matcher(bucket).matches() && !bucket.startsWith(DIGEST)) {
            return bucket;
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bucket.getBytes(StandardCharsets.UTF_8));
            return DIGEST + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("SHA-256: missing (expected: in every Java platform)", missing);
        }
    }

    /** Makes the table. One that is there is used, whether or not one may make tables. */
    void prepare() {
        try {
            execute(DEFINITION);
        } catch (SQLException refused) {
            try {
                execute("SELECT name, state, expires_at FROM " + NAME + " WHERE FALSE");
            } catch (SQLException missing) {
                refused.addSuppressed(missing);
                throw new StoreException(
                        "table: " + NAME + " (expected: to be there, or to be made)", ErrorDetails.NONE, refused);
            }
        }
    }

    /** The column that says when a row may go: on the store's clock, which Bucket4j's own does not use. */
    CustomColumnProvider<String> expiry() {
        ExpirationAfterWriteStrategy strategy =
                ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(Bucket4jRateStore.KEPT_FULL);
        return new CustomColumnProvider<>() {
            @Override
            public void setCustomField(
                    String key, int position, PreparedStatement update, RemoteBucketState state, long nanos)
                    throws SQLException {
                long millis = Math.min(strategy.calculateTimeToLiveMillis(state, nanos), LONGEST_MILLIS);
                update.setLong(position, time.now().toEpochMilli() + millis);
            }

            @Override
            public String getCustomFieldName() {
                return "expires_at";
            }
        };
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
            commit(connection);
        }
    }

    /** Deletes what has expired, every ten minutes, on the thread of whoever calls then. */
    void cleanNowAndThen() {
        long now = time.nanos();
        long before = cleanedAt.get();
        if (now - before < CLEAN_EVERY || !cleanedAt.compareAndSet(before, now)) {
            return;
        }
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete =
                        connection.prepareStatement("DELETE FROM " + NAME + " WHERE expires_at < ?")) {
            delete.setLong(1, time.now().toEpochMilli());
            delete.executeUpdate();
            commit(connection);
        } catch (SQLException failure) {
            throw new StoreException(
                    "table: " + NAME + " (expected: expired rows deleted)", ErrorDetails.NONE, failure);
        }
    }

    private static void commit(Connection connection) throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.commit();
        }
    }
}
