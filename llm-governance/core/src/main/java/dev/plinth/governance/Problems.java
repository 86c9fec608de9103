package dev.plinth.governance;

import dev.plinth.api.error.InvalidFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** What is wrong with a file, collected so that its author sees all of it at once. */
final class Problems {

    private record Problem(int line, String text) {}

    private final String file;
    private final String what;
    private final List<Problem> problems = new ArrayList<>();

    Problems(YamlFile yaml) {
        Path name = yaml.file().getFileName();
        this.file = name == null ? yaml.file().toString() : name.toString();
        this.what = yaml.what();
    }

    /** What the file describes. */
    String what() {
        return what;
    }

    void add(Node node, String key, String value, String expected) {
        int line = node.getStartMark().map(Mark::getLine).orElse(0) + 1;
        problems.add(new Problem(line, key + ": " + value + " (expected: " + expected + ")"));
    }

    void throwIfAny() {
        if (!problems.isEmpty()) {
            // Sorted: a missing key is noticed after the keys that are there.
            List<String> sorted = problems.stream()
                    .sorted((one, other) -> Integer.compare(one.line, other.line))
                    .map(problem -> file + ":" + problem.line + ": " + problem.text)
                    .toList();
            throw new InvalidFileException(sorted, null);
        }
    }

    InvalidFileException notYaml(YamlEngineException cause) {
        Optional<Mark> mark = Optional.empty();
        String problem = cause.getMessage();
        if (cause instanceof MarkedYamlEngineException marked) {
            mark = marked.getProblemMark();
            problem = marked.getProblem();
        }
        String line = mark.map(at -> ":" + (at.getLine() + 1)).orElse("");
        return new InvalidFileException(
                List.of(file + line + ": " + what + ": " + problem + " (expected: one YAML document)"), cause);
    }
}
