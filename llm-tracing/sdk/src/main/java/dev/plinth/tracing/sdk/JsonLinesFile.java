package dev.plinth.tracing.sdk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;

/**
 * A file that lines are appended to; when it would become too long it is set aside as {@code name.1}, what was that as
 * {@code name.2}, and so on, and the oldest goes.
 *
 * <p>A line is there whole or not at all: what a full disk cut off is taken back. The file is opened for each line, so
 * that whatever happened to it in between, the next line finds its place. Thread-safe.
 */
final class JsonLinesFile {

    private final Path path;
    private final long maxBytes;
    private final int maxFiles;
    private final Object lock = new Object();

    JsonLinesFile(Path path, long maxBytes, int maxFiles) {
        this.path = path.toAbsolutePath();
        this.maxBytes = maxBytes;
        this.maxFiles = maxFiles;
    }

    /** Appends a line, its end included. A line that is longer than a file may be has one of its own. */
    void append(byte[] line) throws IOException {
        byte[] whole = Arrays.copyOf(line, line.length + 1);
        whole[line.length] = '\n';
        synchronized (lock) {
            Path folder = path.getParent();
            if (folder != null && !Files.isDirectory(folder)) {
                Files.createDirectories(folder);
            }
            long size = Files.exists(path) ? Files.size(path) : 0;
            if (size > 0 && size + whole.length > maxBytes) {
                setAside();
            }
            write(whole);
        }
    }

    /** Not with a channel: that would close when the thread, which may be the application's, is interrupted. */
    private void write(byte[] line) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            long before = file.length();
            try {
                if (!endsALine(file, before)) { // a process that was killed may have left half a line
                    file.write('\n');
                }
                file.write(line);
            } catch (IOException failure) {
                takeBack(file, before, failure);
                throw failure;
            }
        }
    }

    private static void takeBack(RandomAccessFile file, long before, IOException failure) {
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

    private void setAside() throws IOException {
        for (int number = maxFiles - 1; number >= 1; number--) {
            Path from = number == 1 ? path : numbered(number - 1);
            if (Files.exists(from)) {
                Files.move(from, numbered(number), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.deleteIfExists(path); // it was the only one
    }

    private Path numbered(int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }
}
