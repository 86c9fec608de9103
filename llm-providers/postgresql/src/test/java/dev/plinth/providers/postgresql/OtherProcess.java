package dev.plinth.providers.postgresql;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A process of its own that takes what it gets, and says how many that were. */
final class OtherProcess {

    private final Process process;

    private OtherProcess(Process process) {
        this.process = process;
    }

    static OtherProcess taking(Class<?> main, String server) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath,
                        main.getName(),
                        server)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return new OtherProcess(process);
    }

    int taken() throws Exception {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            String line = output.readLine();
            if (line == null) {
                throw new IOException("other process: ended with " + process.waitFor() + " (expected: a number)");
            }
            return Integer.parseInt(line);
        } finally {
            process.destroyForcibly();
            process.waitFor();
        }
    }
}
