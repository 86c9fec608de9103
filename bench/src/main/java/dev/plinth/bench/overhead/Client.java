package dev.plinth.bench.overhead;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A way to make the calls. Thread-safe. */
interface Client extends AutoCloseable {

    /** The clients there are to choose from. */
    List<String> NAMES = List.of("plinth", "floor");

    /** The client that is there for one comparison only. */
    String DATA_BINDING = "databinding";

    /** The text of an answer in one piece. */
    String chat(String prompt) throws IOException;

    /** The arguments of the tool that the model asks for. */
    String tool(String prompt) throws IOException;

    /** An answer as it comes. */
    Deltas stream(String prompt) throws IOException;

    /** Vectors in the order of the texts. */
    List<float[]> embed(List<String> texts) throws IOException;

    @Override
    void close();

    /** The pieces of text of a streamed answer. For one thread. */
    interface Deltas {

        /** The next piece, or null once the answer is complete; read up to there. */
        @Nullable
        String next() throws IOException;
    }

    /**
     * The client of this name.
     *
     * @param url where the server is, up to and with the version
     */
    static Client open(String name, String url) {
        return switch (name) {
            case "plinth" -> new PlinthClient(url);
            case "floor" -> new FloorClient(url);
            case DATA_BINDING -> new DataBindingClient(url);
            default -> {
                if (!TracedClient.NAMES.contains(name)) {
                    throw new IllegalArgumentException(
                            "client: " + name + " (expected: one of " + String.join(", ", NAMES) + ")");
                }
                yield TracedClient.open(name, url);
            }
        };
    }
}
