package dev.plinth.bench.overhead;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The calls, each checked to have been answered. Public for JMH. */
@State(Scope.Benchmark)
public class Calls {
    /** What is called. */
    @Param("CHAT")
    public Call call = Call.CHAT;

    /** Who calls. */
    @Param("")
    public String client = "";

    /** Where the server is. */
    @Param("")
    public String server = "";

    /** How many calls come before the first that counts. */
    @Param("1")
    public int warmUps;

    @SuppressWarnings("NullAway.Init")
    private Client opened;

    /** A stream whose first delta was timed. Public for JMH. */
    @State(Scope.Thread)
    public static class Begun {
        private Client.@Nullable Deltas deltas;

        /** Reads what is left, outside the time that is taken, so that the connection is free for the next call. */
        @TearDown(Level.Invocation)
        public void readOn() throws IOException {
            while (deltas != null && deltas.next() != null) {
                // nobody looks
            }
        }
    }

    /**
     * Opens the client and warms it up: by a number of calls, since the time that the compiler takes for them depends on
     * what else the machine does.
     */
    @Setup
    public void open() throws IOException {
        opened = Client.open(client, server + "/" + call + "/v1");
        for (int i = 0; i < warmUps; i++) {
            call();
        }
    }

    /** Closes the client. */
    @TearDown
    public void close() {
        opened.close();
    }

    /** One call; returns what came of it. */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    public Object call() throws IOException {
        return switch (call) {
            case CHAT -> chat();
            case DELTA -> stream();
            case TOOL -> tool();
            case EMBEDDINGS_BASE64, EMBEDDINGS_FLOAT -> embed();
        };
    }

    /** A stream up to its first delta. */
    @Benchmark
    @BenchmarkMode(Mode.SampleTime)
    public @Nullable String firstDelta(Begun begun) throws IOException {
        begun.deltas = opened.stream(Questions.PROMPT);
        return begun.deltas.next();
    }

    private String chat() throws IOException {
        String text = opened.chat(Questions.PROMPT);
        check(text.length() > Answers.TOKENS);
        return text;
    }

    private String tool() throws IOException {
        String arguments = opened.tool(Questions.PROMPT);
        check(arguments.endsWith("}"));
        return arguments;
    }

    private Integer stream() throws IOException {
        Client.Deltas deltas = opened.stream(Questions.PROMPT);
        int count = 0;
        int characters = 0;
        for (String delta = deltas.next(); delta != null; delta = deltas.next()) {
            count++;
            characters += delta.length();
        }
        check(count == Answers.DELTAS);
        return characters;
    }

    private List<float[]> embed() throws IOException {
        List<float[]> vectors = opened.embed(Questions.TEXTS);
        check(vectors.get(Answers.VECTORS - 1).length == Answers.DIMENSIONS);
        return vectors;
    }

    private static void check(boolean right) {
        if (!right) {
            throw new IllegalStateException("answer: wrong (expected: as the server sent it)");
        }
    }
}
