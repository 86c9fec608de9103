package dev.plinth.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OverheadReportTest {
    private final OverheadReport report = new OverheadReport();

    private String text() {
        Figures figures = new Figures();
        report.write(figures);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        figures.print(new PrintStream(text, true, StandardCharsets.UTF_8));
        return text.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    @Test
    void tellsTheMedianTheRangeAndTheBudgets() {
        for (double ratio : new double[] {1.2, 1.1, 1.12}) {
            report.add("chat.ratio.bytes", ratio);
            report.add("tool.ratio.bytes", ratio + 0.15);
        }
        report.add("delta.plinth.bytes", 150);
        report.add("tool.plinth.bytes", 14838.4);

        assertThat(text()).isEqualTo("""
                chat.ratio.bytes=1.120
                chat.ratio.bytes.range=1.100..1.200
                chat.ratio.bytes.budget=1.150
                tool.ratio.bytes=1.270
                tool.ratio.bytes.range=1.250..1.350
                tool.ratio.bytes.budget=1.200
                delta.plinth.bytes=150.0
                delta.plinth.bytes.budget=150.0
                tool.plinth.bytes=14838
                budgets.met=delta.plinth.bytes
                budgets.missed=tool.ratio.bytes
                budgets.undecided=chat.ratio.bytes
                """);
    }

    @Test
    void theMedianOfAnEvenNumberIsInTheMiddle() {
        report.add("chat.floor.bytes", 3);
        report.add("chat.floor.bytes", 2);

        assertThat(text()).startsWith("chat.floor.bytes=2.500\n").endsWith("budgets.undecided=none\n");
    }
}
