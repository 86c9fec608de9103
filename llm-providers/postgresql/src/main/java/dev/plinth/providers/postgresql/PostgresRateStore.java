package dev.plinth.providers.postgresql;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.limit.Rate;
import dev.plinth.api.limit.RateStore;
import dev.plinth.api.time.TimeSource;
import dev.plinth.providers.bucket4j.Bucket4jRateStore;
import io.github.bucket4j.distributed.jdbc.PrimaryKeyMapper;
import io.github.bucket4j.postgresql.Bucket4jPostgreSQL;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * Buckets that many processes share through PostgreSQL.
 *
 * <pre>{@code
 * try (RateStore store = PostgresRateStore.over(dataSource)) {
 *     RateLimits limits = RateLimits.builder().each(limit).store(store).build();
 * }
 * }</pre>
 *
 * <p>Each bucket is one row of the table {@code plinth_rate}, which is made when it is missing; who must not make tables
 * finds its definition in {@link #TABLE}. Taking locks the row for one short transaction. Rows of buckets that have been
 * full again for some time are deleted. Processes count on their own wall clocks: what these differ by is the error. A
 * rate can be at most one in a nanosecond.
 *
 * <p>Thread-safe. What the database refuses, and that it is not there, is a {@link StoreException} with the cause.
 */
public final class PostgresRateStore implements RateStore {

    /** The table. */
    public static final String TABLE = Table.DEFINITION;

    private final RateStore rates;
    private final Table table;

    private PostgresRateStore(DataSource dataSource, TimeSource time) {
        this.table = new Table(dataSource, time);
        this.rates = Bucket4jRateStore.over(
                Bucket4jPostgreSQL.selectForUpdateBasedBuilder(dataSource)
                        .primaryKeyMapper(PrimaryKeyMapper.STRING)
                        .table(Table.NAME)
                        .idColumn("name")
                        .stateColumn("state")
                        .addCustomColumn(table.expiry())
                        .clientClock(Bucket4jRateStore.clock(time))
                        .build(),
                "postgresql");
    }

    /**
     * A store in this database.
     *
     * @param dataSource hands out connections that take part in no other transaction; stays the caller's, who closes it
     * @throws StoreException if the database cannot be reached, or the table is missing and cannot be made
     */
    public static PostgresRateStore over(DataSource dataSource) {
        return over(dataSource, TimeSource.system());
    }

    /** A store in this database that counts on this clock. */
    public static PostgresRateStore over(DataSource dataSource, TimeSource time) {
        PostgresRateStore store =
                new PostgresRateStore(Check.notNull(dataSource, "dataSource"), Check.notNull(time, "time"));
        store.table.prepare();
        return store;
    }

    @Override
    public Duration take(String bucket, Rate rate, long amount) {
        table.cleanNowAndThen();
        return rates.take(Table.key(bucket), rate, amount);
    }

    @Override
    public void settle(String bucket, Rate rate, long amount) {
        rates.settle(Table.key(bucket), rate, amount);
    }

    @Override
    public void close() {
        rates.close();
    }
}
