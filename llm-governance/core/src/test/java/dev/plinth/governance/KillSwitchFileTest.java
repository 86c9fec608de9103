package dev.plinth.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Principal;
import dev.plinth.api.context.PromptRef;
import dev.plinth.api.error.DeniedException;
import dev.plinth.api.error.InvalidFileException;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.testkit.Reply;
import dev.plinth.api.testkit.ScriptedChatModel;
import dev.plinth.api.testkit.TestTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KillSwitchFileTest {

    static final String FULL = """
            stops:
              - prompt: triage
                version: 3
                reason: answers with addresses
                owner: security
                since: 2026-11-26T04:57:26Z
              - provider: openai
                model: gpt-5
                reason: "over, for good"
                owner: platform team
                since: 2026-11-26T04:57:26.5+01:00
              - {team: search, reason: leaks, owner: security, since: 2026-11-26T04:57:26Z}
              - {useCase: find, reason: leaks, owner: security, since: 2026-11-26T04:57:26Z}
              - {everything: true, reason: leaks, owner: security, since: 2026-11-26T04:57:26Z}
            """;

    private static final long PATIENCE_MILLIS = 30_000; // so that a failure does not hang
    private static final String NOTHING = "stops: []\n";
    private static final String TEAM = stop("team: search");
    private static final Duration HALF = Duration.ofMillis(500);
    private static final CallContext SEARCH = CallContext.builder()
            .principal(new Principal("shop", "search", null))
            .build();
    private static final ChatRequest HELLO =
            ChatRequest.builder().user("Hello").context(SEARCH).build();

    private final TestTime time = TestTime.manual();

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void nothingIsStopped() {
        file = directory.resolve("kill-switch.yaml");
        replace(NOTHING);
    }

    @Test
    void readsEverything() {
        replace(FULL);
        Instant since = Instant.parse("2026-11-26T04:57:26Z");
        assertThat(KillSwitch.watching(file, time).status())
                .isEqualTo(new KillSwitch.Status(
                        List.of(
                                new Stop(Stoppable.prompt("triage", "3"), "answers with addresses", "security", since),
                                new Stop(
                                        Stoppable.model("openai", "gpt-5"),
                                        "over, for good",
                                        "platform team",
                                        Instant.parse("2026-11-26T03:57:26.5Z")),
                                new Stop(Stoppable.team("search"), "leaks", "security", since),
                                new Stop(Stoppable.useCase("find"), "leaks", "security", since),
                                new Stop(Stoppable.everything(), "leaks", "security", since)),
                        TestTime.START,
                        null));
    }

    @Test
    void namesEveryMistakeWithItsLine() {
        replace("""
                stops:
                  - team: search
                    prompt: triage
                    reason: why
                    owner: me
                    since: yesterday
                  - reason: ' '
                    since: 2026-02-30T00:00:00Z
                  - everything: yes
                    model: gpt-5
                    colour: red
                    reason: why
                    owner: me
                    since: 2026-01-01T00:00:00Z
                  - search
                """);
        InvalidFileException refused =
                catchThrowableOfType(InvalidFileException.class, () -> KillSwitch.watching(file, time));
        assertThat(refused.problems())
                .containsExactly(
                        "kill-switch.yaml:2: stops[0].what: team and prompt (expected: one of everything, team, useCase, prompt, provider)",
                        "kill-switch.yaml:6: stops[0].since: yesterday (expected: a time, such as 2026-11-26T04:57:26Z)",
                        "kill-switch.yaml:7: stops[1].what: nothing (expected: one of everything, team, useCase, prompt, provider)",
                        "kill-switch.yaml:7: stops[1].reason:   (expected: why it is stopped)",
                        "kill-switch.yaml:7: stops[1].owner: missing (expected: a value)",
                        "kill-switch.yaml:8: stops[1].since: 2026-02-30T00:00:00Z (expected: a time, such as 2026-11-26T04:57:26Z)",
                        "kill-switch.yaml:9: stops[2].model: without provider (expected: both, or none)",
                        "kill-switch.yaml:9: stops[2].everything: yes (expected: true)",
                        "kill-switch.yaml:11: stops[2].colour: unknown key (expected: one of everything, team, useCase, prompt, version, provider, model, reason, owner, since)",
                        "kill-switch.yaml:15: stops[3]: search (expected: keys everything, team, useCase, prompt, version, provider, model, reason, owner, since)");
    }

    @Test
    void aVersionIsTakenAsItIsWritten() {
        replace(stop("prompt: triage, version: 1.10"));
        CallContext prompted =
                CallContext.builder().prompt(new PromptRef("triage", "1.10")).build();
        ChatModel switched = KillSwitch.watching(file, time).around(model());
        denied(() -> switched.chat(HELLO.toBuilder().context(prompted).build()));
    }

    @Test
    void withoutAFileThatCanBeReadThereIsNoSwitch() throws IOException {
        assertThatThrownBy(() -> KillSwitch.watching(directory.resolve("none.yaml"), time))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("none.yaml");
        replace("");
        assertThatThrownBy(() -> KillSwitch.watching(file, time)).isInstanceOf(InvalidFileException.class);
        Files.write(file, new byte[] {'s', (byte) 0xe9});
        assertThatThrownBy(() -> KillSwitch.watching(file, time)).isInstanceOf(StoreException.class);
    }

    @Test
    void aReplacedFileHoldsWithinASecondInEveryProcess() {
        List<ChatModel> processes = List.of(
                KillSwitch.watching(file, time).around(model()),
                KillSwitch.watching(file, time).around(model()),
                KillSwitch.watching(file, time).around(model()));
        time.advance(Duration.ofMillis(400));
        processes.forEach(process -> process.chat(HELLO));
        replace(TEAM);
        processes.forEach(process -> process.chat(HELLO)); // the file is not looked at with every call
        time.advance(HALF);
        processes.forEach(process -> denied(() -> process.chat(HELLO)));
        replace(NOTHING);
        time.advance(HALF);
        processes.forEach(process -> process.chat(HELLO));
    }

    @Test
    void whatTheFileStopsCodeCannotResume() {
        replace(TEAM);
        KillSwitch killSwitch = KillSwitch.watching(file, time);
        killSwitch.stop(Stoppable.team("search"), "by code", "me");
        assertThat(killSwitch.status().stops()).extracting(Stop::reason).containsExactly("by code");
        killSwitch.resume(Stoppable.team("search"));
        assertThat(killSwitch.status().stops()).extracting(Stop::reason).containsExactly("why");
        killSwitch.stop(Stoppable.useCase("find"), "by code", "me");
        replace(NOTHING);
        time.advance(HALF);
        assertThat(killSwitch.status().stops()).extracting(Stop::reason).containsExactly("by code");
    }

    @Test
    void aBrokenFileKeepsTheLastGoodStateAndSaysSo() throws IOException {
        replace(TEAM);
        KillSwitch killSwitch = KillSwitch.watching(file, time);
        ChatModel switched = killSwitch.around(model());
        for (String broken : List.of("", "stops: [", "stops:\n  - team: a\n", "- a\n", "[".repeat(100_000))) {
            replace(broken);
            time.advance(HALF);
            denied(() -> switched.chat(HELLO));
            assertThat(killSwitch.status().problem()).as(broken).isNotNull();
        }
        Instant before = killSwitch.status().readAt();
        Files.delete(file);
        time.advance(Duration.ofHours(1));
        denied(() -> switched.chat(HELLO));
        assertThat(killSwitch.status().problem()).isInstanceOf(StoreException.class);
        assertThat(killSwitch.status().readAt()).isEqualTo(before).isEqualTo(TestTime.START);
        replace(TEAM);
        time.advance(HALF);
        assertThat(killSwitch.status().problem()).as("the same text again").isNull();
        assertThat(killSwitch.status().readAt()).isEqualTo(time.now());
        replace(NOTHING);
        time.advance(HALF);
        assertThat(switched.chat(HELLO).text()).isEqualTo("Hello.");
    }

    @Test
    void aRunningStreamSeesTheFileAtItsNextEvent() {
        ScriptedChatModel model = ScriptedChatModel.of(Reply.text("One two").cut("One ", "two"));
        ChatStream stream = KillSwitch.watching(file, time).around(model).stream(HELLO);
        stream.iterator().next();
        replace(TEAM);
        time.advance(HALF);
        denied(stream::response);
        assertThat(model.openStreams()).isZero();
    }

    @Test
    void aSilentStreamIsEndedByAnyOtherCall() throws Exception {
        ScriptedChatModel model = ScriptedChatModel.builder()
                .info(ModelInfo.local("openai", "gpt-5"))
                .time(time)
                .reply(Reply.stall())
                .otherwise(request -> Reply.text("Hello."))
                .build();
        ChatModel switched = KillSwitch.watching(file, time).around(model);
        ChatStream stream = switched.stream(HELLO);
        Throwable[] thrown = new Throwable[1];
        Thread reader = new Thread(() -> {
            try {
                stream.response();
            } catch (DeniedException denied) {
                thrown[0] = denied;
            }
        });
        reader.setDaemon(true);
        reader.start();
        time.awaitSleepers(1);
        replace(TEAM);
        time.advance(HALF);
        switched.chat(HELLO.toBuilder().context(CallContext.EMPTY).build());
        reader.join(PATIENCE_MILLIS);
        assertThat(thrown[0]).isInstanceOf(DeniedException.class);
        assertThat(model.openStreams()).isZero();
    }

    /** Writes beside the file and renames, so that nobody reads half of it. */
    private void replace(String yaml) {
        try {
            Path beside = Files.writeString(directory.resolve("next.yaml"), yaml);
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    private static String stop(String what) {
        return "stops:\n  - {" + what + ", reason: why, owner: me, since: 2026-01-01T00:00:00Z}\n";
    }

    private static void denied(Runnable call) {
        DeniedException denied = catchThrowableOfType(DeniedException.class, call::run);
        assertThat(denied).isNotNull();
        assertThat(denied.rule()).isEqualTo("kill-switch");
    }

    private static ScriptedChatModel model() {
        return ScriptedChatModel.builder()
                .otherwise(request -> Reply.text("Hello."))
                .build();
    }
}
