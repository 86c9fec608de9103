package dev.plinth.samples.quickstart;

import dev.plinth.api.model.ModelInfo;
import dev.plinth.governance.Catalogue;
import dev.plinth.providers.onnx.OnnxEmbeddings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The models this quickstart may call, as a file. In a company the platform team publishes it; here it is written at
 * each start, since nobody knows before which model there is. The model on this machine costs nothing; the price of
 * another is not known here, and so the cost of its answers is not either.
 */
final class CatalogueFile {

    private CatalogueFile() {}

    static Catalogue write(Path home, OnnxEmbeddings embeddings, ModelChoice choice) {
        StringBuilder yaml = new StringBuilder("owner: quickstart\nmodels:\n");
        ModelInfo search = embeddings.info();
        entry(yaml, "search", search.provider(), search.model(), "embedding");
        yaml.append("    price: {input: 0, output: 0, currency: USD, asOf: 2026-11-01}\n");
        choice.chatModel().ifPresent(model -> {
            ModelInfo info = model.info();
            entry(yaml, "answers", info.provider(), info.model(), "chat");
        });
        Path file = home.resolve("catalogue.yaml");
        try {
            Files.writeString(file, yaml, StandardCharsets.UTF_8);
        } catch (IOException exception) {
            throw new UncheckedIOException(file + ": cannot be written (expected: a folder to write to)", exception);
        }
        return Catalogue.load(file);
    }

    private static void entry(StringBuilder yaml, String alias, String provider, String model, String kind) {
        yaml.append("  - alias: ").append(alias).append('\n');
        yaml.append("    provider: ").append(quoted(provider)).append('\n');
        yaml.append("    model: ").append(quoted(model)).append('\n');
        yaml.append("    kind: ").append(kind).append('\n');
        yaml.append("    status: approved\n");
    }

    private static String quoted(String text) {
        return '\'' + text.replace("'", "''") + '\'';
    }
}
