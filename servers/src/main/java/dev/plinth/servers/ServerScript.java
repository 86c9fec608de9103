package dev.plinth.servers;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A server that a script in {@code .ci/servers} runs: it prints the address when the server answers, and stops it when its
 * standard input is closed. So no server outlives the process that started it, however that ends.
 */
public final class ServerScript implements AutoCloseable {
    private static final int MISSING = 75;

    private final Process process;
    private final String address;

    private ServerScript(Process process, String address) {
        this.process = process;
        this.address = address;
    }

    /** Starts one; empty where the script says that the programs are missing, or where there is no script. */
    public static Optional<ServerScript> start(String script, String... arguments) {
        Optional<Path> program = folder().map(folder -> folder.resolve(script)).filter(Files::isExecutable);
        if (program.isEmpty()) {
            return Optional.empty();
        }
        List<String> command = new ArrayList<>(List.of(program.get().toString()));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
            String address = output.readLine();
            if (address != null) {
                return Optional.of(new ServerScript(process, address));
            }
            if (process.waitFor() == MISSING) {
                return Optional.empty();
            }
            throw new IOException(script + ": ended with " + process.exitValue() + " (expected: an address)");
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** The folder that the property {@code plinth.servers} names, else {@code .ci/servers} here or above. */
    private static Optional<Path> folder() {
        String set = System.getProperty("plinth.servers");
        if (set != null) {
            return Optional.of(Path.of(set));
        }
        for (Path path = Path.of("").toAbsolutePath(); path != null; path = path.getParent()) {
            if (Files.isDirectory(path.resolve(".ci/servers"))) {
                return Optional.of(path.resolve(".ci/servers"));
            }
        }
        return Optional.empty();
    }

    /** Where it answers, as the script says it. */
    public String address() {
        return address;
    }

    /** Stops the server and waits for its end. */
    @Override
    public void close() {
        try {
            process.outputWriter().close();
            process.waitFor(); // killed, it would leave the server behind
        } catch (IOException | InterruptedException failed) {
            process.destroyForcibly();
            throw new IllegalStateException(failed);
        }
    }
}
