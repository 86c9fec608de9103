package dev.plinth.evals;

import dev.plinth.api.check.Check;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Cases that belong together, usually one file in Git.
 *
 * <p>The file holds one JSON object per line, UTF-8, see {@code docs/formats/eval-case.schema.json}:
 *
 * <pre>{@code
 * {"id": "refund", "input": "How long do I have to return it?", "expected": "30 days",
 *  "evaluators": [{"type": "contains", "normalize": ["whitespace", "case"]}]}
 * }</pre>
 *
 * (here on two lines). A case without {@code evaluators} is judged by an exact match with {@code expected}. Mistakes,
 * such as an unknown field or a broken pattern, are refused when the file is read, with file and line.
 *
 * @param name for reports
 * @param cases at least one, each with an id of its own
 */
public record EvalSuite(String name, List<EvalCase> cases) {

    public EvalSuite {
        Check.notBlank(name, "name");
        Check.notEmpty(cases, "cases");
        cases = List.copyOf(cases);
        Set<String> ids = new HashSet<>();
        for (EvalCase evalCase : cases) {
            Check.that(ids.add(evalCase.id()), "id", evalCase.id(), "once in " + name);
        }
    }

    /**
     * Reads a file; the suite is named after it.
     *
     * @throws IllegalArgumentException if something in it is wrong
     * @throws UncheckedIOException if it cannot be read
     */
    public static EvalSuite read(Path file) {
        Check.notNull(file, "file");
        try (InputStream input = Files.newInputStream(file)) {
            return read(file.toString(), input);
        } catch (IOException failed) {
            throw new UncheckedIOException(file + ": unreadable (expected: a file of eval cases)", failed);
        }
    }

    /**
     * Reads the same from elsewhere, such as a resource.
     *
     * @param name of the suite, and of the file in messages
     * @param input stays open
     * @throws IllegalArgumentException if something in it is wrong
     * @throws UncheckedIOException if it cannot be read
     */
    public static EvalSuite read(String name, InputStream input) {
        return new EvalSuite(name, Json.lines(name, Check.notNull(input, "input"), CaseReader::read));
    }

    /**
     * The cases that carry a tag.
     *
     * @throws IllegalArgumentException if none does
     */
    public EvalSuite tagged(String tag) {
        Check.notBlank(tag, "tag");
        List<EvalCase> tagged =
                cases.stream().filter(evalCase -> evalCase.tags().contains(tag)).collect(Collectors.toList());
        Check.that(!tagged.isEmpty(), "tag", tag, "on at least one case of " + name);
        return new EvalSuite(name, tagged);
    }
}
