package dev.plinth.api.tck;

import dev.plinth.api.cache.CacheKey;
import dev.plinth.api.cache.ResponseCache;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.feedback.Feedback;
import dev.plinth.api.feedback.FeedbackStore;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.TextIndex;
import dev.plinth.api.retrieval.TextQuery;
import dev.plinth.api.score.Target;
import dev.plinth.api.testkit.FakeFeedbackStore;
import dev.plinth.api.testkit.FakeResponseCache;
import dev.plinth.api.testkit.FakeTextIndex;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.api.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;

/** Faults that caches, feedback stores and text indexes really have, and the tests that catch them. */
class BrokenStoresTest {
    static class Cache implements ResponseCache {
        private final FakeResponseCache cache;

        Cache(TimeSource time) {
            this.cache = FakeResponseCache.create(time);
        }

        @Override
        public Optional<ChatResponse> get(CacheKey key) {
            return cache.get(key);
        }

        @Override
        public void put(CacheKey key, ChatResponse response, Duration ttl) {
            cache.put(key, response, ttl);
        }

        @Override
        public void invalidate(CacheKey key) {
            cache.invalidate(key);
        }

        @Override
        public void close() {
            cache.close();
        }
    }

    abstract static class CacheSuite extends ResponseCacheContract {
        @Override
        protected Set<Behavior> unsupported() {
            return Set.of(Behavior.DURABLE);
        }
    }

    static class NeverForgets extends CacheSuite {
        @Override
        protected ResponseCache open(TimeSource time) {
            return new Cache(TestTime.manual());
        }
    }

    @Test
    void cacheOnAnotherClock() {
        ContractRun.fails(NeverForgets.class, "forgetsWhenTheTimeIsOver", "readingDoesNotLengthenTheTime");
    }

    static class JoinsTheKey extends CacheSuite {
        @Override
        protected ResponseCache open(TimeSource time) {
            return new Cache(time) {
                @Override
                public Optional<ChatResponse> get(CacheKey key) {
                    return super.get(joined(key));
                }

                @Override
                public void put(CacheKey key, ChatResponse response, Duration ttl) {
                    super.put(joined(key), response, ttl);
                }

                @Override
                public void invalidate(CacheKey key) {
                    super.invalidate(joined(key));
                }
            };
        }

        private static CacheKey joined(CacheKey key) {
            return new CacheKey("", key.scope() + ":" + key.digest());
        }
    }

    @Test
    void tenantsThatShareByAccident() {
        ContractRun.fails(JoinsTheKey.class, "sharesOnlyWhereBothPartsOfTheKeyAreEqual");
    }

    static class KeepsTextOnly extends CacheSuite {
        @Override
        protected ResponseCache open(TimeSource time) {
            return new Cache(time) {
                @Override
                public void put(CacheKey key, ChatResponse response, Duration ttl) {
                    super.put(key, ChatResponse.of(response.text()), ttl);
                }
            };
        }
    }

    @Test
    void answersThatComeBackPoorer() {
        ContractRun.fails(KeepsTextOnly.class, "givesAnswersBackAsTheyCame");
    }

    static class TakesAnyTtl extends CacheSuite {
        @Override
        protected ResponseCache open(TimeSource time) {
            return new Cache(time) {
                @Override
                public void put(CacheKey key, ChatResponse response, Duration ttl) {
                    super.put(key, response, ttl.isNegative() || ttl.isZero() ? Duration.ofDays(1) : ttl);
                }
            };
        }
    }

    @Test
    void zeroTakenForEver() {
        ContractRun.fails(TakesAnyTtl.class, "refusesATimeThatIsNotPositive");
    }

    static class Feedbacks implements FeedbackStore {
        final FakeFeedbackStore store = FakeFeedbackStore.create();

        @Override
        public boolean save(Feedback feedback) {
            return store.save(feedback);
        }

        @Override
        public Optional<Feedback> find(String id) {
            return store.find(id);
        }

        @Override
        public List<Feedback> about(Target target) {
            return store.about(target);
        }

        @Override
        public void close() {
            store.close();
        }
    }

    abstract static class FeedbackSuite extends FeedbackStoreContract {
        @Override
        protected Set<Behavior> unsupported() {
            return Set.of(Behavior.DURABLE);
        }
    }

    static class ChecksThenSaves extends FeedbackSuite {
        @Override
        protected FeedbackStore open() {
            return new Feedbacks() {
                private final Thread owner = Thread.currentThread();
                private final CyclicBarrier everybody = new CyclicBarrier(Together.THREADS);

                @Override
                public boolean save(Feedback feedback) {
                    boolean unknown = store.find(feedback.id()).isEmpty();
                    if (Thread.currentThread() != owner) {
                        meet(); // all have looked before one saves
                    }
                    store.save(feedback);
                    return unknown;
                }

                private void meet() {
                    try {
                        everybody.await();
                    } catch (InterruptedException | BrokenBarrierException exception) {
                        throw new IllegalStateException(exception);
                    }
                }
            };
        }
    }

    @Test
    void checkThenAct() {
        ContractRun.fails(ChecksThenSaves.class, "sameIdAtOnceIsSavedOnce");
    }

    static class InOrderOfArrival extends FeedbackSuite {
        @Override
        protected FeedbackStore open() {
            return new Feedbacks() {
                @Override
                public List<Feedback> about(Target target) {
                    return store.all().stream()
                            .filter(feedback -> feedback.target().id().equals(target.id()))
                            .toList();
                }
            };
        }
    }

    @Test
    void wrongOrderAndWrongKind() {
        ContractRun.fails(InOrderOfArrival.class, "listsWhatIsAboutOneThingInTheOrderOfTimes");
    }

    static class SaysAlwaysSaved extends FeedbackSuite {
        @Override
        protected FeedbackStore open() {
            return new Feedbacks() {
                @Override
                public boolean save(Feedback feedback) {
                    store.save(feedback);
                    return true;
                }
            };
        }
    }

    @Test
    void secondSave() {
        ContractRun.fails(SaysAlwaysSaved.class, "firstOfAnIdStays", "sameIdAtOnceIsSavedOnce");
    }

    static class Index implements TextIndex {
        final FakeTextIndex index = FakeTextIndex.create();

        @Override
        public void add(List<Chunk> chunks) {
            index.add(chunks);
        }

        @Override
        public void delete(Collection<String> ids) {
            index.delete(ids);
        }

        @Override
        public List<Match> search(TextQuery query) {
            return index.search(query);
        }
    }

    static class FiltersAfterTopK extends TextIndexContract {
        @Override
        protected TextIndex open() {
            return new Index() {
                @Override
                public List<Match> search(TextQuery query) {
                    return index.search(new TextQuery(query.text(), query.k())).stream()
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

    static class ParsesQueries extends TextIndexContract {
        @Override
        protected TextIndex open() {
            return new Index() {
                @Override
                public List<Match> search(TextQuery query) {
                    if (query.text().contains("(")) {
                        throw new IllegalStateException("syntax");
                    }
                    return index.search(query);
                }
            };
        }
    }

    @Test
    void queryLanguage() {
        ContractRun.fails(ParsesQueries.class, "takesAnyQuery");
    }

    static class WorstFirst extends TextIndexContract {
        @Override
        protected TextIndex open() {
            return new Index() {
                @Override
                public List<Match> search(TextQuery query) {
                    List<Match> best = new ArrayList<>(index.search(query));
                    Collections.reverse(best);
                    return best;
                }
            };
        }
    }

    @Test
    void order() {
        ContractRun.fails(WorstFirst.class, "findsChunksThatShareWordsBestFirst");
    }
}
