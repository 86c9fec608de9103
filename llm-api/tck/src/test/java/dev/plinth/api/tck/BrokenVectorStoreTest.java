package dev.plinth.api.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Filter;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Value;
import dev.plinth.api.retrieval.VectorQuery;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.api.testkit.FakeVectorStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Faults that stores really have, and the tests of the contract that catch them. */
class BrokenVectorStoreTest {
    /** A store that does everything right; a fault overrides one method. */
    static class Sound implements VectorStore {
        final FakeVectorStore store;

        Sound(Stamp stamp) {
            this.store = FakeVectorStore.create(stamp.model(), stamp.dimensions());
        }

        @Override
        public void write(List<Embedded> chunks, Collection<String> deleted) {
            store.write(chunks, deleted);
        }

        @Override
        public List<Embedded> fetch(Collection<String> ids) {
            return store.fetch(ids);
        }

        @Override
        public Page scan(@Nullable String cursor, int limit) {
            return store.scan(cursor, limit);
        }

        @Override
        public List<Match> search(VectorQuery query) {
            return store.search(query);
        }

        @Override
        public long size() {
            return store.size();
        }

        @Override
        public Stamp stamp() {
            return store.stamp();
        }

        @Override
        public void close() {
            store.close();
        }
    }

    abstract static class Suite extends VectorStoreContract {
        @Override
        protected Set<Behavior> unsupported() {
            return Set.of(Behavior.DURABLE, Behavior.TENANTS);
        }
    }

    static class SoundSuite extends Suite {
        @Override
        protected VectorStore open(VectorStore.Stamp stamp) {
            return new Sound(stamp);
        }
    }

    @Test
    void soundStorePassesAndItsGapsAreSkippedByName() {
        ContractRun run = ContractRun.of(SoundSuite.class);
        assertThat(run.failed()).isEmpty();
        assertThat(run.skipped()).containsExactly("findsAgainWhatItHeldWhenItWasClosed", "tenantsDoNotSeeEachOther");
    }

    static class FiltersAfterTopK extends Suite {
        @Override
        protected VectorStore open(VectorStore.Stamp stamp) {
            return new Sound(stamp) {
                @Override
                public List<Match> search(VectorQuery query) {
                    return store.search(new VectorQuery(query.vector(), query.k())).stream()
                            .filter(match ->
                                    query.filter().matches(match.chunk().metadata()))
                            .toList();
                }
            };
        }
    }

    @Test
    void filterAfterTopK() {
        ContractRun.fails(FiltersAfterTopK.class, "filtersBeforeTheBestAreTaken");
    }

    static class ComparesNumbersAsDoubles extends Suite {
        @Override
        protected VectorStore open(VectorStore.Stamp stamp) {
            return new Sound(stamp) {
                @Override
                public List<Match> search(VectorQuery query) {
                    return store.search(new VectorQuery(query.vector(), (int) Math.max(1, store.size()))).stream()
                            .filter(match -> rounded(query.filter())
                                    .matches(rounded(match.chunk().metadata())))
                            .limit(query.k())
                            .toList();
                }
            };
        }

        private static Metadata rounded(Metadata metadata) {
            Metadata rounded = metadata;
            for (String field : metadata.values().keySet()) {
                rounded = rounded.with(field, rounded(metadata.values().get(field)));
            }
            return rounded;
        }

        private static Value rounded(Value value) {
            return value instanceof Value.Whole whole ? Value.of((double) whole.number()) : value;
        }

        private static Filter rounded(Filter filter) {
            return filter instanceof Filter.Compare compare
                    ? new Filter.Compare(compare.field(), compare.operator(), rounded(compare.value()))
                    : filter;
        }
    }

    @Test
    void numbersAsDoubles() {
        ContractRun.fails(
                ComparesNumbersAsDoubles.class, "numbersAreComparedExactly", "randomFiltersAgreeWithTheOracle");
    }

    /** SQL's three values: a comparison with what is not there is neither true nor false, and so is its opposite. */
    static class NotOfMissingIsFalse extends Suite {
        @Override
        protected VectorStore open(VectorStore.Stamp stamp) {
            return new Sound(stamp) {
                @Override
                public List<Match> search(VectorQuery query) {
                    Filter filter =
                            query.filter() instanceof Filter.Not not && not.filter() instanceof Filter.Compare compare
                                    ? query.filter().and(new Filter.Exists(compare.field()))
                                    : query.filter();
                    return store.search(new VectorQuery(query.vector(), query.k(), filter));
                }
            };
        }
    }

    @Test
    void sqlLogic() {
        ContractRun.fails(NotOfMissingIsFalse.class, "hostileFiltersAgreeWithTheOracle", "numbersAreComparedExactly");
    }

