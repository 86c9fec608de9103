package dev.plinth.rag.connect;

import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.api.tck.ConnectorContract;
import dev.plinth.api.tck.DocumentSource;
import dev.plinth.rag.parse.TextParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

class FolderConnectorContractTest extends ConnectorContract {
    @TempDir
    Path temporary;

    @Override
    protected DocumentSource source() throws IOException {
        return new Folder(Files.createDirectory(temporary.resolve("docs")));
    }

    @Override
    protected Set<Behavior> unsupported() {
        return Set.of(
                Behavior.PAGES,
                Behavior.CHANGES,
                Behavior.REMOVALS,
                Behavior.READERS,
                Behavior.DENIALS,
                Behavior.WAITS,
                Behavior.CREDENTIALS);
    }

    private record Folder(Path folder) implements DocumentSource {
        @Override
        public Connector connect() {
            return FolderConnector.of(folder);
        }

        @Override
        public List<Connector> otherwise() {
            return List.of(
                    FolderConnector.of(folder).readers(Readers.of("group:docs")),
                    FolderConnector.of(folder).parser(TextParser.create().extensions("txt")));
        }

        @Override
        public String id(String name) {
            return "sub/" + name + ".md";
        }

        private Path file(String name) {
            return folder.resolve(id(name));
        }

        @Override
        public void put(String name, String text) throws IOException {
            Files.createDirectories(file(name).getParent());
            Files.writeString(file(name), text);
        }

        @Override
        public void remove(String name) throws IOException {
            Files.delete(file(name));
        }

        @Override
        public void damage(String name) throws IOException {
            Files.write(file(name), "Gr\u00fc\u00dfe".getBytes(StandardCharsets.ISO_8859_1));
        }

        @Override
        public void disappear() throws IOException {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }

        @Override
        public Object state() throws IOException {
            Map<String, String> state = new TreeMap<>();
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.toList()) {
                    state.put(
                            file.toString(),
                            Files.getLastModifiedTime(file)
                                    + (Files.isDirectory(file) ? "" : " " + Files.readString(file)));
                }
            }
            return state;
        }
    }
}
