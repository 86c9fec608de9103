package dev.plinth.rag.version;

import dev.plinth.api.check.Check;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.HybridIndex;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.retrieval.Retriever;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.api.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Versions of an index side by side, one of which is read: a new model, or another way to split, is tried and filled
 * while the old version answers, and takes over in one step, or is taken back in one.
 *
 * <pre>{@code
 * IndexVersions<InMemoryIndex> docs = IndexVersions.of("docs", folder, opener);
 * int next = docs.create(newModel).number();
 * ReEmbedding.of(old, old).run(Ingestion.into(docs.open(next), newModel));
 * docs.activate(next);
 * }</pre>
 *
 * <p>What fills a version says what could not be brought in: look at that before {@link #activate}, which sees no more
 * than whether something is there and whether an ingestion broke off.
 *
 * <p>Which versions there are stands in a manifest, a small file that is replaced by an atomic rename: other processes
 * that read the same folder follow at their next search.
 *
 * <p>Thread-safe. Stores are opened once and closed with this. Errors are {@link StoreException}s.
 *
 * @param <S> a store that searches both ways and is its own ledger
 */
public final class IndexVersions<S extends HybridIndex & Ledger> implements AutoCloseable {
    private final String index;
    private final ManifestFile file;
    private final StoreOpener<S> opener;
    private final TimeSource time;
    private final Object lock = new Object();
    private final Map<Integer, S> stores = new HashMap<>();

    private IndexVersions(String index, Path folder, StoreOpener<S> opener, TimeSource time) {
        this.index = index;
        this.file = new ManifestFile(index, folder);
        this.opener = opener;
        this.time = time;
    }

    /**
     * The versions of an index.
     *
     * @param index letters, digits, {@code -} and {@code _}
     * @param folder for the manifest; is made if need be
     */
    public static <S extends HybridIndex & Ledger> IndexVersions<S> of(
            String index, Path folder, StoreOpener<S> opener) {
        return of(index, folder, opener, TimeSource.system());
    }

    /** The same with another source of time. */
    public static <S extends HybridIndex & Ledger> IndexVersions<S> of(
            String index, Path folder, StoreOpener<S> opener, TimeSource time) {
        Check.that(index.matches("[A-Za-z0-9_-]{1,64}"), "index", index, "1 to 64 letters, digits, - and _");
        try {
            Files.createDirectories(folder);
        } catch (IOException exception) {
            throw new StoreException("folder: " + folder + " cannot be made", ErrorDetails.NONE, exception);
        }
        return new IndexVersions<>(index, folder, Check.notNull(opener, "opener"), Check.notNull(time, "time"));
    }

    /** What there is now. */
    public Manifest manifest() {
        return file.read();
    }

    /** A new, empty version for the vectors of this model; nobody reads it yet. */
    public Manifest.Version create(EmbeddingModel model) {
        VectorStore.Stamp stamp = VectorStore.Stamp.of(model);
        Manifest changed =
                file.change(manifest -> manifest.with(new Manifest.Version(manifest.nextNumber(), stamp, time.now())));
        return changed.versions().get(changed.versions().size() - 1);
    }

    /** The store of a version. It stays open until the version is dropped or this is closed. */
    public S open(int number) {
        synchronized (lock) { // the manifest is read in it: who waited here may find that the version was dropped
            Manifest.Version version = require(file.read(), number);
            return stores.computeIfAbsent(number, key -> opener.open(name(number), version.stamp()));
        }
    }

    /**
     * Lets this version be read from now on. The one before stays, to {@link #rollBack} to.
     *
     * @throws StoreException if it is empty, or if it holds documents of a source that no ingestion has yet gone through
     *     to the end
     */
    public void activate(int number) {
        S store = open(number);
        if (store.size() == 0) {
            throw new StoreException(name(number) + ": empty (expected: at least one chunk)");
        }
        for (String source : store.sources()) {
            if (store.checkpoint(source).isEmpty()) {
                throw new StoreException(name(number) + ": holds a part of " + source
                        + " (expected: an ingestion that came to its end)");
            }
        }
        file.change(manifest -> manifest.activate(require(manifest, number).number()));
    }

    /** Lets the version be read again that was read before this one. */
    public void rollBack() {
        file.change(manifest -> {
            if (manifest.activated().size() < 2) {
                throw new StoreException(index + ": no version was read before (expected: one)");
            }
            return manifest.rollBack();
        });
    }

    /**
     * Deletes a version with all that it holds. First nobody finds it any more, then its store goes; if that fails, drop
     * it again.
     *
     * @throws StoreException if it is the one that is read, if there never was one of this number, or if the store cannot
     *     be deleted
     */
    public void drop(int number) {
        file.change(manifest -> {
            boolean wasDropped = number >= 1
                    && number <= manifest.last()
                    && manifest.version(number).isEmpty();
            if (wasDropped) {
                return manifest;
            }
            require(manifest, number);
            if (manifest.active().filter(active -> active.number() == number).isPresent()) {
                throw new StoreException(name(number) + ": is read (expected: another version is)");
            }
            return manifest.without(number);
        });
        synchronized (lock) {
            S open = stores.remove(number);
            if (open != null) {
                open.close();
            }
        }
        opener.drop(name(number));
    }

    /**
     * A retriever over the version that is read at each search.
     *
     * @param over makes the retriever over a store, once for each version; {@code store.stamp()} tells the model
     */
    public Retriever retriever(Function<? super S, ? extends Retriever> over) {
        return new ActiveRetriever<>(index, this, Check.notNull(over, "over"));
    }

    private Manifest.Version require(Manifest manifest, int number) {
        return manifest.version(number)
                .orElseThrow(() -> new StoreException(name(number) + ": unknown (expected: one of "
                        + manifest.versions().stream()
                                .map(Manifest.Version::number)
                                .toList() + ")"));
    }

    private String name(int number) {
        return index + "-v" + number;
    }

    /**
     * Closes the stores that were opened.
     *
     * @throws StoreException if one cannot be closed; the others are
     */
    @Override
    public void close() {
        synchronized (lock) {
            StoreException failed = null;
            for (S store : stores.values()) {
                try {
                    store.close();
                } catch (RuntimeException exception) {
                    if (failed == null) {
                        failed = new StoreException(index + ": cannot be closed", ErrorDetails.NONE, exception);
                    } else {
                        failed.addSuppressed(exception);
                    }
                }
            }
            stores.clear();
            if (failed != null) {
                throw failed;
            }
        }
    }
}
