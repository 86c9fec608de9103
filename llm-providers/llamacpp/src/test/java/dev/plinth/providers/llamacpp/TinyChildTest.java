package dev.plinth.providers.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.error.TransportException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a process of its own. */
class TinyChildTest extends TinyChat {
    @Override
    LlamaCpp open(LlamaCpp.Builder builder) {
        return builder.open();
    }

    /** A file that passes the checks, and at which native code gives up with its process. */
    @Test
    void anAssertionThatFailsInNativeCodeEndsTheChildAlone(@TempDir Path folder) {
        Path file = TinyGguf.create()
                .with("llama.attention.layer_norm_rms_epsilon", -1f)
                .write(folder.resolve("wrong.gguf"));
        assertThatThrownBy(() -> LlamaCpp.open(file))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("child process: ended with ")
                .hasMessageContaining("GGML_ASSERT(eps >= 0.0f) failed");
    }

    @Test
    void aFileThatTheEngineCannotLoadIsRefused(@TempDir Path folder) {
        Path file = TinyGguf.create().with("llama.rope.dimension_count", 7).write(folder.resolve("wrong.gguf"));
        assertThatThrownBy(() -> LlamaCpp.open(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("gguf: not loadable (expected: what llama.cpp b4916 can load)");
    }

    @Test
    void theNameOfTheFileMayBeBeyondAscii(@TempDir Path folder) throws IOException {
        Assumptions.assumeTrue(
                System.getProperty("sun.jnu.encoding").equals("UTF-8"),
                "names of files: not in UTF-8 (expected: UTF-8)");
        Path place = Files.createDirectories(folder.resolve("f\u00f6 \u8a9e"));
        try (LlamaCpp llama = LlamaCpp.open(TinyGguf.in(place))) {
            assertThat(llama.chatModel().info().model()).isEqualTo("tiny");
        }
    }

    @Test
    void aProcessThatIsKilledInTheMiddleIsReplaced(@TempDir Path folder) {
        Set<Long> before = children();
        try (LlamaCpp llama = LlamaCpp.builder(TinyGguf.in(folder)).threads(1).open()) {
            ChatModel model = llama.chatModel();
            ChatStream stream = model.stream(ChatRequest.of("On and on."));
            assertThat(stream.iterator().next()).isInstanceOf(StreamEvent.TextDelta.class);
            children().stream()
                    .filter(pid -> !before.contains(pid))
                    .forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
            assertThatThrownBy(stream::response).isInstanceOfSatisfying(TransportException.class, e -> {
                assertThat(e.isRetryable()).isTrue();
                assertThat(e.partialText()).isNotEmpty();
            });
            assertThat(model.chat(ChatRequest.builder()
                                    .user("a")
                                    .maxOutputTokens(3)
                                    .build())
                            .usage()
                            .output())
                    .hasValue(3);
        }
    }

    private static Set<Long> children() {
        return ProcessHandle.current().children().map(ProcessHandle::pid).collect(Collectors.toSet());
    }
}
