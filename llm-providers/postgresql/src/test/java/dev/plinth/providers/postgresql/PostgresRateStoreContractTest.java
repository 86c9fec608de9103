package dev.plinth.providers.postgresql;

import dev.plinth.api.limit.RateStore;
import dev.plinth.api.tck.RateStoreContract;
import dev.plinth.api.time.TimeSource;
import dev.plinth.servers.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

@Tag("once")
class PostgresRateStoreContractTest extends RateStoreContract {

    private static PostgresServer server;

    private final List<Pool> pools = new ArrayList<>();

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
        Pool pool = new Pool(server.dataSource());
        pools.add(pool);
        return PostgresRateStore.over(pool.dataSource(), time);
    }

    @AfterEach
    void closePools() throws SQLException {
        for (Pool pool : pools) {
            pool.close();
        }
    }
}
