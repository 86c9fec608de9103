package dev.plinth.tracing.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Principal;
import dev.plinth.api.error.InvalidFileException;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.util.Currency;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CostReportFileTest {

    private static Schema schema;

    @TempDir
    Path folder;

    @BeforeAll
    static void readSchema() throws IOException {
        String json = Files.readString(Path.of("../../docs/formats/cost-line.schema.json"));
        schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(json, InputFormat.JSON);
    }

    @Test
    void aReportIsReadAsItWasWritten() throws IOException {
        CostReport report = report("support", "0.1234567890123456789")
                .plus(report("söle\"s\n", null))
                .plus(report("tiny", "1E-80"));
        Path file = folder.resolve("costs/november.jsonl");

        report.write(file);
        report.write(file);

        assertThat(CostReport.read(file).lines()).isEqualTo(report.lines());
        assertThat(Files.readAllLines(file))
                .hasSize(3)
                .allSatisfy(line ->
                        assertThat(schema.validate(line, InputFormat.JSON)).isEmpty());
        try (var files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void anInterruptDoesNotLoseAReport() {
        Path file = folder.resolve("costs.jsonl");
        boolean kept;
        Thread.currentThread().interrupt();
        try {
            report("support", "0.25").write(file);
        } finally {
            kept = Thread.interrupted();
        }

        assertThat(kept).as("the interrupt is still to be seen").isTrue();
        assertThat(CostReport.read(file).total().calls()).isEqualTo(1);
    }

    @Test
    void aFileKeepsItsPermissions() throws IOException {
        assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"), "permissions: not POSIX");
        Path usual = Files.createFile(folder.resolve("usual"));
        Path file = folder.resolve("costs.jsonl");

        report("support", "0.25").write(file);
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(usual));

        Set<PosixFilePermission> shared = PosixFilePermissions.fromString("rw-r----x");
        Files.setPosixFilePermissions(file, shared);
        report("sales", "0.25").write(file);
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(shared);
    }

    @Test
    void aTextThatNoFileHoldsLosesItsLetterAndNotTheReport() {
        Path file = folder.resolve("costs.jsonl");

        report("half an emoji " + "😀".charAt(0), "0.25").write(file);

        assertThat(CostReport.read(file).by(Dimension.TEAM)).containsOnlyKeys("half an emoji ?");
    }

    @Test
    void amountsMayBeWrittenWithAnExponent() throws IOException {
        Path file = folder.resolve("costs.jsonl");
        report("support", "0.25").write(file);
        Files.writeString(file, Files.readString(file).replace("0.25", "2.5e-1"));

        assertThat(CostReport.read(file).total().cost()).hasToString("USD 0.25");
    }

    @Test
    void aLedgerTakesUpWhatItKept() {
        Path file = folder.resolve("costs.jsonl");
        report("support", "0.25").write(file);
        CostLedger ledger = CostLedger.create();

        ledger.add(CostReport.read(file));
        ledger.add(CostReport.read(file));

        assertThat(ledger.report().total().cost().all().get(0).amount()).isEqualByComparingTo("0.50");
        assertThat(ledger.report().total().calls()).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void schemaAndReaderRefuseTheSame(String from, String to, String problem) throws IOException {
        Path file = folder.resolve("costs.jsonl");
        report("support", "0.25").write(file);
        String line = Files.readAllLines(file).get(0);
        assertThat(line).contains(from);
        String broken = line.replace(from, to);
        Files.write(file, List.of(line, broken));

        assertThat(schema.validate(broken, InputFormat.JSON)).isNotEmpty();
        assertThatThrownBy(() -> CostReport.read(file))
                .isInstanceOf(InvalidFileException.class)
                .hasMessageContaining("costs.jsonl:2: " + problem);
    }

    static Stream<String[]> mistakes() {
        return Stream.of(
                new String[] {"\"calls\":1", "\"calls\":-1", "calls: -1 (expected: a whole number >= 0)"},
                new String[] {"\"calls\":1", "\"calls\":1.5", "calls: 1.5 (expected: a whole number >= 0)"},
                new String[] {"\"calls\":1", "\"called\":1", "called: unknown key (expected: one of day, team"},
                new String[] {"\"team\":\"support\"", "\"team\":3", "team: 3 (expected: a text)"},
                new String[] {"\"amount\":0.25", "\"amount\":-2", "cost[0].amount: -2 (expected: a number >= 0)"},
                new String[] {"USD", "usd", "cost[0].currency: usd (expected: an ISO 4217 code, such as USD)"},
                new String[] {"2026-11-01", "1.11.2026", "cost[0].priceDate: 1.11.2026 (expected: a date"},
                new String[] {"\"unpriced\":0,", "", "unpriced: missing (expected: a whole number >= 0)"},
                new String[] {",\"saved\":[]", "", "saved: missing (expected: a list)"});
    }

    @Test
    void allMistakesAreNamed() throws IOException {
        Path file = folder.resolve("costs.jsonl");
        Files.write(file, List.of("{", "[]", ""));

        assertThatThrownBy(() -> CostReport.read(file))
                .isInstanceOfSatisfying(
                        InvalidFileException.class,
                        failure -> assertThat(failure.problems()).hasSize(2));
    }

    @Test
    void aFileThatIsNotThereIsSaid() {
        assertThatThrownBy(() -> CostReport.read(folder.resolve("none.jsonl")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("none.jsonl (expected: a readable UTF-8 file)");
        assertThatThrownBy(() -> CostReport.EMPTY.write(folder))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("(expected: a file to write)");
    }

    private static CostReport report(String team, String amount) {
        CostLedger ledger = CostLedger.builder().time(TestTime.manual()).build();
        Cost cost = amount == null
                ? null
                : new Cost(new BigDecimal(amount), Currency.getInstance("USD"), LocalDate.of(2026, 11, 1));
        CallContext context = CallContext.builder()
                .principal(new Principal("app", team, null))
                .build();
        ledger.addLate(
                context,
                ChatResponse.of("hi").toBuilder()
                        .usage(Usage.of(10, 2))
                        .cost(cost)
                        .build());
        return ledger.report();
    }
}
