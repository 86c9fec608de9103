package dev.plinth.bench.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.opentest4j.TestAbortedException;

/** Every recorded call of the official clients, made again: what is different is documented. Streams byte by byte, too. */
class RecordingsTest {
    private static final Path FOLDER = Path.of("../../shared/wire/recordings");

    @TestFactory
    Stream<DynamicNode> everyDifferenceIsDocumented() throws IOException {
        List<DynamicNode> tests = new ArrayList<>();
        KnownDifferences known = KnownDifferences.read();
        for (RecordedProtocol protocol : Recordings.PROTOCOLS) {
            Path file = FOLDER.resolve(protocol.file());
            if (!Files.exists(file)) {
                tests.add(DynamicTest.dynamicTest(protocol.file(), () -> {
                    throw new TestAbortedException(file + ": not there (expected: the shared recordings)");
                }));
                continue;
            }
            for (RecordedCase recorded : RecordedCase.of(file)) {
                if (protocol.left(recorded).isEmpty()) {
                    tests.add(DynamicTest.dynamicTest(recorded.toString(), () -> check(recorded, protocol, known)));
                }
            }
        }
        return tests.stream();
    }

    private static void check(RecordedCase recorded, RecordedProtocol protocol, KnownDifferences known)
            throws IOException {
        for (int pieces : new int[] {0, 1}) {
            Comparison comparison = Comparison.of(recorded, protocol, pieces);
            assertThat(comparison.request())
                    .as("request")
                    .allMatch(each -> known.reason(recorded, "request", each).isPresent());
            assertThat(comparison.reading())
                    .as("reading")
                    .allMatch(each -> known.reason(recorded, "reading", each).isPresent());
        }
    }

    @Test
    void everyDocumentedDifferenceIsThere() throws IOException {
        assumeTrue(Files.isDirectory(FOLDER), FOLDER + ": not there (expected: the shared recordings)");
        List<String> lines = new ArrayList<>();
        Recordings.compare(FOLDER, lines::add);
        assertThat(KnownDifferences.read().rows())
                .allSatisfy(row -> assertThat(lines).anyMatch(line -> line.contains("documented: " + row.reason())));
    }
}
