package dev.plinth.rag.version;

import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.rag.file.ReplacedFile;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A {@link Manifest} as a properties file. It is read and replaced under one lock, so that two processes do not overwrite
 * each other's change.
 */
final class ManifestFile {
    private static final String FORMAT = "1";

    private final String index;
    private final Path file;

    ManifestFile(String index, Path folder) {
        this.index = index;
        this.file = folder.resolve(index + ".properties");
    }

    /** What there is now; empty when there is no file. */
    Manifest read() {
        try {
            return Files.exists(file) ? parse(Files.readString(file)) : new Manifest(index, List.of(), List.of(), 0);
        } catch (IOException exception) {
            throw failed("cannot be read", exception);
        }
    }

    /** Replaces what there is by what the change makes of it. */
    Manifest change(UnaryOperator<Manifest> change) {
        try {
            return new ReplacedFile(file).replaceBy(fresh -> {
                Manifest changed = change.apply(read());
                write(fresh, format(changed));
                return changed;
            });
        } catch (IOException exception) {
            throw failed("cannot be written", exception);
        }
    }

    private static void write(FileChannel fresh, String text) throws IOException {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
        while (bytes.hasRemaining()) {
            fresh.write(bytes);
        }
    }

    private static String format(Manifest manifest) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("format", FORMAT);
        properties.setProperty("index", manifest.index());
        properties.setProperty("last", Integer.toString(manifest.last()));
        properties.setProperty("activated", join(manifest.activated()));
        properties.setProperty(
                "versions",
                join(manifest.versions().stream().map(Manifest.Version::number).toList()));
        for (Manifest.Version version : manifest.versions()) {
            String prefix = "version." + version.number() + ".";
            properties.setProperty(prefix + "model", version.stamp().model());
            properties.setProperty(
                    prefix + "dimensions", Integer.toString(version.stamp().dimensions()));
            properties.setProperty(prefix + "created", version.created().toString());
        }
        StringWriter text = new StringWriter();
        properties.store(text, null);
        return text.toString()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .sorted()
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private Manifest parse(String text) throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(text));
        try {
            String format = require(properties, "format");
            if (!format.equals(FORMAT)) {
                throw new StoreException("manifest: " + file + " has format " + format + " (expected: " + FORMAT + ")");
            }
            List<Manifest.Version> versions = new ArrayList<>();
            for (int number : split(require(properties, "versions"))) {
                String prefix = "version." + number + ".";
                versions.add(new Manifest.Version(
                        number,
                        new VectorStore.Stamp(
                                require(properties, prefix + "model"),
                                Integer.parseInt(require(properties, prefix + "dimensions"))),
                        Instant.parse(require(properties, prefix + "created"))));
            }
            return new Manifest(
                    require(properties, "index"),
                    versions,
                    split(require(properties, "activated")),
                    Integer.parseInt(require(properties, "last")));
        } catch (IllegalArgumentException | DateTimeException exception) {
            throw failed("is damaged", exception);
        }
    }

    private static String require(Properties properties, String name) {
        String value = properties.getProperty(name);
        if (value == null) {
            throw new IllegalArgumentException(name + ": missing (expected: a value)");
        }
        return value;
    }

    private static String join(List<Integer> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private static List<Integer> split(String numbers) {
        List<Integer> all = new ArrayList<>();
        for (String number : numbers.split(",", -1)) {
            if (!number.isBlank()) {
                all.add(Integer.valueOf(number.trim()));
            }
        }
        return all;
    }

    private StoreException failed(String what, Exception cause) {
        return new StoreException("manifest: " + file + " " + what + ": " + cause, ErrorDetails.NONE, cause);
    }
}
