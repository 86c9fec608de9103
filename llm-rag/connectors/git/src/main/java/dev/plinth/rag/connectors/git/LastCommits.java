package dev.plinth.rag.connectors.git;

import dev.plinth.rag.connect.Interruption;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.EmptyTreeIterator;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/**
 * Which commit changed a file last. Goes back through the history only as far as it was asked, and never twice over the
 * same commits. Thread-safe.
 */
final class LastCommits implements AutoCloseable {
    private final String name;
    private final Repository repository;
    private final ObjectId tip;
    private final RevWalk walk;
    private final Map<String, ObjectId> found = new HashMap<>();

    /** @param name of the source, for messages */
    LastCommits(String name, Repository repository, ObjectId tip) throws IOException {
        this.name = name;
        this.repository = repository;
        this.tip = tip.copy();
        this.walk = new RevWalk(repository);
        walk.setRetainBody(false); // or the messages of the whole history stay in memory
        walk.markStart(walk.parseCommit(tip));
    }

    boolean startsAt(ObjectId commit) {
        return tip.equals(commit);
    }

    /** Nothing for a file that no commit names. */
    Optional<ObjectId> of(String path) throws IOException {
        while (true) {
            Interruption.check(name);
            synchronized (this) { // for one commit, so that nobody waits for the whole history
                ObjectId last = found.get(path);
                RevCommit commit = last == null ? walk.next() : null;
                if (commit == null) {
                    return Optional.ofNullable(last);
                }
                add(commit);
            }
        }
    }

    /** A merge has changed what is different from all its parents. */
    private void add(RevCommit commit) throws IOException {
        try (TreeWalk files = new TreeWalk(repository)) {
            files.setRecursive(true);
            files.setFilter(TreeFilter.ANY_DIFF);
            files.addTree(commit.getTree());
            for (RevCommit parent : commit.getParents()) {
                files.addTree(walk.parseCommit(parent).getTree());
            }
            if (commit.getParentCount() == 0) {
                files.addTree(new EmptyTreeIterator());
            }
            while (files.next()) {
                boolean changed = true;
                for (int tree = 1; tree < files.getTreeCount(); tree++) {
                    changed &= !files.getObjectId(0).equals(files.getObjectId(tree));
                }
                if (changed) {
                    found.putIfAbsent(files.getPathString(), commit.copy());
                }
            }
        }
    }

    @Override
    public synchronized void close() {
        walk.close();
    }
}
