package dev.plinth.rag.connectors.git;

import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.StoreException;
import dev.plinth.rag.connect.Interruption;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jgit.api.FetchCommand;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.EmptyProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.jspecify.annotations.Nullable;

/** A branch of a repository on this machine, which may be the copy of another one. Thread-safe. */
final class Branch implements AutoCloseable {
    private final String name;
    private final String ref;
    private final Path folder;
    private final @Nullable Remote remote;
    private @Nullable Repository repository;

    /** Where a repository is a copy of. */
    record Remote(String uri, @Nullable Credentials credentials, Duration timeout) {}

    interface Reading<T> {
        T from(Repository repository) throws IOException;
    }

    /**
     * @param name of the source, for messages
     * @param remote null: the folder is not a copy
     */
    Branch(String name, String branch, Path folder, @Nullable Remote remote) {
        this.name = name;
        this.ref = "refs/heads/" + branch;
        this.folder = folder;
        this.remote = remote;
    }

    /** Brings a copy up to date. */
    void update() {
        Interruption.check(name);
        if (remote == null) {
            return;
        }
        try {
            fetch(remote);
        } catch (GitAPIException | IOException exception) {
            Interruption.check(name);
            throw failed(exception);
        }
    }

    private void fetch(Remote from) throws GitAPIException, IOException {
        FetchCommand fetch = Git.wrap(open())
                .fetch()
                .setRemote(from.uri())
                .setRefSpecs(new RefSpec("+" + ref + ":" + ref))
                .setTagOpt(TagOpt.NO_TAGS)
                .setTimeout((int) Math.max(1, from.timeout().toSeconds()))
                .setProgressMonitor(new EmptyProgressMonitor() {
                    private final Thread caller = Thread.currentThread();

                    @Override
                    public boolean isCancelled() {
                        return caller.isInterrupted();
                    }
                });
        Credentials credentials = from.credentials();
        if (credentials != null) {
            fetch.setCredentialsProvider(new UsernamePasswordCredentialsProvider(
                    credentials.user(), credentials.secret().get()));
        }
        fetch.call();
    }

    <T> T read(Reading<T> reading) {
        Interruption.check(name);
        try {
            return reading.from(open());
        } catch (IOException exception) {
            Interruption.check(name);
            throw failed(exception);
        }
    }

    /** The newest commit. */
    RevCommit tip(RevWalk walk) throws IOException {
        Ref tip = open().exactRef(ref);
        if (tip == null || tip.getObjectId() == null) {
            throw new StoreException("branch: " + ref + " is not in " + name + " (expected: a branch with a commit)");
        }
        return walk.parseCommit(tip.getObjectId());
    }

    /** A commit, if the repository still has it. */
    static Optional<RevCommit> commit(@Nullable String id, RevWalk walk) throws IOException {
        if (id == null || !ObjectId.isId(id)) {
            return Optional.empty();
        }
        try {
            return Optional.of(walk.parseCommit(ObjectId.fromString(id)));
        } catch (MissingObjectException | IncorrectObjectTypeException forgotten) {
            return Optional.empty();
        }
    }

    private synchronized Repository open() throws IOException {
        Repository open = repository;
        if (open == null) {
            open = remote == null ? existing() : copy();
            repository = open;
        }
        return open;
    }

    private Repository existing() throws IOException {
        File start = folder.toAbsolutePath().toFile();
        FileRepositoryBuilder builder = new FileRepositoryBuilder()
                .addCeilingDirectory(start.getParentFile())
                .findGitDir(start);
        if (builder.getGitDir() == null) {
            throw new StoreException("folder: " + folder + " holds no repository (expected: one that can be read)");
        }
        return builder.setMustExist(true).build();
    }

    private Repository copy() throws IOException {
        Repository copy =
                new FileRepositoryBuilder().setGitDir(folder.toFile()).setBare().build();
        if (!copy.getObjectDatabase().exists()) {
            copy.create(true);
        }
        return copy;
    }

    private LlmException failed(Exception exception) {
        for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            if (message.contains("not authorized")
                    || message.contains("authentication is required")
                    || message.contains("not permitted")
                    || message.contains("auth fail")) {
                return new AuthenticationException(
                        "repository: " + name + " refuses the credentials (expected: some that may read)",
                        ErrorDetails.NONE,
                        exception);
            }
        }
        return new StoreException("repository: " + name + " cannot be read", ErrorDetails.NONE, exception);
    }

    @Override
    public synchronized void close() {
        if (repository != null) {
            repository.close();
            repository = null;
        }
    }
}
