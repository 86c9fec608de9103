package dev.plinth.bench.ingest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Markdown files of a few sections, written, changed and removed at random, but the same for the same seed. */
final class GeneratedDocuments {
    private static final List<String> WORDS = List.of(
            "parcel",
            "refund",
            "invoice",
            "harbor",
            "window",
            "meeting",
            "ladder",
            "violet",
            "engine",
            "contract",
            "weather",
            "station",
            "garden",
            "paper",
            "signal",
            "bridge",
            "market",
            "doctor",
            "silver",
            "kitchen");

    private final Path folder;
    private final Random random;
    private final List<Path> files = new ArrayList<>();
    private int written;

    GeneratedDocuments(Path folder, long seed) {
        this.folder = folder;
        this.random = new Random(seed);
    }

    void create(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            add();
        }
    }

    /** Changes a quarter of the files, removes a few and adds as many. */
    void change() throws IOException {
        for (Path file : files) {
            if (random.nextInt(4) == 0) {
                write(file);
            }
        }
        for (int i = 0; i < 8; i++) {
            Files.delete(files.remove(random.nextInt(files.size())));
            add();
        }
    }

    private void add() throws IOException {
        Path file = folder.resolve("d" + written % 16).resolve("document-" + written++ + ".md");
        Files.createDirectories(file.getParent());
        write(file);
        files.add(file);
    }

    private void write(Path file) throws IOException {
        StringBuilder text = new StringBuilder();
        int sections = 1 + random.nextInt(6);
        for (int section = 1; section <= sections; section++) {
            text.append("# ")
                    .append(WORDS.get(random.nextInt(WORDS.size())))
                    .append(" ")
                    .append(section);
            text.append("\n\n");
            int words = 20 + random.nextInt(200);
            for (int i = 0; i < words; i++) {
                text.append(WORDS.get(random.nextInt(WORDS.size()))).append(i % 12 == 11 ? ". " : " ");
            }
            text.append(random.nextInt()).append(".\n\n");
        }
        Files.writeString(file, text);
    }
}
