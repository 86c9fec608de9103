package dev.plinth.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a user is forced to take for chat over this protocol. The build lists the class path beforehand. */
class FootprintTest {

    private static final int MOST_JARS = 10;
    private static final long MOST_BYTES = 6_000_000;

    @Test
    void atMostTenJarsAndSixMegabytes() throws IOException {
        List<Path> others = Stream.of(Files.readString(Path.of("target/footprint.txt"))
                        .strip()
                        .split(File.pathSeparator))
                .map(Path::of)
                .toList();
        long bytes = size(Path.of("target/classes"));
        for (Path entry : others) {
            bytes += size(entry);
        }
        assertThat(others).as("jars beside this one").hasSizeBetween(4, MOST_JARS - 1);
        assertThat(bytes).as("bytes of %s", others).isBetween(1_000_000L, MOST_BYTES);
    }

    /** The size of a jar, or of the classes that will be one. */
    private static long size(Path entry) throws IOException {
        try (Stream<Path> files = Files.walk(entry)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
