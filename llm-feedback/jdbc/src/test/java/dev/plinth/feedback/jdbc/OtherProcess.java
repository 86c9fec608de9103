package dev.plinth.feedback.jdbc;

import dev.plinth.api.feedback.FeedbackStore;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A process that opens a store, saves one thumb per number, says so, and ends without closing when its input ends. */
final class OtherProcess implements AutoCloseable {

    private final Process process;

    private OtherProcess(Process process) {
        this.process = process;
    }

    static OtherProcess saving(Path file, int thumbs) throws IOException {
        String classPath = Stream.of(
                        OtherProcess.class, JdbcFeedbackStore.class, FeedbackStore.class, org.h2.Driver.class)
                .map(OtherProcess::place)
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process process = new ProcessBuilder(
                        java.toString(),
                        "-cp",
                        classPath,
                        OtherProcess.class.getName(),
                        file.toString(),
                        Integer.toString(thumbs))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        OtherProcess other = new OtherProcess(process);
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        String line = output.readLine();
        if (!"saved".equals(line)) {
            other.close();
            throw new IOException("other process: " + line + " (expected: saved)");
        }
        return other;
    }

    private static String place(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Kills the process and waits for its end. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.getOutputStream().close();
            process.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public static void main(String[] arguments) throws IOException {
        FeedbackStore store = JdbcFeedbackStore.h2(Path.of(arguments[0]));
        for (int number = 0; number < Integer.parseInt(arguments[1]); number++) {
            store.save(Samples.thumb("thumb-" + number));
        }
        System.out.println("saved");
        while (System.in.read() >= 0) {
            // held open until the other side hangs up
        }
        Runtime.getRuntime().halt(1);
    }
}
