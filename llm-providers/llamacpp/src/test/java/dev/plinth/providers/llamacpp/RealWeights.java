package dev.plinth.providers.llamacpp;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * SmolLM2-135M-Instruct, where somebody put it: the file that the system property {@code plinth.gguf} or the variable
 * {@code PLINTH_GGUF} names, else where {@code fetch-test-model} leaves it.
 */
final class RealWeights {

    private static final String FILE = "SmolLM2-135M-Instruct.Q4_1.gguf";

    private RealWeights() {}

    /** The file, or the end of a test that is skipped. */
    static Path file() {
        String named = System.getProperty("plinth.gguf", System.getenv().getOrDefault("PLINTH_GGUF", ""));
        Path home = Path.of(System.getProperty("user.home"), ".cache", "plinth");
        Path cache = Path.of(System.getenv().getOrDefault("PLINTH_CACHE", home.toString()));
        Path file = named.isEmpty() ? cache.resolve("models").resolve(FILE) : Path.of(named);
        Assumptions.assumeTrue(
                Files.isRegularFile(file),
                "weights: none at " + file + " (get them with llm-providers/llamacpp/fetch-test-model)");
        return file;
    }
}
