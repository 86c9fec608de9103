package dev.plinth.providers.bedrock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.error.TransportException;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.usage.Usage;
import dev.plinth.providers.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CachedCredentialsTest {
    private static final CallContext CONTEXT = CallContext.EMPTY;

    private final TestTime time = TestTime.manual();
    private final AtomicInteger fetches = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile @Nullable Duration life = Duration.ofHours(1);
    private volatile boolean failing;
    private volatile @Nullable CountDownLatch gate;
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CachedCredentials cached = new CachedCredentials(this::fetch, time);

    @AfterEach
    void close() throws InterruptedException {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    private AwsCredentials fetch(CallContext context) {
        int number = fetches.incrementAndGet();
        CountDownLatch closed = gate;
        if (closed != null) {
            entered.countDown();
            try {
                closed.await();
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
        }
        if (failing) {
            throw new TransportException("connection: gone", ErrorDetails.NONE, null);
        }
        Duration span = life;
        Instant end = span == null ? null : time.now().plus(span);
        return new AwsCredentials("KEY" + number, Secret.of("s"), null, end);
    }

    private String key() {
        return cached.credentials(CONTEXT).accessKeyId();
    }

    @Test
    void keyIsKeptUntilFiveMinutesBeforeItsEnd() {
        assertThat(key()).isEqualTo("KEY1");
        time.advance(Duration.ofMinutes(55).minusNanos(1));
        assertThat(key()).isEqualTo("KEY1");
        time.advance(Duration.ofNanos(1));
        assertThat(key()).isEqualTo("KEY2");
        assertThat(key()).isEqualTo("KEY2");
        assertThat(fetches).hasValue(2);
    }

    @Test
    void keyWithoutAnEndIsLookedUpAgain() {
        life = null;
        assertThat(key()).isEqualTo("KEY1");
        time.advance(Duration.ofMinutes(5).minusNanos(1));
        assertThat(key()).isEqualTo("KEY1");
        time.advance(Duration.ofNanos(1));
        assertThat(key()).isEqualTo("KEY2");
    }

    @Test
    void oldKeyServesWhileTheNextCannotBeHad() {
        assertThat(key()).isEqualTo("KEY1");
        failing = true;
        time.advance(Duration.ofMinutes(56));
        assertThat(key()).isEqualTo("KEY1");
        assertThat(fetches).hasValue(2);
        assertThat(key()).as("no try for each call").isEqualTo("KEY1");
        assertThat(fetches).hasValue(2);
        time.advance(Duration.ofSeconds(30));
        assertThat(key()).isEqualTo("KEY1");
        assertThat(fetches).hasValue(3);
        time.advance(Duration.ofMinutes(3));
        assertThat(catchThrowable(this::key)).isInstanceOf(TransportException.class);
        failing = false;
        assertThat(key()).isEqualTo("KEY5");
    }

    @Test
    void keyThatComesShortOfItsEndIsUsed() {
        life = Duration.ofMinutes(3);
        assertThat(key()).isEqualTo("KEY1");
        assertThat(key()).isEqualTo("KEY1");
        time.advance(Duration.ofSeconds(30));
        assertThat(key()).isEqualTo("KEY2");
        life = Duration.ofSeconds(5);
        time.advance(Duration.ofMinutes(3));
        assertThat(key()).isEqualTo("KEY3");
        assertThat(key()).as("in its last minute").isEqualTo("KEY4");
    }

    @Test
    void errorsAreNotKept() {
        failing = true;
        assertThat(catchThrowable(this::key)).isInstanceOf(TransportException.class);
        failing = false;
        assertThat(key()).isEqualTo("KEY2");
    }

    @Test
    void manyCallsFetchOnce() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        gate = open;
        List<Future<String>> calls = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            calls.add(threads.submit(this::key));
        }
        entered.await();
        open.countDown();
        for (Future<String> call : calls) {
            assertThat(call.get()).isEqualTo("KEY1");
        }
        assertThat(fetches).hasValue(1);
    }

    @Test
    void othersGoOnWithTheOldKeyMeanwhile() throws Exception {
        assertThat(key()).isEqualTo("KEY1");
        time.advance(Duration.ofMinutes(56));
        CountDownLatch open = new CountDownLatch(1);
        gate = open;
        Future<String> fetching = threads.submit(this::key);
        entered.await();
        assertThat(key()).isEqualTo("KEY1");
        open.countDown();
        assertThat(fetching.get()).isEqualTo("KEY2");
        assertThat(key()).isEqualTo("KEY2");
    }

    @Test
    void waitForAnotherCallsFetchHasADeadlineAndCanBeInterrupted() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        gate = open;
        Future<String> fetching = threads.submit(this::key);
        entered.await();
        CallContext late = CallContext.builder()
                .deadline(Deadline.after(Duration.ofMillis(50)))
                .build();
        assertThat(catchThrowableOfType(TimedOutException.class, () -> cached.credentials(late))
                        .partialUsage())
                .isEqualTo(Usage.NONE);
        Thread.currentThread().interrupt();
        assertThat(catchThrowableOfType(CancelledException.class, this::key).partialUsage())
                .isEqualTo(Usage.NONE);
        assertThat(Thread.interrupted()).isTrue();
        open.countDown();
        assertThat(fetching.get()).isEqualTo("KEY1");
    }

    @Test
    void whatTheSourceRefusesIsSaid() {
        CachedCredentials none = new CachedCredentials(
                context -> {
                    throw new AuthenticationException("none", ErrorDetails.NONE, null);
                },
                time);
        assertThat(catchThrowableOfType(AuthenticationException.class, () -> none.credentials(CONTEXT)))
                .isNotNull();
    }

    /** Whatever the lives of the keys and the times of the calls: no key is handed out in its last minute if it had more. */
    @Property(tries = 200)
    void noKeyIsHandedOutAtItsEnd(
            @ForAll @Size(min = 1, max = 30) List<@IntRange(min = 0, max = 5000) Integer> pauses,
            @ForAll @IntRange(min = 61, max = 7200) int seconds) {
        TestTime clock = TestTime.manual();
        AtomicInteger asked = new AtomicInteger();
        CachedCredentials keys = new CachedCredentials(
                context -> {
                    asked.incrementAndGet();
                    return new AwsCredentials(
                            "KEY", Secret.of("s"), null, clock.now().plusSeconds(seconds));
                },
                clock);
        for (int pause : pauses) {
            clock.advance(Duration.ofSeconds(pause));
            assertThat(keys.credentials(CONTEXT).expiration())
                    .isAfter(clock.now().plusSeconds(60));
        }
        assertThat(asked.get()).isLessThanOrEqualTo(pauses.size());
    }
}
