package dev.plinth.governance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.error.DeniedException;
import dev.plinth.api.testkit.Reply;
import dev.plinth.api.testkit.ScriptedChatModel;
import dev.plinth.api.testkit.TestTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many callers, and a switch that is thrown in the middle. */
class KillSwitchTogetherTest {

    private static final int CALLERS = 8;

    private final ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
    private final ScriptedChatModel model = ScriptedChatModel.builder()
            .otherwise(request -> Reply.text("One two").cut("One ", "two"))
            .build();

    @TempDir
    Path directory;

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    @Test
    void noCallPassesOnceTheSwitchIsThrown() throws Exception {
        for (int round = 0; round < 50; round++) {
            KillSwitch killSwitch = KillSwitch.create();
            ChatModel switched = killSwitch.around(model);
            AtomicBoolean thrown = new AtomicBoolean();
            AtomicInteger late = new AtomicInteger();
            List<Future<Integer>> callers = start(() -> {
                int passed = 0;
                while (true) {
                    boolean afterwards = thrown.get();
                    try {
                        if (passed % 2 == 0) {
                            switched.chat(ChatRequest.of("hi"));
                        } else {
                            switched.stream(ChatRequest.of("hi")).response();
                        }
                    } catch (DeniedException denied) {
                        return passed;
                    }
                    passed++;
                    if (afterwards) {
                        late.incrementAndGet();
                    }
                }
            });
            killSwitch.stop(Stoppable.everything(), "why", "me");
            thrown.set(true);
            for (Future<Integer> caller : callers) {
                caller.get(30, TimeUnit.SECONDS);
            }
            assertThat(late).hasValue(0);
            assertThat(model.openStreams()).isZero();
        }
    }

    @Test
    void everyStreamEndsWhateverTheMomentItWasOpened() throws Exception {
        for (int round = 0; round < 50; round++) {
            KillSwitch killSwitch = KillSwitch.create();
            ScriptedChatModel silent = ScriptedChatModel.builder()
                    .otherwise(
                            request -> Reply.text("One two").cut("One ", "two").stallingAfter(1))
                    .build();
            ChatModel switched = killSwitch.around(silent);
            List<Future<String>> callers = start(() -> {
                try {
                    switched.stream(ChatRequest.of("hi")).response();
                    return "answered";
                } catch (DeniedException denied) {
                    return "denied";
                }
            });
            killSwitch.stop(Stoppable.everything(), "why", "me");
            for (Future<String> caller : callers) {
                assertThat(caller.get(30, TimeUnit.SECONDS)).isEqualTo("denied");
            }
            assertThat(silent.openStreams()).isZero();
        }
    }

    @Test
    void whoeverLooksAtTheFileTheLastStateHolds() throws Exception {
        Path file = directory.resolve("kill-switch.yaml");
        Files.writeString(file, "stops: []\n");
        TestTime time = TestTime.manual();
        KillSwitch killSwitch = KillSwitch.watching(file, time);
        AtomicBoolean done = new AtomicBoolean();
        List<Future<Integer>> lookers = start(() -> {
            int looks = 0;
            do {
                killSwitch.status();
                looks++;
            } while (!done.get());
            return looks;
        });
        for (int i = 0; i < 300; i++) {
            boolean stop = i % 2 == 0;
            Path beside = Files.writeString(directory.resolve("next.yaml"), stop ? """
                    stops:
                      - {everything: true, reason: why, owner: me, since: 2026-01-01T00:00:00Z}
                    """ : "stops: []\n");
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            time.advance(Duration.ofMillis(500));
        }
        done.set(true);
        for (Future<Integer> looker : lookers) {
            assertThat(looker.get(30, TimeUnit.SECONDS)).isPositive();
        }
        time.advance(Duration.ofMillis(500));
        assertThat(killSwitch.status().stops()).isEmpty();
        assertThat(killSwitch.status().problem()).isNull();
    }

    private <T> List<Future<T>> start(Callable<T> work) {
        List<Future<T>> started = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            started.add(threads.submit(work));
        }
        return started;
    }
}
