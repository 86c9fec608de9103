package dev.plinth.rag.lucene;

import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.StoreException;
import dev.plinth.rag.lucene.internal.GraphFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.index.MergePolicy;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.LockObtainFailedException;
import org.jspecify.annotations.Nullable;

/**
 * Writes batches, those that wait at the same time in one commit. A failure takes back all that was not committed and is
 * told to the one who was writing; the others try again themselves.
 */
final class GroupWriter {
    private static final double BUFFER_MEGABYTES = 64;

    private final Settings settings;
    private final Directory directory;
    private final AtomicLong commits;
    private final Queue<Batch> waiting = new ConcurrentLinkedQueue<>();
    private final Lock lock = new ReentrantLock(true);
    private @Nullable IndexWriter writer;
    private boolean closed;

    /**
     * Opens the index, or creates it.
     *
     * @param commits is raised when readers have to look for a new one
     */
    GroupWriter(Settings settings, Directory directory, AtomicLong commits) throws IOException {
        this.settings = settings;
        this.directory = directory;
        this.commits = commits;
        boolean exists = DirectoryReader.indexExists(directory);
        IndexWriter opened = open(exists ? OpenMode.APPEND : OpenMode.CREATE);
        try {
            if (exists) {
                checkManifest(settings, opened.getLiveCommitData());
            } else {
                commit(opened);
            }
            this.writer = opened;
        } finally {
            if (writer == null) {
                opened.rollback();
            }
        }
    }

    /** Refuses an index that was made otherwise. */
    static void checkManifest(Settings settings, @Nullable Iterable<Map.Entry<String, String>> commitData) {
        Map<String, String> held = new TreeMap<>();
        if (commitData != null) {
            commitData.forEach(entry -> held.put(entry.getKey(), entry.getValue()));
        }
        settings.manifest().forEach((name, expected) -> {
            String actual = held.get(name);
            if (!expected.equals(actual)) {
                throw new StoreException("index: " + settings.directory() + " holds " + name + " "
                        + (actual == null ? "nothing" : actual) + " (expected: " + expected + ")");
            }
        });
    }

    /** Returns when the batch is kept. */
    void write(Batch batch, Committed committed) {
        waiting.add(batch);
        lock.lock();
        try {
            if (!batch.written()) {
                writeAllWaiting(committed);
            }
        } finally {
            waiting.remove(batch);
            lock.unlock();
        }
    }

    private void writeAllWaiting(Committed committed) {
        if (closed) {
            throw new StoreException("index: " + settings.directory() + " closed (expected: open)");
        }
        List<Batch> group = new ArrayList<>(waiting);
        boolean done = false;
        try {
            IndexWriter open = writer();
            committed.tryToRead(searcher -> {
                Batch.apply(group, open, searcher.getIndexReader());
                return open;
            });
            commit(open);
            done = true;
        } catch (StoreException failure) {
            throw failure;
        } catch (IOException | RuntimeException failure) {
            throw new StoreException(
                    "index: " + settings.directory() + " cannot be written: " + failure, ErrorDetails.NONE, failure);
        } finally {
            if (!done) {
                takeBack();
            }
            commits.incrementAndGet();
        }
        waiting.removeAll(group);
        group.forEach(Batch::markWritten);
    }

    /** The writer, opened anew after a failure. */
    private IndexWriter writer() throws IOException {
        IndexWriter known = writer;
        if (known == null) {
            known = open(OpenMode.APPEND);
            writer = known;
        } else if (!known.isOpen()) {
            throw new IOException("merge: failed since the last write", known.getTragicException());
        }
        return known;
    }

    private IndexWriter open(OpenMode mode) throws IOException {
        IndexWriterConfig config = new IndexWriterConfig()
                .setOpenMode(mode)
                .setCodec(GraphFormat.codec(settings.neighbours(), settings.candidates()))
                .setSimilarity(settings.similarity())
                .setRAMBufferSizeMB(BUFFER_MEGABYTES)
                .setMaxFullFlushMergeWaitMillis(0) // a write does not wait for merges
                .setMergeScheduler(new Merges());
        try {
            return new IndexWriter(directory, config);
        } catch (LockObtainFailedException taken) {
            throw new StoreException(
                    "index: " + settings.directory()
                            + " is open for writing elsewhere (expected: one writer at a time)",
                    ErrorDetails.NONE,
                    taken);
        }
    }

    /** Merges on threads of its own, and shows readers what was merged, also when nothing is written any more. */
    private final class Merges extends ConcurrentMergeScheduler {
        @Override
        protected void doMerge(MergeSource source, MergePolicy.OneMerge merge) throws IOException {
            super.doMerge(source, merge);
            if (lock.tryLock()) { // else a write is under way, whose commit does it
                try {
                    if (writer != null && writer.isOpen()) {
                        commit(writer);
                        commits.incrementAndGet();
                    }
                } finally {
                    lock.unlock();
                }
            }
        }

        @Override
        protected void handleMergeException(Throwable failure) {
            // The writer is closed by it, and the next write tells of it.
        }
    }

    private void commit(IndexWriter open) throws IOException {
        open.setLiveCommitData(settings.manifest().entrySet());
        open.commit();
    }

    @SuppressWarnings("EmptyCatch")
    private void takeBack() {
        try {
            if (writer != null) {
                writer.rollback();
            }
        } catch (IOException | RuntimeException alsoClosed) {
            // A writer that cannot roll back is closed too, and what it had not committed is lost with it.
        }
        writer = null;
    }

    /** Waits for writes and merges that are under way. */
    void close() throws IOException {
        lock.lock();
        try {
            closed = true;
            if (writer != null) {
                writer.close();
            }
        } finally {
            writer = null;
            lock.unlock();
        }
    }
}
