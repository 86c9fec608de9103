package dev.plinth.rag.connectors.git;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.api.retrieval.Value;
import dev.plinth.rag.connect.RequiredReaders;
import dev.plinth.rag.parse.DocumentParser;
import dev.plinth.rag.parse.FileNames;
import dev.plinth.rag.parse.Parsed;
import dev.plinth.rag.text.Sha256;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/**
 * The files of a branch of a Git repository.
 *
 * <pre>{@code
 * GitConnector handbook = GitConnector.remote("https://git.example/handbook.git", Path.of("handbook.git"))
 *         .branch("main")
 *         .paths(path -> path.startsWith("docs/"))
 *         .credentials("reader", () -> System.getenv("GIT_TOKEN"))
 *         .readers(Readers.of("group:staff"))
 *         .build();
 * }</pre>
 *
 * <p>A file's version is the id of its content, and the place from which changes are told is a commit: what has changed
 * since is the difference of the two trees, whatever lies between them. If the history was rewritten and the commit is
 * gone, everything is listed. A renamed file is one removed and one added.
 *
 * <p>Offers the files that its parser accepts, text and Markdown by default, of at most 16 MiB; names the others, but not
 * those that {@link Builder#paths} leaves out. A document's id is its path; its metadata are {@code path},
 * {@code extension}, {@code commit} (the last one that changed it), {@code author} and {@link Document#MODIFIED} of that
 * commit, and what the parser tells. {@link #fetch} reads the newest commit: of a remote repository the one
 * that was fetched for the last list, of a local one that of this moment.
 *
 * <p>Everyone may read the documents unless {@link Builder#readers} says otherwise. What is read with credentials is not
 * for everyone until somebody says so: with {@link Builder#credentials} and without readers no connector is built.
 *
 * <p>A remote repository is copied, without a working tree, into a folder that belongs to the connector, and each first
 * page of a list fetches what is new. A local one is only read.
 *
 * <p>Thread-safe. A server that does not answer is given up after the time limit, not at an interruption.
 */
public final class GitConnector implements Connector {
    private final String name;
    private final Branch branch;
    private final TreeListing listing;
    private final DocumentParser parser;
    private final Readers readers;
    private final boolean authorNames;
    private final long maxBytes;
    private final String url;
    private @Nullable LastCommits lastCommits;

    private GitConnector(Builder builder) {
        this.name = builder.name == null ? builder.place + "#" + builder.branch : builder.name;
        Branch.Remote remote =
                builder.uri == null ? null : new Branch.Remote(builder.uri, builder.credentials, builder.timeout);
        this.branch = new Branch(name, builder.branch, builder.folder, remote);
        this.listing = new TreeListing(name, builder.paths, builder.parser, builder.maxBytes);
        this.parser = builder.parser;
        this.readers = builder.readers == null && builder.credentials == null
                ? Readers.EVERYONE
                : RequiredReaders.of(builder.readers);
        this.authorNames = builder.authorNames;
        this.maxBytes = builder.maxBytes;
        this.url = builder.url == null ? builder.place + "/{path}" : builder.url;
    }

    /** A repository on this machine: a bare one, or a folder with a working tree, of which commits count, not files. */
    public static Builder local(Path repository) {
        Path folder = Check.notNull(repository, "repository");
        return new Builder(null, folder, folder.normalize().toString().replace('\\', '/'));
    }

