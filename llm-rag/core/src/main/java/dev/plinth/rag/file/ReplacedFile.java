package dev.plinth.rag.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A file that is replaced as a whole: written anew beside it and put in its place by an atomic rename, so that it holds
 * the old or the new content at any time, also after a kill. It has the permissions that any new file has.
 *
 * <p>One writes at a time, of all processes: who does, holds the lock of a file beside it, which stays. The new file has
 * one name, so what a killed writer left is written over by the next.
 *
 * <p>Thread-safe.
 */
public final class ReplacedFile {
    /** The lock of a file is one of the whole process. */
    private static final Map<Path, Object> LOCKS = new ConcurrentHashMap<>();

    private final Path file;

    /** @param file which may not be there yet; its folder is */
    public ReplacedFile(Path file) {
        this.file = file.toAbsolutePath().normalize();
    }

    /** Writes the new content; nothing is replaced if it throws. */
    public interface Content<T> {
        T writeTo(FileChannel fresh) throws IOException;
    }

    /** Replaces the file, and returns what the content does. */
    public <T> T replaceBy(Content<T> content) throws IOException {
        synchronized (LOCKS.computeIfAbsent(file, key -> new Object())) {
            try (FileChannel channel =
                            FileChannel.open(beside(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock held = channel.lock()) {
                return replaceAlone(content);
            }
        }
    }

    private <T> T replaceAlone(Content<T> content) throws IOException {
        Path fresh = beside(".tmp");
        try {
            T result;
            try (FileChannel channel = FileChannel.open(
                    fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                result = content.writeTo(channel);
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return result;
        } finally {
            Files.deleteIfExists(fresh); // there is one only if that failed
        }
    }

    private Path beside(String ending) {
        return file.resolveSibling(file.getFileName() + ending);
    }
}
