package dev.plinth.providers.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.error.StoreException;
import dev.plinth.api.limit.Rate;
import dev.plinth.api.limit.RateStore;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.servers.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

@Tag("once")
class PostgresRateStoreTest {

    private static final Rate HUNDRED = new Rate(100, Duration.ofDays(365));

    private static PostgresServer server;

    @BeforeAll
    static void start() throws Exception {
        server = PostgresServer.installed().orElseThrow(PostgresServer::missing);
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void empty() throws SQLException {
        execute("DROP TABLE IF EXISTS plinth_rate");
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = server.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int rows() throws SQLException {
        try (Connection connection = server.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM plinth_rate")) {
            count.next();
            return count.getInt(1);
        }
    }

    @Test
    void processesShareOneLimitExactly() throws Exception {
        List<OtherProcess> others = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            others.add(OtherProcess.taking(PostgresRateStoreTest.class, server.url()));
        }
        int taken = take60(server.dataSource());
        for (OtherProcess other : others) {
            taken += other.taken();
        }
        assertThat(taken).isEqualTo(100);
    }

    /** The other process: takes up to 60, and prints how many it got. */
    public static void main(String[] arguments) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setURL(arguments[0]);
        System.out.println(take60(dataSource));
    }

    private static int take60(PGSimpleDataSource dataSource) {
        try (RateStore store = PostgresRateStore.over(dataSource)) {
            int taken = 0;
            for (int i = 0; i < 60; i++) {
                taken += store.take("shared", HUNDRED, 1).isZero() ? 1 : 0;
            }
            return taken;
        }
    }

    @Test
    void rowsThatHaveExpiredAreDeleted() throws Exception {
        TestTime time = TestTime.manual();
        try (RateStore store = PostgresRateStore.over(server.dataSource(), time)) {
            store.take("a", Rate.perMinute(60), 60);
            store.take("b", HUNDRED, 1);
            time.advance(Duration.ofMinutes(12));
            store.take("c", HUNDRED, 1);
            assertThat(rows()).isEqualTo(2);
            assertThat(store.take("b", HUNDRED, 100)).isPositive();
        }
    }

    @Test
    void aTableThatIsThereIsUsedByWhoMustNotMakeOne() throws Exception {
        execute(PostgresRateStore.TABLE);
        execute("DROP ROLE IF EXISTS weak");
        execute("CREATE ROLE weak LOGIN");
        execute("GRANT SELECT, INSERT, UPDATE, DELETE ON plinth_rate TO weak");
        PGSimpleDataSource weak = server.dataSource();
        weak.setUser("weak");
        try (RateStore store = PostgresRateStore.over(weak)) {
            assertThat(store.take("a", HUNDRED, 100)).isZero();
        }
        execute("DROP TABLE plinth_rate");
        assertThatThrownBy(() -> PostgresRateStore.over(weak))
                .isInstanceOf(StoreException.class)
                .hasMessage("table: plinth_rate (expected: to be there, or to be made)")
                .hasCauseInstanceOf(SQLException.class);
    }

    @Test
    void whatTheDatabaseRefusesIsAnErrorOfTheStore() throws Exception {
        try (RateStore store = PostgresRateStore.over(server.dataSource())) {
            store.take("a", HUNDRED, 1);
            execute("DROP TABLE plinth_rate");
            assertThatThrownBy(() -> store.take("a", HUNDRED, 1))
                    .isInstanceOf(StoreException.class)
                    .hasMessageStartingWith("postgresql: ");
            assertThatThrownBy(() -> store.settle("a", HUNDRED, 1)).isInstanceOf(StoreException.class);
        }
        PGSimpleDataSource nowhere = new PGSimpleDataSource();
        nowhere.setURL("jdbc:postgresql://127.0.0.1:1/none?user=none&connectTimeout=2");
        assertThatThrownBy(() -> PostgresRateStore.over(nowhere)).isInstanceOf(StoreException.class);
    }

    @Test
    void refusesRatesThatItCannotCount() {
        try (RateStore store = PostgresRateStore.over(server.dataSource())) {
            Rate fast = new Rate(2_000, Duration.ofNanos(1_000));
            assertThatIllegalArgumentException().isThrownBy(() -> store.take("a", fast, 1));
        }
    }
}
