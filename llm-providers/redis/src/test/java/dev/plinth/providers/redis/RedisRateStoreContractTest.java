package dev.plinth.providers.redis;

import dev.plinth.api.limit.RateStore;
import dev.plinth.api.tck.RateStoreContract;
import dev.plinth.api.time.TimeSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import redis.clients.jedis.RedisClient;

class RedisRateStoreContractTest extends RateStoreContract {

    private static RedisServer server;

    private RedisClient first;
    private RedisClient second;

    @BeforeAll
    static void start() throws Exception {
        server = RedisServer.start();
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    @Override
    protected RateStore open(TimeSource time) {
        first = RedisClient.create(server.uri());
        first.flushAll();
        return RedisRateStore.over(first, time);
    }

    @Override
    protected RateStore another(TimeSource time) {
        second = RedisClient.create(server.uri());
        return RedisRateStore.over(second, time);
    }

    @AfterEach
    void closeClients() {
        if (first != null) {
            first.close();
        }
        if (second != null) {
            second.close();
        }
    }
}
