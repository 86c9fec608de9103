package dev.plinth.rag.connect;

import dev.plinth.api.retrieval.Connector;
import dev.plinth.rag.parse.DocumentParser;
import dev.plinth.rag.text.Sha256;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One walk through a folder: every file becomes an item or is named with the reason why not. */
final class FolderScan extends SimpleFileVisitor<Path> {
    private final Path folder;
    private final String name;
    private final Path realFolder;
    private final DocumentParser parser;
    private final long maxBytes;
    private final List<Connector.Item> items = new ArrayList<>();
    private final List<Connector.Skipped> skipped = new ArrayList<>();
    private boolean complete = true;

    FolderScan(Path folder, String name, DocumentParser parser, long maxBytes) throws IOException {
        this.folder = folder;
        this.name = name;
        this.realFolder = folder.toRealPath();
        this.parser = parser;
        this.maxBytes = maxBytes;
    }

    FolderScan run() throws IOException {
        Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, this);
        items.sort(Comparator.comparing(Connector.Item::id));
        skipped.sort(Comparator.comparing(Connector.Skipped::id));
        return this;
    }

    List<Connector.Item> items() {
        return items;
    }

    List<Connector.Skipped> skipped() {
        return skipped;
    }

    /** Whether every folder could be looked into. */
    boolean isComplete() {
        return complete;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
        if (directory.equals(folder)) {
            return FileVisitResult.CONTINUE;
        }
        if (Files.isHidden(directory)) {
            return skip(directory, "hidden folder");
        }
        return leadsOutside(directory)
                ? skip(directory, "link that leads outside the folder")
                : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        Interruption.check(name);
        try {
            String reason = refusal(file, attributes);
            if (reason != null) {
                return skip(file, reason);
            }
            items.add(new Connector.Item(id(file), Sha256.of(Files.readAllBytes(file))));
            return FileVisitResult.CONTINUE;
        } catch (IOException exception) {
            Interruption.check(name);
            return unreadable(file, exception);
        }
    }

    private @Nullable String refusal(Path file, BasicFileAttributes attributes) throws IOException {
        if (Files.isHidden(file)) {
            return "hidden";
        }
        if (!parser.accepts(id(file), null)) {
            return "no kind of file that is read";
        }
        if (!attributes.isRegularFile()) {
            return "no regular file";
        }
        if (leadsOutside(file)) {
            return "link that leads outside the folder";
        }
        return attributes.size() > maxBytes ? attributes.size() + " bytes, more than " + maxBytes : null;
    }

    /** It may be a folder, even one that cannot be told from a file any more: who knows what it holds. */
    @Override
    public FileVisitResult visitFileFailed(Path path, IOException exception) {
        Interruption.check(name);
        if (exception instanceof FileSystemLoopException) {
            return skip(path, "link that leads in a loop");
        }
        complete = false;
        return unreadable(path, exception);
    }

    private FileVisitResult unreadable(Path path, IOException exception) {
        return skip(path, "cannot be read: " + exception.getClass().getSimpleName());
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException exception) {
        return exception == null ? FileVisitResult.CONTINUE : visitFileFailed(directory, exception);
    }

    private boolean leadsOutside(Path path) throws IOException {
        return !path.toRealPath().startsWith(realFolder);
    }

    private FileVisitResult skip(Path path, String reason) {
        skipped.add(new Connector.Skipped(id(path), reason));
        return FileVisitResult.SKIP_SUBTREE;
    }

    private String id(Path path) {
        String id = folder.relativize(path).toString().replace('\\', '/');
        return id.isEmpty() ? "." : id;
    }
}
