package dev.plinth.rag.connect;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.api.retrieval.Value;
import dev.plinth.rag.parse.DocumentParser;
import dev.plinth.rag.parse.FileNames;
import dev.plinth.rag.parse.Parsed;
import dev.plinth.rag.text.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files of a folder and the folders below it.
 *
 * <p>Offers the files that its parser accepts, text and Markdown by default, of at most 16 MiB. Names, but does not
 * offer: hidden files and folders, other files, links that lead outside the folder or in a loop, and what cannot be
 * read; a list without the files of a folder that cannot be read is not complete. A document's id is its path below the
 * folder with {@code /}; its version is the SHA-256 of its bytes; its metadata are {@code path}, {@code extension},
 * {@link Document#MODIFIED} and what the parser tells. Everyone may read the documents, unless {@link #readers} says
 * otherwise.
 *
 * <p>Immutable. A folder that offers no file at all is refused with {@link StoreException}, so an index is not emptied
 * by a wrong path.
 */
public final class FolderConnector implements Connector {
    private static final long MAX_BYTES = 16L << 20;

    private final Path folder;
    private final String name;
    private final DocumentParser parser;
    private final long maxBytes;
    private final Readers readers;

    private FolderConnector(Path folder, String name, DocumentParser parser, long maxBytes, Readers readers) {
        this.folder = folder;
        this.name = name;
        this.parser = parser;
        this.maxBytes = maxBytes;
        this.readers = readers;
    }

    /** The files of this folder; the path as given, with {@code /}, is the source's name. */
    public static FolderConnector of(Path folder) {
        String name = Check.notNull(folder, "folder").normalize().toString().replace('\\', '/');
        return new FolderConnector(
                folder, name.isEmpty() ? "." : name, DocumentParser.text(), MAX_BYTES, Readers.EVERYONE);
    }

    /** The same under another name, for a folder that is reached by different paths. */
    public FolderConnector named(String name) {
        return new FolderConnector(folder, Check.notBlank(name, "name"), parser, maxBytes, readers);
    }

    /** The same with the files that this parser accepts. */
    public FolderConnector parser(DocumentParser parser) {
        return new FolderConnector(folder, name, Check.notNull(parser, "parser"), maxBytes, readers);
    }

    /** The same with files of at most this many bytes. */
    public FolderConnector maxBytes(long bytes) {
        return new FolderConnector(folder, name, parser, Check.positive(bytes, "maxBytes"), readers);
    }

    /** The same with documents that only these may read. */
    public FolderConnector readers(Readers readers) {
        return new FolderConnector(folder, name, parser, maxBytes, Check.notNull(readers, "readers"));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String fingerprint() {
        return Sha256.of(List.of(readers.text(), parser.fingerprint()));
    }

    @Override
    public Page list(@Nullable String cursor) {
        Interruption.check(name);
        if (!Files.isDirectory(folder)) {
            throw new StoreException("folder: " + folder + " is no folder (expected: a folder that can be read)");
        }
        try {
            FolderScan scan = new FolderScan(folder, name, parser, maxBytes).run();
            if (scan.items().isEmpty()) {
                throw new StoreException("folder: " + folder + " holds no document to read, "
                        + scan.skipped().size()
                        + " files passed over (expected: at least one that the parser accepts)");
            }
            int total = scan.items().size();
            return new Page(scan.items(), List.of(), scan.skipped(), null, null, scan.isComplete(), total);
        } catch (IOException exception) {
            throw new StoreException("folder: " + folder + " cannot be listed", ErrorDetails.NONE, exception);
        }
    }

    @Override
    public Document fetch(Item item) {
        Interruption.check(name);
        Path file = folder.resolve(item.id());
        try {
            Parsed parsed = parser.parse(item.id(), null, content(file));
            Metadata metadata = parsed.metadata();
            for (Map.Entry<String, Value> own : own(item.id(), file).values().entrySet()) {
                metadata = metadata.with(own.getKey(), own.getValue());
            }
            return new Document(
                    item.id(),
                    parsed.title(),
                    parsed.text(),
                    file.toString().replace('\\', '/'),
                    readers,
                    metadata,
                    parsed.pages());
        } catch (IOException exception) {
            Interruption.check(name); // which closes the file that is read
            throw new StoreException("file: " + file + " cannot be read", ErrorDetails.NONE, exception);
        }
    }

    /** The file may have become another one since it was listed. */
    private byte[] content(Path file) throws IOException {
        Path real = file.toRealPath();
        if (!real.startsWith(folder.toRealPath())) {
            throw new StoreException("file: " + file + " leads outside the folder (expected: a file within)");
        }
        long size = Files.size(real);
        if (size > maxBytes) {
            throw new StoreException("file: " + file + " has " + size + " bytes (expected: at most " + maxBytes + ")");
        }
        return Files.readAllBytes(real);
    }

    private static Metadata own(String id, Path file) throws IOException {
        return Metadata.NONE
                .with("path", id)
                .with("extension", FileNames.extension(id))
                .with(
                        Document.MODIFIED,
                        Value.of(Files.getLastModifiedTime(file).toMillis()));
    }

    @Override
    public void close() {
        // nothing is held between calls
    }
}
