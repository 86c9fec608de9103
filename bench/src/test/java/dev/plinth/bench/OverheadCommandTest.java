package dev.plinth.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.bench.overhead.Effort;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class OverheadCommandTest {
    private static final Effort SMOKE = new Effort(false, 1, Duration.ofMillis(20), 1);

    private static final List<String> CALLS = List.of("chat", "delta", "tool", "embeddings.base64", "embeddings.float");

    private final OverheadCommand command = new OverheadCommand();
    private final Figures figures = new Figures();

    private List<String> names(int rounds, String... arguments) throws Exception {
        command.run(Options.parse(arguments, command.flags()), rounds, SMOKE, figures);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        figures.print(new PrintStream(text, true, StandardCharsets.UTF_8));
        return text.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.substring(0, line.indexOf('=')))
                .toList();
    }

    @Test
    void everyCallIsAnsweredAndHasItsFiguresAndBudgets() throws Exception {
        List<String> names = names(1, "overhead", "--clients", "plinth,floor", "--cold");

        for (String call : CALLS) {
            assertThat(names)
                    .contains(call + ".plinth.bytes", call + ".floor.bytes", call + ".ratio.bytes")
                    .contains(call + ".plinth.cpu.us", call + ".floor.cpu.us", call + ".ratio.cpu");
        }
        for (String figure : OverheadReport.BUDGETS.keySet()) {
            assertThat(names).containsSubsequence(figure, figure + ".budget");
        }
        assertThat(names)
                .contains("first-delta.plinth.us", "first-delta.floor.us", "cold-start.plinth.ms")
                .endsWith("budgets.met", "budgets.missed", "budgets.undecided");
    }

    @Test
    void oneClientAloneHasNoRatio() throws Exception {
        List<String> names = names(2, "overhead", "--clients", "floor");

        assertThat(names)
                .contains("chat.floor.bytes", "chat.floor.bytes.range")
                .noneMatch(name -> name.contains("ratio") || name.contains("plinth") || name.contains("databinding"));
    }

    @Test
    void tracingIsComparedWithNone() throws Exception {
        List<String> names = names(1, "overhead", "--layers", "tracing");

        for (String call : CALLS) {
            for (String traced : List.of("traced-no-sdk", "traced-sdk", "traced-batch")) {
                assertThat(names)
                        .contains(
                                call + "." + traced + ".bytes",
                                call + "." + traced + ".ratio.bytes",
                                call + "." + traced + ".ratio.cpu");
            }
        }
        assertThat(names).contains("first-delta.traced-batch.us").noneMatch(name -> name.contains("floor"));
    }

    @Test
    void anUnknownLayerIsRefused() {
        assertThatThrownBy(() -> names(1, "overhead", "--layers", "caching"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--layers: caching (expected: tracing)");
    }

    @Test
    void anUnknownClientIsRefused() {
        assertThatThrownBy(() -> names(1, "overhead", "--clients", "plinth,spring"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--clients: spring (expected: of plinth, floor)");
    }
}
