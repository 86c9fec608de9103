package dev.plinth.evals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.api.check.Check;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Answers of an earlier run, given again: evals without a model, a network or a bill.
 *
 * <p>The file holds one JSON object per line, UTF-8, see {@code docs/formats/recorded-answer.schema.json}:
 * {@code {"input": "...", "output": "..."}}. An input that was recorded several times gets its answers in their order,
 * and then from the first again, so that repeated trials see what the model really gave.
 *
 * <p>Thread-safe.
 */
public final class RecordedAnswers implements Subject {

    private static final Set<String> FIELDS = new TreeSet<>(List.of("input", "output"));

    private final String name;
    private final Map<String, List<String>> answers;
    private final Map<String, Integer> given = new HashMap<>();

    private RecordedAnswers(String name, Map<String, List<String>> answers) {
        this.name = name;
        this.answers = answers;
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException if something in it is wrong, or nothing in it
     * @throws UncheckedIOException if it cannot be read
     */
    public static RecordedAnswers read(Path file) {
        Check.notNull(file, "file");
        try (InputStream input = Files.newInputStream(file)) {
            return read(file.toString(), input);
        } catch (IOException failed) {
            throw new UncheckedIOException(file + ": unreadable (expected: a file of recorded answers)", failed);
        }
    }

    /**
     * Reads the same from elsewhere, such as a resource.
     *
     * @param name of the file in messages
     * @param input stays open
     * @throws IllegalArgumentException if something in it is wrong, or nothing in it
     * @throws UncheckedIOException if it cannot be read
     */
    public static RecordedAnswers read(String name, InputStream input) {
        Check.notBlank(name, "name");
        Map<String, List<String>> answers = new LinkedHashMap<>();
        for (Answer answer : Json.lines(name, Check.notNull(input, "input"), Answer::read)) {
            answers.computeIfAbsent(answer.input(), key -> new ArrayList<>()).add(answer.output());
        }
        Check.that(!answers.isEmpty(), name, "empty", "at least one recorded answer");
        return new RecordedAnswers(name, answers);
    }

    /**
     * A subject that writes down what another answers, at the end of a file, which is made when it is missing. Errors
     * are not written down.
     */
    public static Subject recording(Path file, Subject subject) {
        Check.notNull(file, "file");
        Check.notNull(subject, "subject");
        Object lock = new Object();
        return evalCase -> {
            String output = Check.notNull(subject.answer(evalCase), "output");
            synchronized (lock) {
                append(file, new Answer(evalCase.input(), output));
            }
            return output;
        };
    }

    private static void append(Path file, Answer answer) {
        try {
            Files.writeString(
                    file,
                    answer.toLine(),
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException failed) {
            throw new UncheckedIOException(file + ": not writable (expected: a file to record answers in)", failed);
        }
    }

    /**
     * The recorded answer.
     *
     * @throws UnrecordedInputException if there is none; shows the nearest recorded input
     */
    @Override
    public String answer(EvalCase evalCase) {
        String input = evalCase.input();
        List<String> recorded = answers.get(input);
        if (recorded == null) {
            throw new UnrecordedInputException(evalCase.id() + ": " + Verdicts.quoted(input)
                    + " (expected: an input recorded in " + name + ", the nearest is "
                    + Verdicts.quoted(nearest(input, answers.keySet())) + ")");
        }
        synchronized (given) {
            int turn = given.getOrDefault(input, 0);
            given.put(input, (turn + 1) % recorded.size());
            return recorded.get(turn);
        }
    }

    // By the share of words in common (Jaccard): good enough to spot an edited question.
    private static String nearest(String input, Collection<String> recorded) {
        Set<String> words = words(input);
        return recorded.stream()
                .max(Comparator.comparingDouble(other -> similarity(words, words(other))))
                .orElseThrow();
    }

    private static double similarity(Set<String> one, Set<String> other) {
        Set<String> common = new HashSet<>(one);
        common.retainAll(other);
        return (double) common.size() / Math.max(1, one.size() + other.size() - common.size());
    }

    private static Set<String> words(String text) {
        String normal = Normalization.apply(Set.of(Normalization.values()), text);
        return new HashSet<>(List.of(normal.split("[^\\p{L}\\p{N}]+")));
    }

    /** A line of the file. */
    private record Answer(String input, String output) {

        static Answer read(ObjectNode json) {
            Json.checkFields(json, FIELDS);
            return new Answer(Json.text(json, "input"), Json.text(json, "output"));
        }

        String toLine() {
            return Json.MAPPER
                            .createObjectNode()
                            .put("input", input)
                            .put("output", output)
                            .toString()
                    + "\n";
        }
    }
}
