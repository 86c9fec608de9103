package dev.plinth.rag.connectors.git;

import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.api.tck.ConnectorContract;
import dev.plinth.api.tck.ConnectorContract.Behavior;
import dev.plinth.api.tck.DocumentSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

class GitConnectorContractTest {
    private static final Set<Behavior> GAPS =
            EnumSet.of(Behavior.PAGES, Behavior.READERS, Behavior.DENIALS, Behavior.WAITS, Behavior.CREDENTIALS);

    private static final String SECRET = "t0ken-of-git";

    /** @param builders by the secret, where they need one */
    private record Source(TestRepository repository, Function<String, GitConnector.Builder> builders)
            implements DocumentSource {
        @Override
        public Connector connect() {
            return connectWith(SECRET);
        }

        @Override
        public Connector connectWith(String wrongSecret) {
            return builders.apply(wrongSecret).build();
        }

        @Override
        public List<Connector> otherwise() {
            return List.of(
                    builders.apply(SECRET).authorNames(true).build(),
                    builders.apply(SECRET).url("https://git.example/{path}").build(),
                    builders.apply(SECRET).readers(Readers.of("group:docs")).build());
        }

        @Override
        public String secret() {
            return SECRET;
        }

        @Override
        public String id(String name) {
            return "docs/" + name + ".md";
        }

        @Override
        public void put(String name, String text) throws Exception {
            repository.write(id(name), text).commit("Writes " + name);
        }

        @Override
        public void remove(String name) throws Exception {
            if (Files.exists(repository.folder().resolve(id(name)))) {
                repository.delete(id(name)).commit("Removes " + name);
            }
        }

        @Override
        public void damage(String name) throws Exception {
            repository
                    .write(id(name), "Gr\u00fc\u00dfe".getBytes(StandardCharsets.ISO_8859_1))
                    .commit("Damages");
        }

        @Override
        public void disappear() throws Exception {
            repository.disappear();
        }

        @Override
        public Object state() throws Exception {
            return repository.state();
        }

        @Override
        public void close() {
            repository.close();
        }
    }

    @Nested
    class Local extends ConnectorContract {
        @TempDir
        Path temporary;

        @Override
        protected DocumentSource source() throws Exception {
            TestRepository repository = new TestRepository(temporary.resolve("repository"));
            return new Source(repository, secret -> GitConnector.local(repository.folder()));
        }

        @Override
        protected Set<Behavior> unsupported() {
            return GAPS;
        }
    }

    /** Of a server that is gone the copy is still there to fetch from: GitConnectorTest tries it. */
    @Nested
    class Remote extends ConnectorContract {
        @TempDir
        Path temporary;

        @Override
        protected DocumentSource source() throws Exception {
            TestRepository repository = new TestRepository(temporary.resolve("repository"));
            String uri = repository.folder().toUri().toString();
            return new Source(repository, secret -> GitConnector.remote(uri, temporary.resolve("copy")));
        }

        @Override
        protected Set<Behavior> unsupported() {
            Set<Behavior> gaps = EnumSet.copyOf(GAPS);
            gaps.add(Behavior.UNREACHABLE);
            return gaps;
        }
    }

    @Nested
    class Guarded extends ConnectorContract {
        @TempDir
        Path temporary;

        private @Nullable GitServer server;

        @Override
        protected DocumentSource source() throws Exception {
            TestRepository repository = new TestRepository(temporary.resolve("repository"));
            GitServer guarded = new GitServer(repository, SECRET);
            server = guarded;
            return new Source(
                    repository,
                    secret -> GitConnector.remote(guarded.uri(), temporary.resolve("copy"))
                            .credentials(GitServer.USER, () -> secret)
                            .readers(Readers.EVERYONE));
        }

        @AfterEach
        void stop() {
            if (server != null) {
                server.close();
            }
        }

        @Override
        protected Set<Behavior> unsupported() {
            Set<Behavior> gaps = EnumSet.copyOf(GAPS);
            gaps.add(Behavior.UNREACHABLE);
            gaps.remove(Behavior.CREDENTIALS);
            return gaps;
        }
    }
}
