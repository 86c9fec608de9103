package dev.plinth.rag.sqlite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The library of sqlite-vec on this machine. */
final class VectorExtension {
    private static final String PROPERTY = "plinth.sqlite.vec";
    private static final Path PACKAGES = Path.of("../../.ci/servers/node_modules");

    private VectorExtension() {}

    /** Skips the test, if there is none. */
    static Path path() {
        String named = System.getProperty(PROPERTY, "");
        List<Path> found = named.isEmpty() ? inPackages() : List.of(Path.of(named));
        Assumptions.assumeFalse(
                found.isEmpty(),
                "sqlite-vec: not found (expected: -D" + PROPERTY + ", or its package in " + PACKAGES + ")");
        return found.get(0);
    }

    private static List<Path> inPackages() {
        if (!Files.isDirectory(PACKAGES)) {
            return List.of();
        }
        try (Stream<Path> packages = Files.list(PACKAGES)) {
            return packages.filter(one -> one.getFileName().toString().startsWith("sqlite-vec-"))
                    .map(one -> one.resolve("vec0.so"))
                    .filter(Files::exists)
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
