package dev.plinth.providers.llamacpp;

import de.kherud.llama.LlamaModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Loads llama.cpp in place of the binding's own loader, which deletes every file in the temporary folder whose name
 * begins with {@code llama}, prints where it unpacked the library, and says nothing of use when a library that it needs
 * is missing.
 */
final class NativeLibrary {

    private static final String LIBRARY_PATH = "de.kherud.llama.lib.path";
    private static final String TEMPORARY = "de.kherud.llama.tmpdir";
    private static final Pattern MISSING = Pattern.compile("(lib[\\w+-]+\\.so[.\\d]*): cannot open shared object file");
    private static final Map<String, String> PACKAGES = Map.of(
            "libgomp.so.1", "the package libgomp1 of Debian and Ubuntu, libgomp of Fedora and Red Hat",
            "libstdc++.so.6", "the package libstdc++6 of Debian and Ubuntu, libstdc++ of Fedora and Red Hat",
            "libgcc_s.so.1", "the package libgcc-s1 of Debian and Ubuntu, libgcc of Fedora and Red Hat");

    private static boolean loaded;

    private NativeLibrary() {}

    /**
     * Loads the library, once.
     *
     * @throws IllegalStateException if there is none for this machine or it needs what is not there
     */
    static synchronized void load() {
        if (loaded) {
            return;
        }
        Path folder = folder();
        try {
            System.setProperty(
                    TEMPORARY, Files.createDirectory(folder.resolve("empty")).toString());
            String given = System.getProperty(LIBRARY_PATH);
            if (given == null) {
                unpack(folder);
                System.setProperty(LIBRARY_PATH, folder.toString());
            }
            if (NativeLibrary.class.getClassLoader() == LlamaModel.class.getClassLoader()) {
                load((given == null ? folder : Path.of(given)).resolve(fileName()));
            }
            Class.forName(LlamaModel.class.getName()); // makes the binding look for it, too
            loaded = true;
        } catch (IOException e) {
            throw new UncheckedIOException("llama.cpp: not unpacked to " + folder + " (expected: room there)", e);
        } catch (LinkageError | ClassNotFoundException e) {
            throw new IllegalStateException(explained(String.valueOf(e.getMessage())), e);
        } finally {
            delete(folder);
        }
    }

    /** Loads this file, and says what is missing when that fails. */
    static void load(Path library) {
        try {
            System.load(library.toString());
        } catch (UnsatisfiedLinkError e) {
            throw new IllegalStateException(explained(String.valueOf(e.getMessage())), e);
        }
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory("plinth-llamacpp-");
        } catch (IOException e) {
            throw new UncheckedIOException("java.io.tmpdir: not writable (expected: a folder to write to)", e);
        }
    }

    private static String fileName() {
        return System.mapLibraryName("jllama");
    }

    private static void unpack(Path folder) throws IOException {
        String resource = "/de/kherud/llama/" + system() + "/" + architecture() + "/" + fileName();
        try (InputStream library = LlamaModel.class.getResourceAsStream(resource)) {
            if (library == null) {
                throw new IllegalStateException("llama.cpp: none for " + system() + " " + architecture()
                        + " (expected: Linux or macOS on x86_64 or aarch64, Windows on x86_64)");
            }
            Files.copy(library, folder.resolve(fileName()));
        }
    }

    private static String system() {
        String name = System.getProperty("os.name", "");
        return name.contains("Windows") ? "Windows" : name.contains("Mac") ? "Mac" : name;
    }

    private static String architecture() {
        String name = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        return switch (name) {
            case "amd64", "x86-64", "x64" -> "x86_64";
            case "arm64" -> "aarch64";
            default -> name;
        };
    }

    /** What the linker's message means and what helps. */
    static String explained(String message) {
        Matcher missing = MISSING.matcher(message);
        if (missing.find()) {
            String name = missing.group(1);
            return "llama.cpp: " + name + " is missing (expected: " + PACKAGES.getOrDefault(name, "this library") + ")";
        }
        if (message.contains("ld-linux") || message.contains("musl") || message.contains("GLIBC")) {
            return "llama.cpp: needs another C library (expected: glibc 2.17 or newer; Alpine has musl)";
        }
        if (message.contains("failed to map segment") || message.contains("Operation not permitted")) {
            return "llama.cpp: not loadable from java.io.tmpdir (expected: a folder that is not mounted noexec)";
        }
        return "llama.cpp: not loadable (expected: a library for this machine)";
    }

    /** A library that is in use can be deleted where the system allows it, else when the process ends. */
    private static void delete(Path folder) {
        for (Path path : List.of(folder.resolve(fileName()), folder.resolve("empty"), folder)) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                path.toFile().deleteOnExit();
            }
        }
    }
}
