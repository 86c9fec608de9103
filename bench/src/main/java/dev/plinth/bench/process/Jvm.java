package dev.plinth.bench.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Another Java process on the same class path that prints one line when it is ready. */
public final class Jvm implements AutoCloseable {
    private final Process process;
    private final String line;

    private Jvm(Process process, String line) {
        this.process = process;
        this.line = line;
    }

    /** Starts the main method of a class and waits for its line. */
    public static Jvm start(Class<?> main, String... arguments) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = Stream.concat(
                        Stream.of(java, "-cp", System.getProperty("java.class.path"), main.getName()),
                        Stream.of(arguments))
                .toList();
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        String line = output.readLine();
        if (line == null) {
            process.destroy();
            throw new IOException(main.getSimpleName() + ": ended (expected: a line first)");
        }
        return new Jvm(process, line);
    }

    /** The line it printed when it was ready. */
    public String line() {
        return line;
    }

    /** Waits so long for its end; whether it came. */
    public boolean endsWithin(Duration limit) throws InterruptedException {
        return process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** What it returned to the system; it must have ended. */
    public int exitValue() {
        return process.exitValue();
    }

    /** Ends it at once, as {@code kill -9} does. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Closes its standard input and waits for its end. */
    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interruption) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
