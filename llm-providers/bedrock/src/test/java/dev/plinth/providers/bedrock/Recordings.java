package dev.plinth.providers.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Requests that an official SDK sent, and what it made of the answers; a folder beside the repository. */
final class Recordings {
    static final ObjectMapper JSON = new ObjectMapper();
    static final String FILE = "bedrock-converse.json";

    private Recordings() {}

    /** The cases, or empty when the folder is not there. */
    static Optional<JsonNode> cases() throws IOException {
        Path path = shared().resolve("wire/recordings").resolve(FILE);
        return Files.exists(path)
                ? Optional.of(JSON.readTree(Files.readString(path)).get("cases"))
                : Optional.empty();
    }

    /** The folder beside the repository. */
    static Path shared() {
        String set = System.getProperty("plinth.shared");
        if (set != null) {
            return Path.of(set);
        }
        Path folder = Path.of("").toAbsolutePath();
        while (folder.getParent() != null && !Files.isDirectory(folder.resolve("llm-api"))) {
            folder = folder.getParent();
        }
        return folder.resolveSibling("shared");
    }
}
