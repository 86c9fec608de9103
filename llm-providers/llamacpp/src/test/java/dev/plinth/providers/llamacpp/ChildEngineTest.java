package dev.plinth.providers.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.error.TransportException;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.time.TimeSource;
import dev.plinth.api.time.Timeouts;
import dev.plinth.api.usage.Usage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The child process from its parent's side: what happens when it dies, hangs, or is given up. */
@Timeout(300)
class ChildEngineTest {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Timeouts PATIENT = new Timeouts(LONG, LONG, LONG, LONG);
    private static final ChatRequest REQUEST = ChatRequest.of("Why is the sky blue?");

    private LlamaChatModel model;

    @AfterEach
    void close() {
        if (model != null) {
            model.close();
        }
        ProcessHandle.current().children().forEach(child -> child.onExit().join());
    }

    private LlamaChatModel model(FakeEngine.Manner manner) {
        model = LlamaContractTest.model(FakeChild.command(manner), PATIENT);
        return model;
    }

    /** The child processes of this one that play an engine. */
    private static Set<Long> children() {
        return ProcessHandle.current()
                .children()
                .filter(ProcessHandle::isAlive)
                .map(ProcessHandle::pid)
                .collect(Collectors.toSet());
    }

    private static void kill(Set<Long> pids) {
        pids.forEach(pid -> ProcessHandle.of(pid).ifPresent(child -> {
            child.destroyForcibly();
            child.onExit().join();
        }));
    }

    private static String firstText(Iterator<StreamEvent> events) {
        while (events.hasNext()) {
            if (events.next() instanceof StreamEvent.TextDelta delta) {
                return delta.text();
            }
        }
        throw new AssertionError("no text");
    }

    @Test
    void aChildThatIsKilledFailsItsAnswerAndTheNextCallStartsAnother() {
        ChatStream stream = model(FakeEngine.Manner.STALLED).stream(REQUEST);
        assertThat(firstText(stream.iterator())).isEqualTo("Blue light ");
        Set<Long> killed = children();
        assertThat(killed).hasSize(1);
        kill(killed);
        TransportException error = catchThrowableOfType(TransportException.class, stream::response);
        assertThat(error).hasMessageStartingWith("child process: ended with 137 (expected: an answer)");
        assertThat(error.isRetryable()).isTrue();
        assertThat(error.partialText()).startsWith("Blue light ");
        assertThat(error.partialUsage().input()).hasValue(7);
        ChatStream next = model.stream(REQUEST);
        assertThat(firstText(next.iterator())).isEqualTo("Blue light ");
        assertThat(children()).doesNotContainAnyElementsOf(killed).hasSize(1);
        next.close();
    }

    @Test
    void aChildThatIsKilledWhileNobodyAsksIsReplacedUnseen() {
        assertThat(model(FakeEngine.Manner.TEXT).chat(REQUEST).text()).isEqualTo("Blue light scatters most.");
        Set<Long> killed = children();
        kill(killed);
        assertThat(model.chat(REQUEST).text()).isEqualTo("Blue light scatters most.");
    }

    @Test
    void aFailedAssertionIsNamed() {
        assertThatThrownBy(() -> model(FakeEngine.Manner.DYING).chat(REQUEST))
                .isInstanceOf(TransportException.class)
                .hasMessageStartingWith(
                        "child process: ended with 134, GGML_ASSERT(a == b) failed (expected: an answer)");
    }

