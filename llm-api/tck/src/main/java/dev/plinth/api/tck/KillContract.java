package dev.plinth.api.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.VectorStore;
import java.io.BufferedReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a store in a directory, which is its own {@link Ledger}, has to do when its process is killed at any moment: what
 * it acknowledged is there, and no half of a write. A process of its own writes, and is killed several times.
 *
 * @param <S> the store
 */
public abstract class KillContract<S extends VectorStore & Ledger> {
    /** Whose vectors the store is opened for. */
    protected static final VectorStore.Stamp STAMP = new VectorStore.Stamp("contract-model", 4);

    private static final int WRITERS = 3;
    private static final int KILLS = 4;
    private static final int CHUNKS = 5;
    private static final String SOURCE = "docs";

    @TempDir
    Path directory;

    /** For subclasses. */
    protected KillContract() {}

    /** The store in this directory, which may hold one already. The suite closes it. */
    protected abstract S open(Path directory);

    /**
     * A class with a method {@code main} that opens the store in the directory that is its only argument, and hands it to
     * {@link #writeForEver}.
     */
    protected abstract Class<?> process();

    /** Writes until the process is killed, and says on the output what was acknowledged. */
    public static <S extends VectorStore & Ledger> void writeForEver(S store, PrintStream output) {
        Map<String, List<Integer>> held = versions(store);
        for (int number = 0; number < WRITERS; number++) {
            String writer = "w" + number;
            int before = held.getOrDefault(writer, List.of(0)).get(0);
            new Thread(() -> writeForEver(store, writer, before, output)).start();
        }
    }

    private static <S extends VectorStore & Ledger> void writeForEver(
            S store, String writer, int before, PrintStream output) {
        for (int version = before + 1; ; version++) {
            store.write(chunks(writer, version), ids(writer, version - 1));
            output.println("written " + writer + " " + version);
            Ledger.Stored stored = new Ledger.Stored("v", "digest", "prefix", version, Instant.EPOCH);
            store.put(SOURCE, Map.of(writer, new Ledger.Entry(stored, null, null)));
            output.println("noted " + writer + " " + version);
        }
    }

    private static List<String> ids(String writer, int version) {
        return IntStream.range(0, CHUNKS)
                .mapToObj(i -> writer + "@" + version + "#" + i)
                .toList();
    }

    private static List<Embedded> chunks(String writer, int version) {
        return ids(writer, version).stream()
                .map(id ->
                        new Embedded(Chunks.of(id, "text " + version, Metadata.NONE), new float[] {1, version, 0, 1}))
                .toList();
    }

    @Test
    public final void whatWasAcknowledgedOutlivesAKill() throws Exception {
        Map<String, Integer> written = new HashMap<>();
        Map<String, Integer> noted = new HashMap<>();
        for (int kill = 0; kill < KILLS; kill++) {
            runAndKill(30 + 17 * kill, written, noted);
            S store = open(directory);
            try (store) {
                Map<String, List<Integer>> versions = versions(store);
                assertThat(versions.keySet()).containsAll(written.keySet());
                versions.forEach((writer, held) -> {
                    assertThat(held).as("one whole version").hasSize(CHUNKS).containsOnly(held.get(0));
                    assertThat(held.get(0)).isGreaterThanOrEqualTo(written.getOrDefault(writer, 0));
                });
                Map<String, Ledger.Entry> entries = store.list(SOURCE, null, WRITERS + 1);
                noted.forEach((writer, version) -> assertThat(entries.get(writer))
                        .as("noted")
                        .matches(entry ->
                                entry.stored() != null && entry.stored().chunks() >= version));
            }
        }
        assertThat(written).hasSize(WRITERS);
    }

    private void runAndKill(int lines, Map<String, Integer> written, Map<String, Integer> noted) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        process().getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            int seen = 0;
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                String[] words = line.split(" ", -1);
                (words[0].equals("written") ? written : noted).put(words[1], Integer.parseInt(words[2]));
                if (++seen == lines) {
                    process.toHandle().destroyForcibly(); // leaves the output to be read
                }
            }
            assertThat(seen).as("lines of the other process").isGreaterThanOrEqualTo(lines);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** The versions that are held of each writer's document, one for each chunk. */
    private static Map<String, List<Integer>> versions(VectorStore store) {
        Map<String, List<Integer>> versions = new TreeMap<>();
        for (Embedded one : store.scan(null, 1_000).chunks()) {
            String[] parts = one.chunk().id().split("[@#]", -1);
            versions.computeIfAbsent(parts[0], writer -> new ArrayList<>()).add(Integer.parseInt(parts[1]));
        }
        return versions;
    }
}
