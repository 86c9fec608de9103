package dev.plinth.governance;

import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.InvalidFileException;
import dev.plinth.api.error.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * A file of one YAML document, UTF-8.
 *
 * @param file where it is
 * @param what it describes, for messages
 */
record YamlFile(Path file, String what) {

    /** @throws StoreException if it cannot be read */
    String text() {
        try {
            return Files.readString(file);
        } catch (IOException exception) {
            throw new StoreException(
                    what + ": " + file + " (expected: a readable UTF-8 file)", ErrorDetails.NONE, exception);
        }
    }

    /**
     * What the text of the file says.
     *
     * @param reader returns null only after it has named a problem
     * @throws InvalidFileException if it breaks the format
     */
    <T> T parse(String text, BiFunction<Node, Problems, @Nullable T> reader) {
        Problems problems = new Problems(this);
        Node root;
        try {
            root = compose(text);
        } catch (YamlEngineException exception) {
            throw problems.notYaml(exception);
        }
        T read = reader.apply(root, problems);
        problems.throwIfAny();
        if (read == null) {
            throw new IllegalStateException(what + ": not read, and no problem (expected: one of them)");
        }
        return read;
    }

    private Node compose(String text) {
        LoadSettings settings = LoadSettings.builder().setLabel(what).build();
        Composer composer = new Composer(settings, new ParserImpl(settings, new StreamReader(settings, text)));
        return composer.getSingleNode().orElseThrow(() -> new YamlEngineException("an empty file"));
    }
}
