package dev.plinth.rag.connectors.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.revwalk.RevCommit;

/** A real repository with a working tree, its commits a minute apart. */
final class TestRepository implements AutoCloseable {
    private final Path folder;
    private final Git git;
    private Instant time = Instant.parse("2026-03-01T12:00:00Z");

    TestRepository(Path folder) throws GitAPIException {
        this.folder = folder;
        this.git = Git.init()
                .setDirectory(folder.toFile())
                .setInitialBranch("main")
                .call();
        commit("Begins", "Ada", "ada@example.org");
    }

    Path folder() {
        return folder;
    }

    Git git() {
        return git;
    }

    TestRepository write(String path, String text) throws IOException, GitAPIException {
        return write(path, text.getBytes(StandardCharsets.UTF_8));
    }

    TestRepository write(String path, byte[] bytes) throws IOException, GitAPIException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
        git.add().addFilepattern(path).call();
        return this;
    }

    TestRepository delete(String path) throws GitAPIException {
        git.rm().addFilepattern(path).call();
        return this;
    }

    RevCommit commit(String message) throws GitAPIException {
        return commit(message, "Ada", "ada@example.org");
    }

    RevCommit commit(String message, String name, String email) throws GitAPIException {
        time = time.plusSeconds(60);
        PersonIdent person = new PersonIdent(name, email, time, ZoneOffset.UTC);
        return git.commit()
                .setMessage(message)
                .setAuthor(person)
                .setCommitter(person)
                .setSign(false)
                .call();
    }

    /** Every file of the folder, those of the repository included. */
    Map<String, String> state() throws IOException {
        Map<String, String> state = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                state.put(folder.relativize(file).toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
            }
        }
        return state;
    }

    void disappear() throws IOException {
        git.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Override
    public void close() {
        git.close();
    }
}
