package dev.plinth.providers.llamacpp;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A child process as the real one, but for its engine; and it prints what native code may print. */
final class FakeChild {

    private FakeChild() {}

    public static void main(String[] arguments) throws IOException {
        FakeEngine.Manner manner = FakeEngine.Manner.valueOf(arguments[0]);
        print("some library says hello");
        System.err.print("and does not end its line");
        System.err.flush();
        if (manner == FakeEngine.Manner.DYING) {
            print("/src/ggml.c:1: GGML_ASSERT(a == b) failed");
        }
        new LlamaChild(new FileInputStream(FileDescriptor.in), new FileOutputStream(FileDescriptor.out))
                .serve(new FakeEngine(manner));
        Runtime.getRuntime().halt(0);
    }

    static ChildCommand command(FakeEngine.Manner manner) {
        return ChildCommand.of(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                FakeChild.class.getName(),
                manner.name()));
    }

    static void print(String line) {
        try {
            new FileOutputStream(FileDescriptor.out).write((line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As long as one token takes. */
    static void sleep() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
