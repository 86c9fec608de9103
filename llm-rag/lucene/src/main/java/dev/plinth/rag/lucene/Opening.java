package dev.plinth.rag.lucene;

import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.jspecify.annotations.Nullable;

/** Opens the parts of an index; closes those that were, if another cannot be. */
final class Opening {
    /** Puts the parts together. */
    interface Assembly {
        LuceneIndex of(Settings settings, Committed committed, @Nullable GroupWriter writer);
    }

    private Opening() {}

    static LuceneIndex toWrite(Settings settings, Assembly assembly) {
        try {
            Files.createDirectories(settings.directory());
            return toWrite(settings, FSDirectory.open(settings.directory()), assembly);
        } catch (IOException failure) {
            throw failed(settings, failure);
        }
    }

    static LuceneIndex toWrite(Settings settings, Directory directory, Assembly assembly) {
        try {
            AtomicLong commits = new AtomicLong();
            GroupWriter writer = new GroupWriter(settings, directory, commits);
            Committed committed = null;
            try {
                committed = new Committed(settings, directory, commits, false);
                return assembly.of(settings, committed, writer);
            } finally {
                if (committed == null) {
                    writer.close();
                }
            }
        } catch (IOException | IllegalArgumentException failure) {
            throw failed(settings, failure);
        }
    }

    static LuceneIndex toRead(Settings settings, Assembly assembly) {
        if (!Files.isDirectory(settings.directory())) {
            throw new StoreException("index: " + settings.directory() + " is not there (expected: an index)");
        }
        try {
            Directory directory = FSDirectory.open(settings.directory());
            if (!DirectoryReader.indexExists(directory)) {
                throw new StoreException("index: " + settings.directory() + " holds none (expected: an index)");
            }
            GroupWriter.checkManifest(
                    settings,
                    SegmentInfos.readLatestCommit(directory).getUserData().entrySet());
            return assembly.of(settings, new Committed(settings, directory, new AtomicLong(), true), null);
        } catch (IOException | IllegalArgumentException failure) {
            throw failed(settings, failure);
        }
    }

    private static StoreException failed(Settings settings, Exception failure) {
        return new StoreException(
                "index: " + settings.directory() + " cannot be opened: " + failure, ErrorDetails.NONE, failure);
    }
}
