package dev.plinth.providers.postgresql;

import dev.plinth.api.limit.RateStore;
import dev.plinth.api.tck.RateStoreContract;
import dev.plinth.api.time.TimeSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresRateStoreContractTest extends RateStoreContract {

    private static PostgresServer server;

    @BeforeAll
    static void start() throws Exception {
        server = PostgresServer.start();
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    @Override
    protected RateStore open(TimeSource time) {
        try (Connection connection = server.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS plinth_rate");
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
        return another(time);
    }

    @Override
    protected RateStore another(TimeSource time) {
        return PostgresRateStore.over(server.dataSource(), time);
    }
}