    static class AddsInsteadOfReplacing extends Suite {
        @Override
        protected VectorStore open(VectorStore.Stamp stamp) {
            return new Sound(stamp) {
                private final List<Embedded> all = new ArrayList<>();

                @Override
                public synchronized void write(List<Embedded> chunks, Collection<String> deleted) {
                    store.write(chunks, deleted);
                    all.addAll(chunks);
                }

                @Override
                public synchronized long size() {
                    return all.size();
                }
            };
        }
    }

    @Test
    void duplicates() {
        ContractRun.fails(
                AddsInsteadOfReplacing.class,
                "replacesWhatHasTheSameId",
                "sameIdTwiceInOneCallKeepsTheLast",
                "deletes");
    }

    static class StoresOneByOne extends Suite {
        @Override
        protected VectorStore open(VectorStore.Stamp stamp) {
            return new Sound(stamp) {
                @Override
                public void write(List<Embedded> chunks, Collection<String> deleted) {
                    for (Embedded chunk : chunks) {
                        store.upsert(List.of(chunk));
                        LockSupport.parkNanos(200_000); // so that a reader comes in between
                    }
                    store.delete(deleted);
                }
            };
        }
    }

    @Test
    void halfABatch() {
        ContractRun.fails(
                StoresOneByOne.class,
                "refusesVectorsThatCannotBeCompared",
                "putsInAndTakesOutInOneCall",
                "readersSeeAllOfAWriteOrNone");
    }

    /** What a store does that pages by position while it keeps the newest chunks first. */
    static class WalksByPosition extends Suite {
        @Override
        protected VectorStore open(VectorStore.Stamp stamp) {
            return new Sound(stamp) {
                @Override
                public Page scan(@Nullable String cursor, int limit) {
                    Page all = store.scan(null, 1000);
                    int from = cursor == null ? 0 : Integer.parseInt(cursor);
                    int to = Math.min(all.chunks().size(), from + limit);
                    return new Page(all.chunks().subList(from, to), to > from ? Integer.toString(to - 1) : null);
                }
            };
        }
    }

    @Test
    void overlappingPages() {
        ContractRun.fails(WalksByPosition.class, "walksThroughEverythingOnce");
    }

    static class ScoresFromZeroToOne extends Suite {
        @Override
        protected VectorStore open(VectorStore.Stamp stamp) {
            return new Sound(stamp) {
                @Override
                public List<Match> search(VectorQuery query) {
                    return store.search(query).stream()
                            .map(match -> new Match(match.chunk(), (1 + match.score()) / 2))
                            .toList();
                }
            };
        }
    }

    @Test
    void otherScale() {
        ContractRun.fails(ScoresFromZeroToOne.class, "findsTheNearestFirstWithTheirCosines");
    }

    static class LosesMetadataTypes extends Suite {
        @Override
        protected VectorStore open(VectorStore.Stamp stamp) {
            return new Sound(stamp) {
                @Override
                public List<Match> search(VectorQuery query) {
                    return store.search(query).stream()
                            .map(match -> new Match(stringly(match.chunk()), match.score()))
                            .toList();
                }
            };
        }

        private static Chunk stringly(Chunk chunk) {
            Metadata metadata = Metadata.NONE;
            for (var entry : chunk.metadata().values().entrySet()) {
                metadata = metadata.with(entry.getKey(), entry.getValue().toString());
            }
            return new Chunk(
                    chunk.id(),
                    chunk.documentId(),
                    chunk.source(),
                    chunk.text(),
                    chunk.span(),
                    chunk.headings(),
                    metadata,
                    chunk.parent());
        }
    }

    @Test
    void stringlyMetadata() {
        ContractRun.fails(LosesMetadataTypes.class, "givesChunksBackAsTheyCame");
    }

    /** Refuses a second caller while the first one is in: what a store on one connection does. */
    static class OneCallerAtATime extends Suite {
        @Override
        protected VectorStore open(VectorStore.Stamp stamp) {
            return new Sound(stamp) {
                private final Thread owner = Thread.currentThread();
                private final Semaphore connection = new Semaphore(1);
                private volatile boolean refused;

                @Override
                public List<Match> search(VectorQuery query) {
                    refused |= connection.availablePermits() == 0;
                    return store.search(query);
                }

                @Override
                public void write(List<Embedded> chunks, Collection<String> deleted) {
                    if (!connection.tryAcquire()) {
                        refused = true;
                        throw new StoreException("connection: in use (expected: free)");
                    }
                    try {
                        while (Thread.currentThread() != owner && !refused) {
                            Thread.onSpinWait(); // until the second caller, who surely comes, is there
                        }
                        store.write(chunks, deleted);
                    } finally {
                        connection.release();
                    }
                }
            };
        }
    }

    @Test
    void concurrentCallers() {
        ContractRun.fails(OneCallerAtATime.class, "servesManyCallersAtOnce");
    }
}
