package dev.plinth.rag.connectors.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.api.retrieval.Value;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.rag.parse.TextParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.MergeCommand;
import org.eclipse.jgit.api.ResetCommand.ResetType;
import org.eclipse.jgit.revwalk.RevCommit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitConnectorTest {
    @TempDir
    Path temporary;

    private TestRepository repository;

    @BeforeEach
    void create() throws Exception {
        repository = new TestRepository(temporary.resolve("repository"));
    }

    @AfterEach
    void close() {
        repository.close();
    }

    private GitConnector.Builder local() {
        return GitConnector.local(repository.folder());
    }

    private GitConnector.Builder remote(String copy) {
        return GitConnector.remote(repository.folder().toUri().toString(), temporary.resolve(copy));
    }

    private static List<String> ids(Connector.Page page) {
        return page.items().stream().map(Connector.Item::id).toList();
    }

    private static Document fetch(Connector connector, String id) {
        return connector.fetch(new Connector.Item(id, "?"));
    }

    @Test
    void anotherParserIsAnotherFingerprint() {
        try (GitConnector text = local().build();
                GitConnector other =
                        local().parser(TextParser.create().extensions("adoc")).build()) {
            assertThat(text.fingerprint()).isNotEqualTo(other.fingerprint());
        }
    }

    @Test
    void fileBecomesADocument() throws Exception {
        repository.write("docs/a b.md", "# A\n\nfirst").commit("Writes it");
        RevCommit last = repository
                .write("docs/a b.md", "# A\n\nsecond")
                .commit("Changes it", "Grace Hopper", "Grace@Example.org");
        repository.write("docs/other.md", "other").commit("Writes another");
        try (GitConnector connector = local().url("https://git.example/blob/{commit}/{path}")
                .readers(Readers.of("group:docs"))
                .authorNames(true)
                .build()) {
            assertThat(ids(connector.list(null))).containsExactly("docs/a b.md", "docs/other.md");
            assertThat(fetch(connector, "docs/a b.md"))
                    .isEqualTo(new Document(
                            "docs/a b.md",
                            "",
                            "# A\n\nsecond",
                            "https://git.example/blob/" + last.name() + "/docs/a%20b.md",
                            Readers.of("group:docs"),
                            Metadata.NONE
                                    .with("path", "docs/a b.md")
                                    .with("extension", "md")
                                    .with("commit", last.name())
                                    .with("author", "Grace Hopper")
                                    .with(Document.MODIFIED, Value.of(last.getCommitTime() * 1000L))));
        }
        try (GitConnector connector = local().build()) {
            assertThat(fetch(connector, "docs/a b.md").metadata().text("author"))
                    .hasValueSatisfying(author -> assertThat(author).matches("[0-9a-f]{16}"))
                    .isNotEqualTo(fetch(connector, "docs/other.md").metadata().text("author"));
            assertThat(fetch(connector, "docs/other.md").source()).isEqualTo(repository.folder() + "/docs/other.md");
        }
    }

    @Test
    void findsTheLastCommitThroughMerges() throws Exception {
        Git git = repository.git();
        repository
                .write("both.md", "0")
                .write("main.md", "0")
                .write("side.md", "0")
                .commit("Begins");
        git.checkout().setCreateBranch(true).setName("side").call();
        RevCommit side = repository.write("side.md", "1").commit("Changes the side");
        git.checkout().setName("main").call();
        RevCommit main = repository.write("main.md", "1").commit("Changes the main line");
        git.merge()
                .include(side)
                .setFastForward(MergeCommand.FastForwardMode.NO_FF)
                .setCommit(false)
                .call();
        RevCommit merge = repository.write("both.md", "by hand").commit("Merges");
        try (GitConnector connector = local().build()) {
            connector.list(null);
            assertThat(fetch(connector, "side.md").metadata().text("commit")).contains(side.name());
            assertThat(fetch(connector, "main.md").metadata().text("commit")).contains(main.name());
            assertThat(fetch(connector, "both.md").metadata().text("commit")).contains(merge.name());
        }
    }

    @Test
    void offersWhatItsRulesLetThrough() throws Exception {
        repository
                .write("docs/a.md", "a")
                .write("docs/big.md", "b".repeat(50))
                .write("docs/image.png", "x")
                .write("src/readme.md", "not chosen");
        Files.createSymbolicLink(repository.folder().resolve("docs/link.md"), Path.of("a.md"));
        repository.git().add().addFilepattern("docs/link.md").call();
        repository.commit("Writes them");
        try (GitConnector connector =
                local().paths(path -> path.startsWith("docs/")).maxBytes(10).build()) {
            Connector.Page page = connector.list(null);
            assertThat(ids(page)).containsExactly("docs/a.md");
            assertThat(page.skipped())
                    .containsExactlyInAnyOrder(
                            new Connector.Skipped("docs/big.md", "50 bytes, more than 10"),
                            new Connector.Skipped("docs/image.png", "no kind of file that is read"),
                            new Connector.Skipped("docs/link.md", "link"));
            repository.write("docs/a.md", "a".repeat(11)).commit("Grows");
            Connector.Page changes = connector.list(page.since());
            assertThat(changes.removed()).as("no longer offered").containsExactly("docs/a.md");
            assertThat(changes.skipped()).hasSize(1);
        }
    }

    @Test
    void fileThatHasGrownSinceItWasListedIsRefused() throws Exception {
        repository.write("a.md", "a").commit("Writes it");
        try (GitConnector connector = local().maxBytes(10).build()) {
            Connector.Item listed = connector.list(null).items().get(0);
            repository.write("a.md", "a".repeat(11)).commit("Grows");
            assertThatThrownBy(() -> connector.fetch(listed))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("file: a.md has grown (expected: at most 10 bytes)");
        }
    }

    @Test
    void theWayBackThroughTheHistoryEndsAtAnInterruption() throws Exception {
        RevCommit tip = repository.write("a.md", "a").commit("Writes it");
        try (LastCommits last = new LastCommits("a repository", repository.git().getRepository(), tip)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> last.of("a.md")).isInstanceOf(CancelledException.class);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(last.of("a.md")).contains(tip.getId());
        }
    }

    @Test
    void aRenamedFileIsRemovedAndAdded() throws Exception {
        repository.write("old.md", "the same text").commit("Writes it");
        try (GitConnector connector = local().build()) {
            Connector.Page before = connector.list(null);
            repository.delete("old.md").write("new.md", "the same text").commit("Renames it");
            Connector.Page changes = connector.list(before.since());
            assertThat(changes.removed()).containsExactly("old.md");
            assertThat(changes.items())
                    .containsExactly(
                            new Connector.Item("new.md", before.items().get(0).version()));
        }
    }

    @Test
    void aRewrittenHistoryIsComparedWhileItIsKnownAndReadAnewWhenItIsNot() throws Exception {
        repository.write("kept.md", "kept").commit("Keeps");
        repository.write("gone.md", "gone").commit("Writes what will be gone");
        try (GitConnector connector = remote("copy").build()) {
            String since = connector.list(null).since();
            repository.git().reset().setMode(ResetType.HARD).setRef("HEAD~1").call();
            repository.write("new.md", "new").commit("Goes another way");

            Connector.Page changes = connector.list(since);
            assertThat(changes.complete()).isFalse();
            assertThat(ids(changes)).containsExactly("new.md");
            assertThat(changes.removed()).containsExactly("gone.md");

            try (GitConnector fresh = remote("other-copy").build()) {
                Connector.Page all = fresh.list(since);
                assertThat(all.complete()).as("the old commit is unknown").isTrue();
                assertThat(ids(all)).containsExactly("kept.md", "new.md");
            }
        }
    }

    @Test
    void aCopyIsUsedAgainAndServesWhenTheRemoteIsGone() throws Exception {
        repository.write("a.md", "text").commit("Writes it");
        try (GitConnector first = remote("copy").build()) {
            first.list(null);
        }
        assertThat(Files.exists(temporary.resolve("copy/a.md")))
                .as("a working tree")
                .isFalse();
        repository.disappear();
        try (GitConnector second = remote("copy").build()) {
            assertThatThrownBy(() -> second.list(null)).isInstanceOf(StoreException.class);
            assertThat(fetch(second, "a.md").text()).isEqualTo("text");
        }
    }

    @Test
    void readsABareRepositoryAndRefusesWhatIsNone() throws Exception {
        repository.write("a.md", "text").commit("Writes it");
        try (GitConnector copy = remote("bare").build()) {
            copy.list(null);
        }
        try (GitConnector bare = GitConnector.local(temporary.resolve("bare")).build()) {
            assertThat(ids(bare.list(null))).containsExactly("a.md");
        }
        Path empty = Files.createDirectory(repository.folder().resolve("inside"));
        for (Path none : List.of(empty, temporary.resolve("nowhere"))) {
            try (GitConnector connector = GitConnector.local(none).build()) {
                assertThatThrownBy(() -> connector.list(null))
                        .as("%s", none)
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining("holds no repository");
            }
        }
        try (GitConnector connector = local().branch("other").build()) {
            assertThatThrownBy(() -> connector.list(null))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("refs/heads/other is not in");
        }
        try (GitConnector connector = remote("copy").branch("other").build()) {
            assertThatThrownBy(() -> connector.list(null)).isInstanceOf(StoreException.class);
        }
    }

    @Test
    void credentialsAreSentAndHidden() {
        String secret = "t0ken-of-git";
        try (StubServer server = StubServer.start()) {
            server.otherwise(request -> StubAnswer.text(401, "").header("WWW-Authenticate", "Basic realm=\"git\""));
            String uri = server.url("/x.git").toString();
            try (GitConnector connector = GitConnector.remote(uri, temporary.resolve("copy"))
                    .credentials("reader", () -> secret)
                    .readers(Readers.of("group:docs"))
                    .build()) {
                Throwable refused = catchThrowable(() -> connector.list(null));
                assertThat(refused).isInstanceOf(AuthenticationException.class);
                for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
                    assertThat(cause.toString()).doesNotContain(secret);
                }
                assertThat(connector.toString() + connector.name()).doesNotContain(secret);
            }
            assertThat(server.requests())
                    .anyMatch(request -> request.header("Authorization").isPresent());
        }
        assertThat(new Credentials("reader", () -> secret).toString()).doesNotContain(secret);
        for (String user :
                List.of("https://me:" + secret, "https://" + secret, "HTTP://" + secret, "ssh://me:" + secret)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> GitConnector.remote(user + "@git.example/x.git", temporary))
                    .withMessage("uri: with a user or a password (expected: credentials() for it)");
        }
        assertThat(GitConnector.remote("ssh://git@git.example/x.git", temporary).build())
                .hasToString("GitConnector[ssh://git@git.example/x.git#main]");
    }

    @Test
    void somebodySaysWhoMayReadWhatIsReadWithCredentials() {
        GitConnector.Builder builder = remote("copy").credentials("reader", () -> "t0ken-of-git");
        assertThatIllegalArgumentException()
                .isThrownBy(builder::build)
                .withMessage("readers: missing (expected: who may read what is read with credentials, such as"
                        + " Readers.of(...) or Readers.EVERYONE)");
        builder.readers(Readers.EVERYONE).build().close();
    }

    @Test
    void anUnknownServerIsUnreachable() {
        String uri;
        try (StubServer server = StubServer.start()) {
            uri = server.url("/x.git").toString();
        }
        try (GitConnector connector =
                GitConnector.remote(uri, temporary.resolve("copy")).build()) {
            assertThatThrownBy(() -> connector.list(null)).isInstanceOf(StoreException.class);
        }
    }
}
