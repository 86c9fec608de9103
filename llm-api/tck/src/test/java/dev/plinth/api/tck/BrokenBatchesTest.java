package dev.plinth.api.tck;

import dev.plinth.api.batch.Batch;
import dev.plinth.api.batch.BatchRequest;
import dev.plinth.api.batch.BatchResult;
import dev.plinth.api.batch.BatchResults;
import dev.plinth.api.batch.ChatBatches;
import dev.plinth.api.batch.ForwardingChatBatches;
import dev.plinth.api.chat.ChatRequest;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Faults that batches really have, and the tests of the contract that catch them. */
class BrokenBatchesTest {
    abstract static class Suite extends ChatBatchesContract {
        abstract ChatBatches broken(ChatBatches sound);

        @Override
        protected BatchProvider provider() {
            return new FakeBatchProvider(this::broken);
        }
    }

    /** Only the results that fit. */
    static final class Some extends BatchResults {
        private final BatchResults all;
        private final Iterator<BatchResult> results;
        private final Predicate<BatchResult> kept;

        Some(BatchResults all, Predicate<BatchResult> kept) {
            this.all = all;
            this.results = all.iterator();
            this.kept = kept;
        }

        @Override
        protected @Nullable BatchResult advance() {
            while (results.hasNext()) {
                BatchResult result = results.next();
                if (kept.test(result)) {
                    return result;
                }
            }
            return null;
        }

        @Override
        protected void release() {
            all.close();
        }
    }

    static class ReadsTheFileOfAnswersOnly extends Suite {
        @Override
        ChatBatches broken(ChatBatches sound) {
            return new ForwardingChatBatches(sound) {
                @Override
                public BatchResults results(String id) {
                    return new Some(next().results(id), result -> result.error().isEmpty());
                }
            };
        }
    }

    @Test
    void errorsAreLost() {
        ContractRun.fails(
                ReadsTheFileOfAnswersOnly.class,
                "everyRequestHasOneResult",
                "refusedRequestIsAnErrorOfItsOwn",
                "whatTheBatchDidNotComeToHasExpired",
                "whatWasCancelledIsTold");
    }

    static class WaitsByOneQuestion extends Suite {
        @Override
        ChatBatches broken(ChatBatches sound) {
            return new ForwardingChatBatches(sound) {
                @Override
                public Batch await(String id, Duration limit, Consumer<? super Batch> progress) {
                    Batch batch = next().get(id);
                    progress.accept(batch);
                    return batch;
                }
            };
        }
    }

    @Test
    void waitingThatDoesNotWait() {
        ContractRun.fails(
                WaitsByOneQuestion.class,
                "awaitReturnsTheBatchThatIsOver",
                "awaitOutlivesFailuresThatPass",
                "awaitStopsAtItsLimit",
                "awaitObeysItsThreadsInterruption",
                "deadlineThatPassedIsObeyed");
    }

    static class CutsTextsAndIds extends Suite {
        @Override
        ChatBatches broken(ChatBatches sound) {
            return new ForwardingChatBatches(sound) {
                @Override
                public Batch submit(List<BatchRequest> requests) {
                    return next().submit(requests.stream()
                            .map(each -> new BatchRequest(
                                    each.id(),
                                    ChatRequest.of(each.request()
                                            .messages()
                                            .get(0)
                                            .text()
                                            .replaceAll("[^\\x20-\\x7e]", "?"))))
                            .toList());
                }
            };
        }
    }

    @Test
    void promptsInAsciiOnly() {
        ContractRun.fails(CutsTextsAndIds.class, "providerGetsTheRequestsAsTheyAre");
    }

    static class TakesSameIdsTwice extends Suite {
        @Override
        ChatBatches broken(ChatBatches sound) {
            return new ForwardingChatBatches(sound) {
                @Override
                public Batch submit(List<BatchRequest> requests) {
                    List<BatchRequest> distinct = requests.stream()
                            .filter(each -> requests.stream()
                                            .filter(other -> other.id().equals(each.id()))
                                            .findFirst()
                                            .orElseThrow()
                                    == each)
                            .toList();
                    return next().submit(distinct);
                }
            };
        }
    }

    @Test
    void sameIdsTwice() {
        ContractRun.fails(TakesSameIdsTwice.class, "badBatchesAreRefusedAtOnce");
    }

    static class ListsTheOldestFirst extends Suite {
        @Override
        ChatBatches broken(ChatBatches sound) {
            return new ForwardingChatBatches(sound) {
                @Override
                public List<Batch> recent(int count) {
                    List<Batch> all = next().recent(100);
                    return all.subList(Math.max(0, all.size() - count), all.size());
                }
            };
        }
    }

    @Test
    void oldestFirst() {
        ContractRun.fails(ListsTheOldestFirst.class, "recentBatchesComeNewestFirst");
    }
}