    /**
     * A repository elsewhere.
     *
     * @param uri without a password, and over HTTP without a user, which may be a token
     * @param folder for the copy; made if it is not there, and used again by the next connector
     */
    public static Builder remote(String uri, Path folder) {
        Check.notBlank(uri, "uri");
        Check.that(
                !uri.matches("(?is)https?://[^/]*@.*|[^/]*://[^/@]*:.*@.*"),
                "uri",
                "with a user or a password",
                "credentials() for it");
        return new Builder(uri, Check.notNull(folder, "folder"), uri);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String fingerprint() {
        return Sha256.of(List.of(readers.text(), parser.fingerprint(), Boolean.toString(authorNames), url));
    }

    @Override
    public Page list(@Nullable String cursor) {
        branch.update();
        return branch.read(repository -> {
            try (RevWalk walk = new RevWalk(repository)) {
                RevCommit tip = branch.tip(walk);
                Optional<RevCommit> since = Branch.commit(cursor, walk);
                return since.isPresent() ? listing.changes(repository, since.get(), tip) : listing.all(repository, tip);
            }
        });
    }

    @Override
    public Document fetch(Item item) {
        return branch.read(repository -> {
            try (RevWalk walk = new RevWalk(repository)) {
                RevCommit tip = branch.tip(walk);
                Parsed parsed = parser.parse(item.id(), null, content(repository, tip, item.id()));
                Optional<ObjectId> changed = lastCommits(repository, tip).of(item.id());
                RevCommit last = changed.isEmpty() ? null : walk.parseCommit(changed.get());
                Metadata metadata = parsed.metadata();
                for (Map.Entry<String, Value> fact :
                        facts(item.id(), last).values().entrySet()) {
                    metadata = metadata.with(fact.getKey(), fact.getValue());
                }
                String place = url.replace("{commit}", (last == null ? tip : last).name())
                        .replace("{path}", encoded(item.id()));
                return new Document(item.id(), parsed.title(), parsed.text(), place, readers, metadata, parsed.pages());
            }
        });
    }

    private byte[] content(Repository repository, RevCommit tip, String path) throws IOException {
        try (TreeWalk file = TreeWalk.forPath(repository, path, tip.getTree())) {
            if (file == null || file.isSubtree()) {
                throw new StoreException("file: " + path + " is not there (expected: a file of " + name + ")");
            }
            ObjectLoader content = repository.open(file.getObjectId(0));
            if (content.getSize() > maxBytes) {
                throw new StoreException("file: " + path + " has grown (expected: at most " + maxBytes + " bytes)");
            }
            return content.getBytes();
        }
    }

    private synchronized LastCommits lastCommits(Repository repository, ObjectId tip) throws IOException {
        LastCommits known = lastCommits;
        if (known == null || !known.startsAt(tip)) {
            if (known != null) {
                known.close();
            }
            known = new LastCommits(name, repository, tip);
            lastCommits = known;
        }
        return known;
    }

    private Metadata facts(String path, @Nullable RevCommit commit) {
        Metadata facts = Metadata.NONE.with("path", path).with("extension", FileNames.extension(path));
        if (commit == null) {
            return facts;
        }
        return facts.with("commit", commit.name())
                .with("author", author(commit.getAuthorIdent()))
                .with(Document.MODIFIED, Value.of(commit.getCommitTime() * 1000L));
    }

    private String author(PersonIdent author) {
        return authorNames
                ? author.getName()
                : Sha256.of(author.getEmailAddress().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8))
                        .substring(0, 16);
    }

    private static String encoded(String path) {
        return URLEncoder.encode(path, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2F", "/");
    }

    @Override
    public synchronized void close() {
        if (lastCommits != null) {
            lastCommits.close();
            lastCommits = null;
        }
        branch.close();
    }

    @Override
    public String toString() {
        return "GitConnector[" + name + "]";
    }

    /** What is read of a repository, and how. Not thread-safe. */
    public static final class Builder {
        private final @Nullable String uri;
        private final Path folder;
        private final String place;
        private String branch = "main";
        private @Nullable String name;
        private DocumentParser parser = DocumentParser.text();
        private Predicate<? super String> paths = path -> true;
        private long maxBytes = 16L << 20;
        private @Nullable Readers readers;
        private boolean authorNames;
        private @Nullable String url;
        private @Nullable Credentials credentials;
        private Duration timeout = Duration.ofMinutes(1);

        private Builder(@Nullable String uri, Path folder, String place) {
            this.uri = uri;
            this.folder = folder;
            this.place = place;
        }

        /** The branch; {@code main} unless set. */
        public Builder branch(String branch) {
            this.branch = Check.notBlank(branch, "branch");
            return this;
        }

        /** The name of the source; the repository and {@code #} and the branch unless set. */
        public Builder name(String name) {
            this.name = Check.notBlank(name, "name");
            return this;
        }

        /** What reads the files. */
        public Builder parser(DocumentParser parser) {
            this.parser = Check.notNull(parser, "parser");
            return this;
        }

        /** Which files, by their paths with {@code /}; all unless set. */
        public Builder paths(Predicate<? super String> paths) {
            this.paths = Check.notNull(paths, "paths");
            return this;
        }

        /** The most bytes of a file. */
        public Builder maxBytes(long bytes) {
            this.maxBytes = Check.positive(bytes, "maxBytes");
            return this;
        }

        /** Who may read the documents; has to be said where there are {@link #credentials}, everyone otherwise. */
        public Builder readers(Readers readers) {
            this.readers = Check.notNull(readers, "readers");
            return this;
        }

        /**
         * Whether {@code author} is the name of the author, or, as it is unless set, a hash of the e-mail address: the same
         * for the same person, but no secret to somebody who knows the address.
         */
        public Builder authorNames(boolean names) {
            this.authorNames = names;
            return this;
        }

        /** Where a person finds a file: with {@code {path}} and, if wanted, {@code {commit}}, the last that changed it. */
        public Builder url(String template) {
            Check.that(template.contains("{path}"), "url", template, "{path} in it");
            this.url = template;
            return this;
        }

        /**
         * With whom and what a remote repository is asked.
         *
         * @param secret asked before every fetch
         */
        public Builder credentials(String user, Supplier<String> secret) {
            this.credentials = new Credentials(Check.notBlank(user, "user"), Check.notNull(secret, "secret"));
            return this;
        }

        /** How long a server may be silent, in whole seconds; 1 minute unless set. */
        public Builder timeout(Duration timeout) {
            this.timeout = Check.positive(timeout, "timeout");
            return this;
        }

        /** The connector. The repository is not opened before the first list. */
        public GitConnector build() {
            return new GitConnector(this);
        }
    }
}
