package dev.plinth.rag.connectors.git;

import dev.plinth.api.retrieval.Connector.Item;
import dev.plinth.api.retrieval.Connector.Page;
import dev.plinth.api.retrieval.Connector.Skipped;
import dev.plinth.rag.connect.Interruption;
import dev.plinth.rag.parse.DocumentParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;
import org.jspecify.annotations.Nullable;

/** Which files a commit offers, or what is different from an earlier one. */
final class TreeListing {
    private final String name;
    private final Predicate<? super String> paths;
    private final DocumentParser parser;
    private final long maxBytes;

    TreeListing(String name, Predicate<? super String> paths, DocumentParser parser, long maxBytes) {
        this.name = name;
        this.paths = paths;
        this.parser = parser;
        this.maxBytes = maxBytes;
    }

    Page all(Repository repository, RevCommit tip) throws IOException {
        List<Item> items = new ArrayList<>();
        List<Skipped> skipped = new ArrayList<>();
        try (TreeWalk files = new TreeWalk(repository)) {
            files.setRecursive(true);
            files.addTree(tip.getTree());
            while (files.next()) {
                take(files, 0, items, skipped);
            }
        }
        return new Page(items, List.of(), skipped, null, tip.name(), true, items.size());
    }

    /** A file that was renamed is gone under one name and new under the other. */
    Page changes(Repository repository, RevCommit since, RevCommit tip) throws IOException {
        List<Item> items = new ArrayList<>();
        List<Skipped> skipped = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        try (TreeWalk files = new TreeWalk(repository)) {
            files.setRecursive(true);
            files.setFilter(TreeFilter.ANY_DIFF);
            files.addTree(since.getTree());
            files.addTree(tip.getTree());
            while (files.next()) {
                boolean offered = !isMissing(files, 1) && take(files, 1, items, skipped);
                if (!offered && !isMissing(files, 0)) {
                    removed.add(files.getPathString());
                }
            }
        }
        return new Page(items, removed, skipped, null, tip.name(), false, items.size());
    }

    private static boolean isMissing(TreeWalk files, int tree) {
        return files.getFileMode(tree).equals(FileMode.MISSING);
    }

    private boolean take(TreeWalk files, int tree, List<Item> items, List<Skipped> skipped) throws IOException {
        Interruption.check(name);
        String path = files.getPathString();
        if (!paths.test(path)) {
            return false;
        }
        String reason = refusal(files, tree, path);
        if (reason != null) {
            skipped.add(new Skipped(path, reason));
            return false;
        }
        items.add(new Item(path, files.getObjectId(tree).name()));
        return true;
    }

    private @Nullable String refusal(TreeWalk files, int tree, String path) throws IOException {
        FileMode mode = files.getFileMode(tree);
        if (!mode.equals(FileMode.REGULAR_FILE) && !mode.equals(FileMode.EXECUTABLE_FILE)) {
            return mode.equals(FileMode.SYMLINK) ? "link" : "no file of this repository";
        }
        if (!parser.accepts(path, null)) {
            return "no kind of file that is read";
        }
        long bytes = files.getObjectReader().getObjectSize(files.getObjectId(tree), Constants.OBJ_BLOB);
        return bytes > maxBytes ? bytes + " bytes, more than " + maxBytes : null;
    }
}
