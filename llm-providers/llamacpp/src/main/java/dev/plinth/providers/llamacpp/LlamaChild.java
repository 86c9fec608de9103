package dev.plinth.providers.llamacpp;

import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.time.TimeSource;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * The child process: loads a model, says that it is ready, and answers one job after the other until nobody writes to it
 * any more. It has one thread, which looks for a word from its parent after every token.
 */
final class LlamaChild {

    private final Lines in;
    private final OutputStream out;
    private final Limits limits =
            Limits.within("child process", Duration.ofDays(36_500), TimeSource.system(), ErrorDetails.NONE);

    LlamaChild(InputStream in, OutputStream out) {
        this.in = new Lines(in);
        this.out = out;
    }

    /** Started by {@link Child}; its end is a halt, since the engine has a thread that would keep the JVM. */
    public static void main(String[] arguments) throws IOException {
        try (InputStream in = new FileInputStream(FileDescriptor.in);
                OutputStream out = new FileOutputStream(FileDescriptor.out)) {
            new LlamaChild(in, out).run(arguments);
        } finally {
            Runtime.getRuntime().halt(0);
        }
    }

    private void run(String[] arguments) throws IOException {
        try {
            serve(new LocalEngine(KherudModel.load(Wire.settings(arguments))));
        } catch (IllegalArgumentException e) {
            say(Wire.failed("file", String.valueOf(e.getMessage())));
        } catch (RuntimeException | Error e) {
            say(Wire.failed("engine", String.valueOf(e.getMessage())));
        }
    }

    /** Answers until the parent is gone. */
    void serve(Engine engine) throws IOException {
        say(Wire.READY);
        for (String line = in.take(); line != null; line = in.take()) {
            Job job = Wire.job(line);
            if (job != null) {
                answer(engine, job);
            }
        }
    }

    private void answer(Engine engine, Job job) throws IOException {
        try {
            Engine.Answer answer = engine.start(job, limits);
            while (true) {
                Output output = answer.next(limits);
                say(Wire.output(output));
                if (output instanceof Output.Ended) {
                    return;
                }
                if (Wire.CANCEL.equals(in.poll())) {
                    answer.cancel();
                    say(Wire.output(new Output.Ended(false)));
                    return;
                }
            }
        } catch (LlmException e) {
            say(Wire.failed(e.code(), String.valueOf(e.getMessage())));
        }
    }

    /** One write for each line, begun on a line of its own whatever was printed before. */
    private void say(String line) throws IOException {
        out.write(("\n" + Wire.marked(line) + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
