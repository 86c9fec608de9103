package dev.plinth.bench;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What a user is forced to take for chat over OpenAI's protocol: the adapter's jar and its runtime class path. */
final class FootprintCommand implements Command {

    @Override
    public String usage() {
        return "[--module DIR]   the adapter's folder after a build, llm-providers/openai beside the bench by default";
    }

    @Override
    public void run(Options options, Figures figures) throws IOException {
        Path target = Path.of(options.text("module", besideBench().toString())).resolve("target");
        List<Path> entries = new ArrayList<>();
        entries.add(ownJar(target));
        String others = Files.readString(target.resolve("footprint.txt"), StandardCharsets.UTF_8);
        Stream.of(others.strip().split(File.pathSeparator)).map(Path::of).forEach(entries::add);
        long bytes = 0;
        for (Path entry : entries) {
            long size = size(entry);
            bytes += size;
            System.err.printf(Locale.ROOT, "%9d  %s%n", size, entry.getFileName());
        }
        figures.set("openai.jars", entries.size());
        figures.set("openai.mb", bytes / 1e6, 2);
    }

    private static Path besideBench() {
        try {
            Path jar = Path.of(FootprintCommand.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return jar.resolve("../../../llm-providers/openai").normalize();
        } catch (URISyntaxException exception) {
            throw new IllegalStateException(exception);
        }
    }

    private static Path ownJar(Path target) throws IOException {
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file ->
                            file.getFileName().toString().matches("llm-providers-openai-[0-9.]+(-SNAPSHOT)?\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "module: " + target + " without a jar (expected: built by mvn verify)"));
        }
    }

    /** The size of a jar. */
    private static long size(Path entry) throws IOException {
        if (Files.isDirectory(entry)) {
            throw new IllegalArgumentException("class path: " + entry + " (expected: a jar, built by mvn verify)");
        }
        return Files.size(entry);
    }
}
