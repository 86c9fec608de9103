package dev.plinth.rag.ingest;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Metadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The text files of a folder and the folders below it.
 *
 * <p>Offers files ending in .md, .markdown and .txt, of at most 16 MiB. Names, but does not offer: hidden files and
 * folders, other endings, links that lead outside the folder or in a loop, what cannot be read, and what is not UTF-8
 * or marked UTF-16 text. A document's id is its path below the folder with {@code /}; its version is the SHA-256 of its
 * bytes; its metadata are {@code path} and {@code extension}.
 *
 * <p>Immutable. A folder that offers no file at all is refused with {@link StoreException}, so an index is not emptied
 * by a wrong path.
 */
public final class FolderConnector implements Connector {
    private static final Set<String> TEXT_EXTENSIONS = Set.of("md", "markdown", "txt");
    private static final long MAX_BYTES = 16L << 20;

    private final Path folder;
    private final String name;
    private final Set<String> extensions;

    private FolderConnector(Path folder, String name, Set<String> extensions) {
        this.folder = folder;
        this.name = name;
        this.extensions = extensions;
    }

    /** The files of this folder; the path as given, with {@code /}, is the source's name. */
    public static FolderConnector of(Path folder) {
        String name = Check.notNull(folder, "folder").normalize().toString().replace('\\', '/');
        return new FolderConnector(folder, name.isEmpty() ? "." : name, TEXT_EXTENSIONS);
    }

    /** The same under another name, for a folder that is reached by different paths. */
    public FolderConnector named(String name) {
        return new FolderConnector(folder, Check.notBlank(name, "name"), extensions);
    }

    /** The same with files of these endings, without the dot, instead of the default ones. */
    public FolderConnector extensions(String... extensions) {
        Set<String> chosen = new TreeSet<>();
        for (String extension : extensions) {
            chosen.add(Check.notBlank(extension, "extensions").toLowerCase(Locale.ROOT));
        }
        return new FolderConnector(folder, name, Check.notEmpty(chosen, "extensions"));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Page list(@Nullable String cursor) {
        if (!Files.isDirectory(folder)) {
            throw new StoreException("folder: " + folder + " is no folder (expected: a folder that can be read)");
        }
        try {
            FolderScan scan = new FolderScan(folder, extensions, MAX_BYTES).run();
            if (scan.items().isEmpty()) {
                throw new StoreException("folder: " + folder + " holds no text to read, "
                        + scan.skipped().size() + " files passed over (expected: at least one file of "
                        + new TreeSet<>(extensions) + ")");
            }
            return new Page(scan.items(), scan.skipped(), null);
        } catch (IOException exception) {
            throw new StoreException("folder: " + folder + " cannot be listed", ErrorDetails.NONE, exception);
        }
    }

    @Override
    public Document fetch(Item item) {
        Path file = folder.resolve(item.id());
        try {
            String text = TextFile.decode(Files.readAllBytes(file));
            String extension = FolderScan.extension(item.id());
            Metadata metadata = Metadata.NONE.with("path", item.id()).with("extension", extension);
            String title = extension.startsWith("m") ? "" : stem(file);
            return new Document(item.id(), title, text, file.toString().replace('\\', '/'), metadata);
        } catch (IOException exception) {
            throw new StoreException("file: " + file + " cannot be read as text", ErrorDetails.NONE, exception);
        }
    }

    @Override
    public void close() {
        // nothing is held between calls
    }

    /** A plain text has no headings, so its file name stands in; Markdown has its own. */
    private static String stem(Path file) {
        String fileName = String.valueOf(file.getFileName());
        int dot = fileName.lastIndexOf('.');
        return dot > 0 ? fileName.substring(0, dot) : fileName;
    }
}
