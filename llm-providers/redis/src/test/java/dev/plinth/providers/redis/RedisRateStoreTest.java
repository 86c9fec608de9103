package dev.plinth.providers.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.error.StoreException;
import dev.plinth.api.limit.Rate;
import dev.plinth.api.limit.RateStore;
import dev.plinth.providers.bucket4j.Bucket4jRateStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisException;

class RedisRateStoreTest {

    private static final Rate HUNDRED = new Rate(100, Duration.ofDays(365));

    private static RedisServer server;

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

    @BeforeEach
    void empty() {
        try (RedisClient client = RedisClient.create(server.uri())) {
            client.flushAll();
        }
    }

    @Test
    void processesShareOneLimitExactly() throws Exception {
        List<OtherProcess> others = new ArrayList<>();
        try (RateStore store = RedisRateStore.at(server.uri())) {
            for (int i = 0; i < 2; i++) {
                others.add(OtherProcess.taking(
                        RedisRateStoreTest.class, server.uri().toString()));
            }
            int taken = 0;
            for (int i = 0; i < 60; i++) {
                taken += store.take("shared", HUNDRED, 1).isZero() ? 1 : 0;
            }
            for (OtherProcess other : others) {
                taken += other.taken();
            }
            assertThat(taken).isEqualTo(100);
        }
    }

    /** The other process: takes up to 60, and prints how many it got. */
    public static void main(String[] arguments) {
        try (RateStore store = RedisRateStore.at(java.net.URI.create(arguments[0]))) {
            int taken = 0;
            for (int i = 0; i < 60; i++) {
                taken += store.take("shared", HUNDRED, 1).isZero() ? 1 : 0;
            }
            System.out.println(taken);
        }
    }

    @Test
    void keysExpire() {
        try (RateStore store = RedisRateStore.at(server.uri());
                RedisClient client = RedisClient.create(server.uri())) {
            store.take("a", Rate.perMinute(60), 30);
            long millis = client.pttl("plinth:rate:a");
            long longest =
                    Duration.ofSeconds(30).plus(Bucket4jRateStore.KEPT_FULL).toMillis();
            assertThat(millis).isBetween(longest - 60_000, longest);
            assertThat(client.dbSize()).isEqualTo(1);
        }
    }

    @Test
    void aServerThatIsNotThereIsAnErrorOfTheStore() throws Exception {
        RedisServer gone = RedisServer.start();
        try (RateStore store = RedisRateStore.at(gone.uri())) {
            store.take("a", HUNDRED, 1);
            gone.close();
            assertThatThrownBy(() -> store.take("a", HUNDRED, 1))
                    .isInstanceOf(StoreException.class)
                    .hasMessageStartingWith("redis: ")
                    .hasCauseInstanceOf(JedisException.class);
            assertThatThrownBy(() -> store.settle("a", HUNDRED, 1)).isInstanceOf(StoreException.class);
        }
    }

    @Test
    void aKeyThatHoldsSomethingElseIsAnErrorOfTheStore() {
        try (RateStore store = RedisRateStore.at(server.uri());
                RedisClient client = RedisClient.create(server.uri())) {
            client.lpush("plinth:rate:a", "x");
            assertThatThrownBy(() -> store.take("a", HUNDRED, 1)).isInstanceOf(StoreException.class);
        }
    }

    @Test
    void refusesRatesThatItCannotCount() {
        try (RateStore store = RedisRateStore.at(server.uri())) {
            Rate fast = new Rate(2_000, Duration.ofNanos(1_000));
            assertThatIllegalArgumentException().isThrownBy(() -> store.take("a", fast, 1));
        }
    }
}
