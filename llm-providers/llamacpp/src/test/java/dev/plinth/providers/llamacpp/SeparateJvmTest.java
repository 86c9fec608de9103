package dev.plinth.providers.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only a JVM of its own shows: whether it ends, what is printed, and what is left behind. */
@Timeout(300)
class SeparateJvmTest {

    @TempDir
    private Path folder;

    /** Opens, chats, gives an answer up, closes. */
    static final class Use {
        private Use() {}

        public static void main(String[] arguments) {
            try (LlamaCpp llama =
                    LlamaCpp.builder(Path.of(arguments[0])).contextTokens(512).open()) {
                chat(llama.chatModel());
            }
        }

        static void chat(ChatModel model) {
            model.chat(ChatRequest.builder().user("a").maxOutputTokens(5).build());
            try (ChatStream stream = model.stream(ChatRequest.of("b"))) {
                stream.iterator().next();
            }
        }
    }

    /** The same in this process, which has to be ended. */
    static final class InProcess {
        private InProcess() {}

        public static void main(String[] arguments) {
            try (LlamaCpp llama = LlamaCpp.builder(Path.of(arguments[0]))
                    .contextTokens(512)
                    .inProcess()
                    .open()) {
                Use.chat(llama.chatModel());
            }
            System.exit(0);
        }
    }

    /** Opens, says which process its child is, and then hangs. */
    static final class Hang {
        private Hang() {}

        public static void main(String[] arguments) throws InterruptedException {
            LlamaCpp.builder(Path.of(arguments[0])).contextTokens(512).open();
            System.out.println(
                    ProcessHandle.current().children().findFirst().orElseThrow().pid());
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    /** Says why the engine is not to be had. */
    static final class Refused {
        private Refused() {}

        public static void main(String[] arguments) {
            try {
                LlamaCpp.builder(Path.of(arguments[0])).inProcess().open();
            } catch (IllegalStateException e) {
                System.out.print(e.getMessage());
            }
            System.exit(0);
        }
    }

    @Test
    void endsByItselfPrintsNothingAndLeavesNothing() throws Exception {
        assertThat(output(start(Use.class))).isEmpty();
        assertThat(leftBehind()).isEmpty();
    }

    @Test
    void printsNothingInProcessEither() throws Exception {
        Assumptions.assumeFalse(
                System.getProperty("os.name").contains("Mac"),
                "system: macOS, where the binding prints (expected: another)");
        Path other =
                Files.createFile(Files.createDirectories(folder.resolve("tmp")).resolve("llama-of-somebody-else"));
        assertThat(output(start(InProcess.class))).isEmpty();
        assertThat(leftBehind()).containsExactly(other);
    }

    @Test
    void settingsOfTheEnvironmentReachNoChildAndAreRefusedInProcess() throws Exception {
        assertThat(output(start(Use.class, "LLAMA_ARG_EMBEDDINGS", "LLAMA_ARG_N_PARALLEL")))
                .isEmpty();
        assertThat(output(start(Refused.class, "LLAMA_ARG_EMBEDDINGS")))
                .isEqualTo("environment: LLAMA_ARG_EMBEDDINGS is set (expected: no LLAMA_ARG_ variables)");
    }

    @Test
    void theChildDoesNotOutliveItsParent() throws Exception {
        Process parent = start(Hang.class);
        long pid = Long.parseLong(parent.inputReader(StandardCharsets.UTF_8).readLine());
        Optional<ProcessHandle> child = ProcessHandle.of(pid);
        parent.destroyForcibly().waitFor();
        child.ifPresent(handle -> handle.onExit().join());
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    }

    private List<Path> leftBehind() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("tmp"))) {
            return files.toList();
        }
    }

    private Process start(Class<?> main, String... variables) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path temporary = Files.createDirectories(folder.resolve("tmp"));
        List<String> command = new ArrayList<>(
                List.of(java.toString(), "-XX:-UsePerfData", "-Djava.io.tmpdir=" + temporary, "-cp", classPath()));
        if (Runtime.version().feature() >= 22) {
            command.add(1, "--enable-native-access=ALL-UNNAMED");
        }
        command.add(main.getName());
        command.add(TinyGguf.in(folder).toString());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        for (String variable : variables) {
            builder.environment().put(variable, "1");
        }
        return builder.start();
    }

    private static String classPath() {
        return System.getProperty("java.class.path");
    }

    private static String output(Process process) throws Exception {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