    @Test
    void anErrorOfTheEngineLeavesTheChild() {
        LlamaChatModel failing = model(FakeEngine.Manner.FAILING);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> failing.chat(REQUEST))
                    .isInstanceOf(EngineException.class)
                    .hasMessageStartingWith("llama.cpp: failed");
        }
        assertThat(children()).hasSize(1);
    }

    @Test
    void aChildThatSpeaksNonsenseIsReplaced() {
        LlamaChatModel garbled = model(FakeEngine.Manner.GARBLED);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> garbled.chat(REQUEST)).isInstanceOf(MalformedResponseException.class);
        }
    }

    @Test
    void anAnswerThatIsGivenUpLeavesTheChildForTheNext() {
        LlamaChatModel endless = model(FakeEngine.Manner.ENDLESS);
        for (int i = 0; i < 3; i++) {
            ChatStream stream = endless.stream(REQUEST);
            firstText(stream.iterator());
            stream.close();
        }
        endless.stream(REQUEST).close();
        assertThat(firstText(endless.stream(REQUEST).iterator())).isEqualTo("Blue light ");
        assertThat(children()).hasSize(1);
    }

    @Test
    void aChildThatDoesNotStopIsKilledAfterAWhile() {
        TimeSource fast = new FastTime();
        Limits limits = Limits.within("loadTimeout", Duration.ofDays(100), fast, ErrorDetails.NONE);
        SpecialTokens special = new SpecialTokens("", "", false, false, true);
        Duration days = Duration.ofDays(100);
        model = new LlamaChatModel(
                ChildEngine.start(FakeChild.command(FakeEngine.Manner.SILENT), 100, limits),
                new ChatPrompt(TinyGguf.CHAT_ML, special, Set.of(), fast),
                "fake",
                new Timeouts(days, days, days, days),
                fast);
        Set<Long> stubborn = children();
        model.stream(REQUEST).close();
        model.stream(REQUEST).close();
        stubborn.forEach(
                pid -> ProcessHandle.of(pid).ifPresent(child -> child.onExit().join()));
        assertThat(children()).hasSize(1).doesNotContainAnyElementsOf(stubborn);
    }

    @Test
    void limitsAreNamed() {
        Duration moment = Duration.ofMillis(300);
        timesOut(
                true, PATIENT.withFirstToken(moment), "timeouts.firstToken: PT0.3S passed (expected: the first token)");
        timesOut(true, PATIENT.withTotal(moment), "timeouts.total: PT0.3S passed (expected: all of it)");
        timesOut(false, PATIENT.withTotal(moment).withFirstToken(Duration.ofNanos(1)), "timeouts.total: PT0.3S passed");
    }

    /** The first token counts for streams only. */
    private void timesOut(boolean streamed, Timeouts timeouts, String message) {
        ChatRequest request = REQUEST.toBuilder().timeouts(timeouts).build();
        try (ClosedAfterwards silent = new ClosedAfterwards(model(FakeEngine.Manner.SILENT))) {
            assertThatThrownBy(() -> {
                        if (streamed) {
                            silent.model().stream(request).response();
                        } else {
                            silent.model().chat(request);
                        }
                    })
                    .isInstanceOf(TimedOutException.class)
                    .hasMessageStartingWith(message);
        }
    }

    private record ClosedAfterwards(LlamaChatModel model) implements AutoCloseable {
        @Override
        public void close() {
            model.close();
        }
    }

    @Test
    void theLimitBetweenTokensIsNamed() {
        Timeouts timeouts = PATIENT.withBetweenTokens(Duration.ofMillis(300));
        ChatStream stream = model(FakeEngine.Manner.STALLED).stream(
                REQUEST.toBuilder().timeouts(timeouts).build());
        TimedOutException error = catchThrowableOfType(TimedOutException.class, stream::response);
        assertThat(error).hasMessageStartingWith("timeouts.betweenTokens: PT0.3S passed (expected: the next token)");
        assertThat(error.partialText()).startsWith("Blue light ");
    }

    @Test
    void othersWaitForTheirTurnWithinTheirOwnLimits() throws Exception {
        LlamaChatModel one = model(FakeEngine.Manner.TEXT);
        ChatStream first = one.stream(REQUEST);
        firstText(first.iterator());
        CallContext soon = CallContext.builder()
                .deadline(Deadline.after(Duration.ofMillis(100)))
                .build();
        assertThatThrownBy(() -> one.chat(REQUEST.toBuilder().context(soon).build()))
                .isInstanceOf(TimedOutException.class)
                .hasMessageStartingWith("deadline: passed");
        FutureTask<ChatResponse> second = new FutureTask<>(() -> one.chat(REQUEST));
        new Thread(second, "second").start();
        assertThat(first.response().text()).isEqualTo("Blue light scatters most.");
        assertThat(second.get().usage()).isEqualTo(Usage.of(7, 3));
    }

    @Test
    void anInterruptEndsTheWaitForATurn() {
        LlamaChatModel one = model(FakeEngine.Manner.TEXT);
        ChatStream first = one.stream(REQUEST);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> one.chat(REQUEST)).isInstanceOf(CancelledException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(first.response().text()).isNotEmpty();
    }

    @Test
    void closingTheModelEndsWhatRunsAndWhatWaits() throws Exception {
        LlamaChatModel closing = model(FakeEngine.Manner.STALLED);
        ChatStream running = closing.stream(REQUEST);
        firstText(running.iterator());
        FutureTask<Throwable> waiting =
                new FutureTask<>(() -> catchThrowableOfType(CancelledException.class, () -> closing.chat(REQUEST)));
        new Thread(waiting, "waiting").start();
        closing.close();
        closing.close();
        assertThatThrownBy(running::response)
                .isInstanceOf(CancelledException.class)
                .hasMessageStartingWith("model: closed");
        assertThat(waiting.get()).hasMessageStartingWith("model: closed");
        assertThatThrownBy(() -> closing.chat(REQUEST))
                .isInstanceOf(CancelledException.class)
                .hasMessageStartingWith("model: closed (expected: open)");
    }

    @Test
    void aChildThatDoesNotStartIsSaidAtOnce() {
        assertThatThrownBy(() -> LlamaContractTest.model(ChildCommand.of(List.of("/nowhere/java")), PATIENT))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("child process: not started");
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        ChildCommand ends = ChildCommand.of(List.of(java.toString(), "-cp", "nowhere", "no.such.Main"));
        assertThatThrownBy(() -> LlamaContractTest.model(ends, PATIENT))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("child process: ended with 1");
    }

    /** Prints what is in its environment. */
    static final class Environment {
        private Environment() {}

        public static void main(String[] arguments) {
            System.out.println(System.getenv().keySet());
        }
    }

    @Test
    void theChildGetsNoSecrets() throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process process = ChildCommand.of(List.of(
                        java.toString(), "-cp", System.getProperty("java.class.path"), Environment.class.getName()))
                .start();
        String names = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(names.strip().replaceAll("[\\[\\] ]", "").split(","))
                .isSubsetOf(
                        "PATH",
                        "LD_LIBRARY_PATH",
                        "DYLD_LIBRARY_PATH",
                        "LANG",
                        "LC_ALL",
                        "LC_CTYPE",
                        "SystemRoot",
                        "windir",
                        "TEMP",
                        "TMP",
                        "TMPDIR");
    }

    /** A clock on which a thousand times as much passes. */
    private static final class FastTime implements TimeSource {
        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public long nanos() {
            return System.nanoTime() * 1000;
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            TimeSource.system().sleep(duration);
        }
    }
}
