package dev.plinth.providers.llamacpp;

import de.kherud.llama.LlamaModel;
import dev.plinth.api.chat.ChatModel;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How the child process is started: the same Java, only the jars that it needs, a small heap, and of the environment
 * only what the system looks at itself, for libraries and the names of files. So it has no keys, no agents, and no
 * settings of the engine but ours.
 */
final class ChildCommand {

    private static final Set<String> ENVIRONMENT = Set.of(
            "PATH",
            "LD_LIBRARY_PATH",
            "DYLD_LIBRARY_PATH",
            "LANG",
            "LC_ALL",
            "LC_CTYPE",
            "SystemRoot",
            "windir",
            "TEMP",
            "TMP",
            "TMPDIR");

    private final List<String> command;

    private ChildCommand(List<String> command) {
        this.command = command;
    }

    static ChildCommand of(Settings settings) {
        List<String> command = new ArrayList<>(java(List.of(LlamaChild.class, ChatModel.class, LlamaModel.class)));
        command.add(LlamaChild.class.getName());
        command.addAll(Wire.arguments(settings));
        return new ChildCommand(command);
    }

    /** Any other command that speaks as the child does. */
    static ChildCommand of(List<String> command) {
        return new ChildCommand(List.copyOf(command));
    }

    private static List<String> java(List<Class<?>> needed) {
        Set<String> jars = new LinkedHashSet<>();
        for (Class<?> one : needed) {
            jars.add(place(one).toString());
        }
        List<String> command = new ArrayList<>(List.of(
                executable().toString(),
                "-cp",
                String.join(File.pathSeparator, jars),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-XX:+SuppressFatalErrorMessage",
                "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir")));
        String library = System.getProperty("de.kherud.llama.lib.path");
        if (library != null) {
            command.add("-Dde.kherud.llama.lib.path=" + library);
        }
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        return command;
    }

    private static Path executable() {
        Path folder = Path.of(System.getProperty("java.home"), "bin");
        for (String name : List.of("java", "java.exe")) {
            if (Files.isExecutable(folder.resolve(name))) {
                return folder.resolve(name);
            }
        }
        throw new IllegalStateException("java.home: no java in " + folder + " (expected: one; else use inProcess())");
    }

    private static Path place(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null) {
            throw new IllegalStateException(
                    type.getName() + ": of no jar (expected: a class path of jars or folders; else use inProcess())");
        }
        return place(source.getLocation());
    }

    /** The jar or folder; a jar within another jar is copied, to be deleted when this process ends. */
    static Path place(URL location) {
        String text = location.toString();
        try {
            if (text.startsWith("file:")) {
                return Path.of(URI.create(text));
            }
            String inner = text.endsWith("!/") ? text.substring(0, text.length() - 2) : text;
            URL jar = new URL(inner.startsWith("jar:nested:") ? inner.substring("jar:".length()) : inner);
            Path copy = Files.createTempFile("plinth-llamacpp-", ".jar");
            copy.toFile().deleteOnExit();
            try (InputStream bytes = jar.openStream()) {
                Files.copy(bytes, copy, StandardCopyOption.REPLACE_EXISTING);
            }
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException("class path: " + text + " (expected: a jar to read)", e);
        }
    }

    Process start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(ENVIRONMENT);
        return builder.start();
    }
}
