package dev.plinth.providers.llamacpp;

import dev.plinth.api.error.ContextTooLongException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What this process and its child say to each other: lines of words, texts in Base64. The child marks its lines, since
 * native code and the JVM may print to the same stream.
 */
final class Wire {

    static final String READY = "ready";
    static final String CANCEL = "cancel";

    private static final String MARK = "\u0002";
    private static final String NOTHING = "-";

    private Wire() {}

    static String marked(String line) {
        return MARK + line;
    }

    /** What the child says with this line, or null when somebody else printed it. */
    static @Nullable String unmarked(String line) {
        return line.startsWith(MARK) ? line.substring(MARK.length()) : null;
    }

    static List<String> arguments(Settings settings) {
        return List.of(
                encoded(settings.file().toAbsolutePath().toString()), // arguments survive in ASCII only
                Integer.toString(settings.contextTokens()),
                Integer.toString(settings.threads()),
                Integer.toString(settings.addedTokens()),
                Boolean.toString(settings.countIsCertain()));
    }

    static Settings settings(String[] arguments) {
        return new Settings(
                Path.of(decoded(arguments[0])),
                Integer.parseInt(arguments[1]),
                Integer.parseInt(arguments[2]),
                Integer.parseInt(arguments[3]),
                Boolean.parseBoolean(arguments[4]));
    }

    static String job(Job job) {
        return String.join(
                " ",
                "generate",
                encoded(job.prompt()),
                job.grammar() == null ? NOTHING : encoded(job.grammar()),
                word(job.maxTokens()),
                word(job.temperature()),
                word(job.topP()),
                word(job.topK()),
                word(job.minP()),
                word(job.repeatPenalty()),
                word(job.seed()));
    }

    /** The job of this line, or null when the line is another one. */
    static @Nullable Job job(String line) {
        String[] words = line.split(" ", -1);
        if (!words[0].equals("generate")) {
            return null;
        }
        return new Job(
                decoded(words[1]),
                value(words[2], Wire::decoded),
                value(words[3], Integer::valueOf),
                value(words[4], Double::valueOf),
                value(words[5], Double::valueOf),
                value(words[6], Integer::valueOf),
                value(words[7], Double::valueOf),
                value(words[8], Double::valueOf),
                value(words[9], Integer::valueOf));
    }

    static String output(Output output) {
        if (output instanceof Output.Begun begun) {
            return "begun " + begun.tokens() + " " + begun.exact();
        }
        if (output instanceof Output.Piece piece) {
            return "piece " + piece.tokens() + " " + piece.exact() + " " + encoded(piece.text());
        }
        return "ended " + ((Output.Ended) output).complete();
    }

    static String failed(String code, String message) {
        return "failed " + code + " " + encoded(message);
    }

    /**
     * The output of this line.
     *
     * @throws LlmException if the line says that the child failed, or is none of the child's
     */
    static Output output(String line, ErrorDetails details) {
        String[] words = line.split(" ", -1);
        try {
            return switch (words[0]) {
                case "begun" -> new Output.Begun(Integer.parseInt(words[1]), Boolean.parseBoolean(words[2]));
                case "piece" ->
                    new Output.Piece(decoded(words[3]), Integer.parseInt(words[1]), Boolean.parseBoolean(words[2]));
                case "ended" -> new Output.Ended(Boolean.parseBoolean(words[1]));
                case "failed" -> throw failure(words[1], decoded(words[2]), details);
                default -> throw new IllegalArgumentException(words[0]);
            };
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new MalformedResponseException("child process: garbled (expected: a line of its own)", details, e);
        }
    }

    private static LlmException failure(String code, String message, ErrorDetails details) {
        return code.equals("context_too_long")
                ? new ContextTooLongException(message, details, null)
                : new EngineException(message, details, null);
    }

    /**
     * Whether this line of a child that starts says that it is ready.
     *
     * @throws RuntimeException of the kind that loading the model failed with
     */
    static boolean isReady(String line) {
        String[] words = line.split(" ", -1);
        if (words[0].equals("failed") && words.length == 3) {
            throw words[1].equals("file")
                    ? new IllegalArgumentException(decoded(words[2]))
                    : new IllegalStateException(decoded(words[2]));
        }
        return line.equals(READY);
    }

    private static String word(@Nullable Object value) {
        return value == null ? NOTHING : value.toString();
    }

    private static <T> @Nullable T value(String word, Function<String, T> parser) {
        return word.equals(NOTHING) ? null : parser.apply(word);
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String word) {
        return new String(Base64.getDecoder().decode(word), StandardCharsets.UTF_8);
    }
}
