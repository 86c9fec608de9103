package dev.plinth.rag.lucene;

import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.SearcherFactory;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.similarities.Similarity;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.Directory;
import org.jspecify.annotations.Nullable;

/** Reads what the last commit holds, so that a reader sees whole writes only. */
final class Committed implements AutoCloseable {
    /** Works on one state of the index. */
    interface Work<T> {
        T on(IndexSearcher searcher) throws IOException;
    }

    private final Path place;
    private final boolean othersWrite;
    private final SearcherManager searchers;
    private final AtomicLong commits;
    private volatile long seen;

    /**
     * Reads from this directory.
     *
     * @param commits rises when there is a new one
     * @param othersWrite whether to look for new commits before each reading
     */
    Committed(Settings settings, Directory directory, AtomicLong commits, boolean othersWrite) throws IOException {
        this.place = settings.directory();
        this.commits = commits;
        this.othersWrite = othersWrite;
        Similarity similarity = settings.similarity();
        this.searchers = new SearcherManager(directory, new SearcherFactory() {
            @Override
            public IndexSearcher newSearcher(IndexReader reader, @Nullable IndexReader previous) {
                IndexSearcher searcher = new IndexSearcher(reader);
                searcher.setSimilarity(similarity);
                return searcher;
            }
        });
    }

    <T> T read(Work<T> work) {
        try {
            return tryToRead(work);
        } catch (IOException failure) {
            throw new StoreException("index: " + place + " cannot be read: " + failure, ErrorDetails.NONE, failure);
        }
    }

    <T> T tryToRead(Work<T> work) throws IOException {
        IndexSearcher searcher = acquire();
        try {
            return work.on(searcher);
        } finally {
            searchers.release(searcher);
        }
    }

    private IndexSearcher acquire() throws IOException {
        try {
            refresh();
            return searchers.acquire();
        } catch (AlreadyClosedException closed) {
            throw new StoreException("index: " + place + " closed (expected: open)", ErrorDetails.NONE, closed);
        }
    }

    private void refresh() throws IOException {
        long wanted = commits.get();
        if (othersWrite || seen < wanted) {
            searchers.maybeRefreshBlocking();
            seen = wanted;
        }
    }

    @Override
    public void close() throws IOException {
        searchers.close();
    }
}
