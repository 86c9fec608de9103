package dev.plinth.samples.quickstart;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Where answers are printed and questions are read: UTF-8, whatever the machine's default is. */
final class Terminal {

    private final BufferedReader in;
    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean interactive;
    private final boolean showsProgress;

    Terminal(BufferedReader in, PrintWriter out, PrintWriter err, boolean interactive, boolean showsProgress) {
        this.in = in;
        this.out = out;
        this.err = err;
        this.interactive = interactive;
        this.showsProgress = showsProgress;
    }

    static Terminal ofProcess() {
        return new Terminal(
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
                utf8(FileDescriptor.out),
                utf8(FileDescriptor.err),
                Boolean.getBoolean("quickstart.terminal"),
                Boolean.getBoolean("quickstart.progress"));
    }

    private static PrintWriter utf8(FileDescriptor descriptor) {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), true);
    }

    PrintWriter err() {
        return err;
    }

    PrintWriter out() {
        return out;
    }

    /** Whether a person sits in front of it. */
    boolean isInteractive() {
        return interactive;
    }

    /** Whether somebody sees the standard error. */
    boolean showsProgress() {
        return showsProgress;
    }

    /** What the person answers; empty at the end of the input. */
    String ask(String prompt) {
        out.print(prompt);
        out.flush();
        try {
            String line = in.readLine();
            return line == null ? "" : line;
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }
}
