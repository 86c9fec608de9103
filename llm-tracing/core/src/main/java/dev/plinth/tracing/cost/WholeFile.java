package dev.plinth.tracing.cost;

import dev.plinth.api.check.Check;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.UUID;

/** A file that is replaced as a whole. */
final class WholeFile {

    private WholeFile() {}

    /**
     * Writes the content beside the file and puts it in its place, with the permissions of the file that was there. Not over a
     * channel, which an interrupt would close: what is written last is often written while a program is being stopped.
     */
    static void replace(Path file, byte[] content) throws IOException {
        Path folder = Files.createDirectories(Check.notNull(file.getParent(), "file"));
        Path fresh = folder.resolve(file.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            try (FileOutputStream out = new FileOutputStream(fresh.toFile())) {
                keepPermissions(file, fresh);
                out.write(content);
                out.getFD().sync();
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh); // it is there only if that failed
        }
    }

    private static void keepPermissions(Path file, Path fresh) throws IOException {
        PosixFileAttributeView before = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (before != null && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            Files.setPosixFilePermissions(fresh, before.readAttributes().permissions());
        }
    }
}
