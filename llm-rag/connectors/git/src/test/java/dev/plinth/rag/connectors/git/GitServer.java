package dev.plinth.rag.connectors.git;

import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.stream.Collectors;

/** Hands out the files of a repository, as Git's simplest protocol asks for them, to who knows the secret. */
final class GitServer implements AutoCloseable {
    static final String USER = "reader";

    private final StubServer server = StubServer.start();
    private final TestRepository repository;
    private final String authorization;

    GitServer(TestRepository repository, String secret) {
        this.repository = repository;
        this.authorization =
                "Basic " + Base64.getEncoder().encodeToString((USER + ":" + secret).getBytes(StandardCharsets.UTF_8));
        server.otherwise(this::answer);
    }

    String uri() {
        return server.url("/x.git").toString();
    }

    private StubAnswer answer(StubRequest request) {
        if (!request.headers("Authorization").contains(authorization)) {
            return StubAnswer.text(401, "").header("WWW-Authenticate", "Basic realm=\"git\"");
        }
        String path = request.path().substring("/x.git/".length());
        try {
            if (path.equals("info/refs")) {
                return StubAnswer.text(200, refs());
            }
            Path file = repository.folder().resolve(".git").resolve(path);
            return Files.isRegularFile(file)
                    ? StubAnswer.of(200, "application/octet-stream", Files.readAllBytes(file))
                    : StubAnswer.text(404, "");
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private String refs() throws IOException {
        return repository.git().getRepository().getRefDatabase().getRefsByPrefix("refs/").stream()
                .map(ref -> ref.getObjectId().name() + "\t" + ref.getName() + "\n")
                .collect(Collectors.joining());
    }

    @Override
    public void close() {
        server.close();
    }
}
