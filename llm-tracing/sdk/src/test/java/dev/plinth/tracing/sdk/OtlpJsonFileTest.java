package dev.plinth.tracing.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.plinth.api.time.TimeSource;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.proto.logs.v1.LogsData;
import io.opentelemetry.proto.trace.v1.TracesData;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.testing.logs.TestLogRecordData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OtlpJsonFileTest {

    @TempDir
    Path folder;

    @Test
    void eachExportIsALineOfItsOwn() throws IOException {
        Path file = folder.resolve("new/traces.jsonl");
        SpanExporter exporter = OtlpJsonFile.at(file).spanExporter();
        assertThat(file).doesNotExist();
        export(exporter, Telemetry.span("a"), Telemetry.span("b"));
        export(exporter, Telemetry.span("ü"));
        export(exporter);
        assertThat(Files.readAllLines(file)).hasSize(2);
        assertThat(names(file)).containsExactly("a", "b", "ü");
    }

    @Test
    void logRecordsHaveAFileOfTheirOwn() throws IOException {
        Path file = folder.resolve("logs.jsonl");
        assertThat(OtlpJsonFile.at(file)
                        .logRecordExporter()
                        .export(List.of(Telemetry.logRecord("gen_ai.evaluation.result")))
                        .isSuccess())
                .isTrue();
        LogsData logs = OtlpJsonReader.read(Files.readAllBytes(file), LogsData.getDefaultInstance());
        assertThat(logs.getResourceLogs(0).getScopeLogs(0).getLogRecords(0).getEventName())
                .isEqualTo("gen_ai.evaluation.result");
    }

    @Test
    void aNewProcessGoesOnInTheSameFile() throws IOException {
        Path file = folder.resolve("traces.jsonl");
        export(OtlpJsonFile.at(file).spanExporter(), Telemetry.span("a"));
        export(OtlpJsonFile.at(file).spanExporter(), Telemetry.span("b"));
        assertThat(names(file)).containsExactly("a", "b");
    }

    @Test
    void halfALineThatAKilledProcessLeftSpoilsNoOther() throws IOException {
        Path file = folder.resolve("traces.jsonl");
        Files.writeString(file, "{\"resourceSpans\":[{\"res");
        export(OtlpJsonFile.at(file).spanExporter(), Telemetry.span("a"));
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(2);
        assertThat(lines.get(1)).contains("\"a\"");
    }

    @Test
    void aFullFileIsSetAsideAndTheOldestGoes() throws IOException {
        Path file = folder.resolve("traces.jsonl");
        export(OtlpJsonFile.at(folder.resolve("one")).spanExporter(), Telemetry.span("0"));
        long line = Files.size(folder.resolve("one"));
        SpanExporter exporter =
                OtlpJsonFile.at(file).maxBytes(2 * line).maxFiles(3).spanExporter();
        for (int i = 0; i < 9; i++) {
            export(exporter, Telemetry.span("" + i));
        }
        assertThat(names(file)).containsExactly("8");
        assertThat(names(folder.resolve("traces.jsonl.1"))).containsExactly("6", "7");
        assertThat(names(folder.resolve("traces.jsonl.2"))).containsExactly("4", "5");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).hasSize(3 + 1);
        }
    }

    @Test
    void oneFileOnlyBeginsAnew() throws IOException {
        Path file = folder.resolve("traces.jsonl");
        SpanExporter exporter = OtlpJsonFile.at(file).maxBytes(1).maxFiles(1).spanExporter();
        export(exporter, Telemetry.span("a"));
        export(exporter, Telemetry.span("b"));
        assertThat(names(file)).containsExactly("b");
    }

    @Test
    void aFileThatSomebodyTookAwayIsMadeAnew() throws IOException {
        Path file = folder.resolve("traces.jsonl");
        SpanExporter exporter = OtlpJsonFile.at(file).spanExporter();
        export(exporter, Telemetry.span("a"));
        Files.delete(file);
        export(exporter, Telemetry.span("b"));
        assertThat(names(file)).containsExactly("b");
    }

    @Test
    void whatCannotBeWrittenIsAFailureAndTheNextMaySucceed() throws IOException {
        Path file = folder.resolve("traces.jsonl");
        Files.createDirectory(file);
        SpanExporter exporter = OtlpJsonFile.at(file).spanExporter();
        assertThat(exporter.export(List.of(Telemetry.span("lost"))).isSuccess()).isFalse();
        Files.delete(file);
        export(exporter, Telemetry.span("a"));
        assertThat(names(file)).containsExactly("a");
    }

    /** Every write to this device fails as on a full disk. */
    @Test
    void aFullDiskIsAFailure() {
        Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.isWritable(full), "/dev/full: missing (expected: Linux)");
        assertThat(OtlpJsonFile.at(full)
                        .spanExporter()
                        .export(List.of(Telemetry.span("lost")))
                        .isSuccess())
                .isFalse();
    }

    @Test
    void anInterruptedThreadWritesAllTheSame() throws IOException {
        Path file = folder.resolve("traces.jsonl");
        SpanExporter exporter = OtlpJsonFile.at(file).spanExporter();
        Thread.currentThread().interrupt();
        try {
            export(exporter, Telemetry.span("a"));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(names(file)).containsExactly("a");
    }

    @Test
    void anInterruptedThreadWaitsForALockAllTheSame() throws Exception {
        Path file = folder.resolve("traces.jsonl");
        SpanExporter exporter = OtlpJsonFile.at(file).spanExporter();
        export(exporter, Telemetry.span("a"));
        AtomicBoolean written = new AtomicBoolean();
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread writer = new Thread(() -> {
            Thread.currentThread().interrupt();
            written.set(exporter.export(List.of(Telemetry.span("b"))).isSuccess());
            interrupted.set(Thread.interrupted());
        });
        try (FileChannel other = FileChannel.open(file, StandardOpenOption.WRITE)) {
            FileLock held = other.lock();
            writer.start();
            // Without a wait it ends here.
            while (writer.getState() != Thread.State.TIMED_WAITING && writer.isAlive()) {
                Thread.onSpinWait();
            }
            held.release();
            writer.join();
        }
        assertThat(written).isTrue();
        assertThat(interrupted).as("still").isTrue();
        assertThat(names(file)).containsExactly("a", "b");
    }

    @Test
    void whatWasWrittenOfABatchIsNotCountedAsFailed() throws IOException {
        export(OtlpJsonFile.at(folder.resolve("one")).spanExporter(), Telemetry.span("1"));
        long line = Files.size(folder.resolve("one"));
        Path file = folder.resolve("traces.jsonl");
        Files.createDirectories(folder.resolve("traces.jsonl.1/in the way")); // the second line finds no room
        SpanExporter exporter = OtlpJsonFile.at(file).maxBytes(line).maxFiles(2).spanExporter();
        Delivery delivery = new Delivery(10, TimeSource.system());
        List<SpanData> batch = List.of(Telemetry.span("1"), Telemetry.span("2"), Telemetry.span("3"));
        batch.forEach(span -> assertThat(delivery.letIn()).isTrue());
        assertThat(delivery.send(batch.size(), () -> exporter.export(batch)).isSuccess())
                .isFalse();
        assertThat(names(file)).containsExactly("1");
        Map<String, Double> figures = new HashMap<>();
        delivery.figures("", figures);
        assertThat(figures).contains(entry("exported", 1.0), entry("failed", 2.0), entry("pending", 0.0));
    }

    @Test
    void linesOfManyThreadsAreWhole() throws Exception {
        Path file = folder.resolve("traces.jsonl");
        SpanExporter exporter =
                OtlpJsonFile.at(file).maxBytes(20_000).maxFiles(100).spanExporter();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                SpanData span = Telemetry.span("span-" + i);
                running.add(threads.submit(() -> export(exporter, span)));
            }
            for (Future<?> each : running) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
        List<String> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path each : files.toList()) {
                assertThat(Files.size(each)).isLessThanOrEqualTo(20_000);
                all.addAll(names(each));
            }
        }
        assertThat(all)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 200).mapToObj(i -> "span-" + i).toList());
    }

    @Test
    void aBatchIsSplitIntoLinesThatACollectorTakes() throws IOException {
        Path file = folder.resolve("traces.jsonl");
        SpanData[] spans = IntStream.range(0, 50)
                .mapToObj(i -> Telemetry.span(i + "ü".repeat(50_000)))
                .toArray(SpanData[]::new);
        SpanData huge = Telemetry.span("x".repeat(3 << 20));
        export(OtlpJsonFile.at(file).spanExporter(), spans);
        assertThat(Files.readAllLines(file))
                .hasSizeBetween(5, 10)
                .allSatisfy(line ->
                        assertThat(line.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(1 << 20));
        export(OtlpJsonFile.at(file).spanExporter(), spans[0], huge, spans[1]);
        assertThat(names(file))
                .containsExactlyElementsOf(Stream.concat(Stream.of(spans), Stream.of(spans[0], huge, spans[1]))
                        .map(SpanData::getName)
                        .toList());
    }

    @Test
    void exportersOfOneFileTakeTurns() throws Exception {
        Path file = folder.resolve("traces.jsonl");
        List<Threads.Task> exporters = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            SpanExporter exporter = OtlpJsonFile.at(file).spanExporter();
            SpanData span = Telemetry.span("span-" + i);
            exporters.add(() -> {
                for (int line = 0; line < 200; line++) {
                    export(exporter, span);
                }
            });
        }
        Threads.sideBySide(exporters);
        assertThat(names(file)).hasSize(800);
    }

    @Test
    void whatALinkLeadsToIsSetAsideAndNotTheLink() throws IOException {
        Path link = folder.resolve("traces.jsonl");
        Path disk = Files.createDirectory(folder.resolve("disk"));
        Files.createSymbolicLink(link, Path.of("disk/real.jsonl"));
        SpanExporter exporter = OtlpJsonFile.at(link).maxBytes(1).spanExporter();
        export(exporter, Telemetry.span("a"));
        export(exporter, Telemetry.span("b"));
        assertThat(link).isSymbolicLink();
        assertThat(names(disk.resolve("real.jsonl"))).containsExactly("b");
        assertThat(names(disk.resolve("real.jsonl.1"))).containsExactly("a");
    }

    @Test
    void whatIsTooDeepToWriteIsAFailureAndNoMore() throws IOException {
        Value<?> deep = Value.of("end");
        for (int depth = 0; depth < 100_000; depth++) {
            deep = Value.of(deep);
        }
        LogRecordExporter exporter =
                OtlpJsonFile.at(folder.resolve("logs.jsonl")).logRecordExporter();
        LogRecordData record = TestLogRecordData.builder()
                .setResource(Resource.empty())
                .setBodyValue(deep)
                .build();
        assertThat(exporter.export(List.of(record)).isSuccess()).isFalse();
    }

    @Test
    void badSettingsAreRefused() {
        OtlpJsonFile file = OtlpJsonFile.at(folder.resolve("traces.jsonl"));
        assertThatThrownBy(() -> file.maxBytes(0)).hasMessage("maxBytes: 0 (expected: > 0)");
        assertThatThrownBy(() -> file.maxFiles(0)).hasMessage("maxFiles: 0 (expected: > 0)");
    }

    private static void export(SpanExporter exporter, SpanData... spans) {
        assertThat(exporter.export(List.of(spans)).isSuccess()).isTrue();
    }

    private static List<String> names(Path file) throws IOException {
        List<String> names = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            TracesData traces =
                    OtlpJsonReader.read(line.getBytes(StandardCharsets.UTF_8), TracesData.getDefaultInstance());
            traces.getResourceSpansList()
                    .forEach(resource -> resource.getScopeSpansList()
                            .forEach(scope -> scope.getSpansList().forEach(span -> names.add(span.getName()))));
        }
        return names;
    }
}
