package dev.plinth.providers.llamacpp;

import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.TransportException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A child process. Lines are read by one thread at a time and written by any.
 *
 * <p>A read of a pipe can neither be timed nor interrupted, so nobody waits in one: the reader looks, and looks again.
 */
final class Child {

    private final Process process;
    private final Lines lines;
    private final OutputStream in;
    private String assertion = "";
    private volatile boolean killed;

    private Child(Process process) {
        this.process = process;
        this.lines = new Lines(process.getInputStream());
        this.in = process.getOutputStream();
    }

    static Child start(ChildCommand command) {
        try {
            return new Child(command.start());
        } catch (IOException e) {
            throw new IllegalStateException(
                    "child process: not started (expected: a process; else use inProcess())", e);
        }
    }

    /**
     * What the child said next, or null when it has said nothing yet.
     *
     * @throws TransportException if it has ended
     */
    @Nullable
    String poll(ErrorDetails details) {
        boolean alive = process.isAlive(); // asked first: what a process said before its end can be read after it
        try {
            for (String line = lines.poll(); line != null; line = lines.poll()) {
                String said = Wire.unmarked(line);
                if (said != null) {
                    return said;
                }
                if (line.contains("GGML_ASSERT")) {
                    assertion = ", " + line.substring(line.indexOf("GGML_ASSERT"));
                }
            }
        } catch (IOException e) {
            throw ended(details, e);
        }
        if (!alive) {
            throw ended(details, null);
        }
        return null;
    }

    void say(String line, ErrorDetails details) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            synchronized (in) {
                in.write(bytes);
                in.flush();
            }
        } catch (IOException e) {
            throw ended(details, e);
        }
    }

    boolean isAlive() {
        return !killed && process.isAlive();
    }

    /** Ends it at once. */
    void kill() {
        killed = true;
        process.destroyForcibly();
    }

    private TransportException ended(ErrorDetails details, @Nullable IOException cause) {
        String how = process.isAlive() ? "its pipe broke" : "ended with " + process.exitValue();
        return new TransportException("child process: " + how + assertion + " (expected: an answer)", details, cause);
    }
}
