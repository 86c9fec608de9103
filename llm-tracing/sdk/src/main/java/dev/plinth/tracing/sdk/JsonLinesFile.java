package dev.plinth.tracing.sdk;

import dev.plinth.api.time.TimeSource;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A file that lines are appended to; when it would become too long it is set aside as {@code name.1}, what was that as
 * {@code name.2}, and so on, and the oldest goes. Of a link, the file that it leads to is meant.
 *
 * <p>What a full disk cut off of a line is taken back. The file is opened for each line, so that whatever happened to it
 * in between, the next line finds its place. Thread-safe; all that write one file take turns. Other processes take turns
 * at lines, too, but not at setting the file aside.
 */
final class JsonLinesFile {

    /** A file has one of them, whoever writes it: a lock on a file is held against other processes only. */
    private static final Object[] LOCKS = Stream.generate(Object::new).limit(64).toArray();

    private static final int MOST_LINKS = 40;
    /** A line takes milliseconds, so this is a process that hangs. */
    private static final Duration MOST_WAIT = Duration.ofSeconds(5);

    private static final TimeSource TIME = TimeSource.system();

    private final Path path;
    private final long maxBytes;
    private final int maxFiles;

    JsonLinesFile(Path path, long maxBytes, int maxFiles) {
        this.path = path.toAbsolutePath();
        this.maxBytes = maxBytes;
        this.maxFiles = maxFiles;
    }

    /** Appends a line. One that is longer than a file may be has one of its own. */
    void append(LineBuffer line) throws IOException {
        Path real = real();
        synchronized (LOCKS[Math.floorMod(real.hashCode(), LOCKS.length)]) {
            long size = Files.exists(real) ? Files.size(real) : 0;
            if (size > 0 && size + line.size() > maxBytes) {
                setAside(real);
            }
            write(real, line);
        }
    }

    /** Where the file is or will be, in a folder that is there. */
    private Path real() throws IOException {
        Path target = path;
        for (int links = 0; links < MOST_LINKS && Files.isSymbolicLink(target); links++) {
            target = target.resolveSibling(Files.readSymbolicLink(target));
        }
        Path folder = target.getParent();
        Path name = target.getFileName();
        if (folder == null || name == null) {
            return target; // the root of the file system, which cannot be written
        }
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
        }
        return folder.toRealPath().resolve(name);
    }

    /** Not with a channel: that would close when the thread, which may be the application's, is interrupted. */
    private static void write(Path real, LineBuffer line) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(real.toFile(), "rw");
                FileLock lock = lock(file, real)) {
            long before = file.length();
            try {
                if (!endsALine(file, before)) { // a process that was killed may have left half a line
                    file.write('\n');
                }
                line.writeTo(file);
            } catch (IOException | RuntimeException | Error failure) {
                takeBack(file, before, failure);
                throw failure;
            }
        }
    }

    /** Asks for it again and again: waiting for it would end when the thread is interrupted. */
    private static FileLock lock(RandomAccessFile file, Path real) throws IOException {
        long deadline = TIME.nanos() + MOST_WAIT.toNanos();
        boolean interrupted = false;
        try {
            do {
                FileLock lock = tryLock(file);
                if (lock != null) {
                    return lock;
                }
                interrupted |= Thread.interrupted(); // or it would not wait
                LockSupport.parkNanos(1_000_000);
            } while (TIME.nanos() - deadline < 0);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        throw new IOException(real + ": locked by another process (expected: a file that can be written)");
    }

    private static @Nullable FileLock tryLock(RandomAccessFile file) throws IOException {
        try {
            return file.getChannel().tryLock();
        } catch (OverlappingFileLockException held) { // by this library, loaded a second time
            return null;
        }
    }

    private static void takeBack(RandomAccessFile file, long before, Throwable failure) {
        try {
            file.setLength(before);
        } catch (IOException stillFailing) {
            failure.addSuppressed(stillFailing);
        }
    }

    /** Leaves it at its end. */
    private static boolean endsALine(RandomAccessFile file, long length) throws IOException {
        if (length == 0) {
            return true;
        }
        file.seek(length - 1);
        return file.read() == '\n';
    }

    private void setAside(Path real) throws IOException {
        for (int number = maxFiles - 1; number >= 1; number--) {
            Path from = number == 1 ? real : numbered(real, number - 1);
            if (Files.exists(from)) {
                Files.move(from, numbered(real, number), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.deleteIfExists(real); // it was the only one
    }

    private static Path numbered(Path real, int number) {
        return real.resolveSibling(real.getFileName() + "." + number);
    }
}
