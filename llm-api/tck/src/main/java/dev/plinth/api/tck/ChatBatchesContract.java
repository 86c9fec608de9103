package dev.plinth.api.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.batch.Batch;
import dev.plinth.api.batch.BatchRequest;
import dev.plinth.api.batch.BatchResult;
import dev.plinth.api.batch.BatchResults;
import dev.plinth.api.batch.ChatBatches;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.InvalidRequestException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What all {@link ChatBatches} have to do. */
@SuppressWarnings("NullAway.Init") // the provider of each test is made before it
public abstract class ChatBatchesContract {
    private static final Duration LONG = Duration.ofHours(24);

    private BatchProvider provider;
    private ChatBatches batches;

    /** For subclasses. */
    protected ChatBatchesContract() {}

    /** A new provider without batches; the contract closes it. */
    protected abstract BatchProvider provider();

    @BeforeEach
    final void open() {
        provider = provider();
        batches = provider.batches();
    }

    @AfterEach
    final void close() {
        provider.close();
    }

    private static BatchRequest request(String id, String text) {
        return new BatchRequest(id, ChatRequest.of(text));
    }

    /** Three requests, called a, b and c. */
    private String submitted() {
        return batches.submit(List.of(request("a", "one"), request("b", "two"), request("c", "three")))
                .id();
    }

    private List<BatchResult> results(String batch) {
        List<BatchResult> all = new ArrayList<>();
        try (BatchResults results = batches.results(batch)) {
            results.forEach(all::add);
        }
        return all;
    }

    private BatchResult result(String batch, String request) {
        return results(batch).stream()
                .filter(result -> result.id().equals(request))
                .findFirst()
                .orElseThrow(() -> new AssertionError("result: none of " + request + " (expected: one)"));
    }

    @Test
    public final void newBatchHasAnIdAndRuns() {
        Batch batch = batches.submit(List.of(request("a", "one"), request("b", "two")));
        assertThat(batch.id()).isNotBlank();
        assertThat(batch.isOver()).isFalse();
        assertThat(batch.succeeded()).isZero();
        assertThat(batch.failed()).isZero();
        batch.total().ifPresent(total -> assertThat(total).isEqualTo(2));
    }

    @Test
    public final void idIsEnoughToGoOn() {
        String id = submitted();
        provider.answer(id, "a", "1");
        provider.end(id);
        ChatBatches restarted = provider.batches();
        assertThat(restarted.get(id).state()).isEqualTo(Batch.State.ENDED);
        assertThat(restarted.get(id).total()).hasValue(3);
        try (BatchResults results = restarted.results(id)) {
            assertThat(results).hasSize(3);
        }
    }

    @Test
    public final void providerGetsTheRequestsAsTheyAre() {
        String text = "grüße, \"日本\" \\ 😀\nand a second line";
        String id = batches.submit(List.of(request("A-1_b", text), request("x".repeat(64), "-".repeat(10_000))))
                .id();
        assertThat(provider.prompt(id, "A-1_b")).isEqualTo(text);
        assertThat(provider.prompt(id, "x".repeat(64))).isEqualTo("-".repeat(10_000));
    }

    @Test
    public final void everyRequestHasOneResult() {
        String id = submitted();
        provider.answer(id, "b", "grün 😀");
        provider.refuse(id, "a");
        provider.answer(id, "c", "3");
        provider.end(id);
        assertThat(results(id)).extracting(BatchResult::id).containsExactlyInAnyOrder("a", "b", "c");
        ChatResponse answer = result(id, "b").response().orElseThrow();
        assertThat(answer.text()).isEqualTo("grün 😀");
        assertThat(answer.usage().input()).hasValue(3);
        assertThat(answer.usage().output()).hasValue(5);
        assertThat(result(id, "b").error()).isEmpty();
    }

    @Test
    public final void refusedRequestIsAnErrorOfItsOwn() {
        String id = submitted();
        provider.answer(id, "a", "1");
        provider.answer(id, "b", "2");
        provider.refuse(id, "c");
        provider.end(id);
        BatchResult refused = result(id, "c");
        assertThat(refused.response()).isEmpty();
        assertThat(refused.error()).containsInstanceOf(InvalidRequestException.class);
        assertThat(refused.error().orElseThrow().isRetryable()).isFalse();
        assertThat(batches.get(id).succeeded()).isEqualTo(2);
    }

    @Test
    public final void whatTheBatchDidNotComeToHasExpired() {
        String id = submitted();
        provider.answer(id, "b", "2");
        provider.end(id);
        assertThat(results(id)).extracting(BatchResult::id).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(result(id, "a").error()).containsInstanceOf(TimedOutException.class);
        assertThat(result(id, "a").error().orElseThrow().isRetryable()).isTrue();
        assertThat(result(id, "b").response().map(ChatResponse::text)).contains("2");
    }

    @Test
    public final void whatWasCancelledIsTold() {
        String id = submitted();
        provider.answer(id, "c", "3");
        Batch cancelled = batches.cancel(id);
        assertThat(cancelled.id()).isEqualTo(id);
        assertThat(cancelled.state()).isIn(Batch.State.CANCELLING, Batch.State.ENDED);
        provider.end(id);
        assertThat(batches.get(id).state()).isEqualTo(Batch.State.ENDED);
        assertThat(results(id)).extracting(BatchResult::id).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(result(id, "a").error()).containsInstanceOf(CancelledException.class);
        assertThat(result(id, "c").response().map(ChatResponse::text)).contains("3");
    }

    @Test
    public final void manyResultsComeOneByOne() {
        List<BatchRequest> requests = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 2_000; i++) {
            requests.add(request("r" + i, "question " + i));
            ids.add("r" + i);
        }
        String id = batches.submit(requests).id();
        ids.forEach(each -> provider.answer(id, each, "answer to " + each));
        provider.end(id);
        try (BatchResults results = batches.results(id)) {
            for (BatchResult result : results) {
                assertThat(ids.remove(result.id())).as(result.id()).isTrue();
                assertThat(result.response().map(ChatResponse::text)).contains("answer to " + result.id());
            }
        }
        assertThat(ids).isEmpty();
    }

    @Test
    public final void runningBatchHasNoResults() {
        String id = submitted();
        provider.answer(id, "a", "1");
        assertThatThrownBy(() -> batches.results(id)).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> batches.delete(id)).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    public final void unknownBatchIsAnError() {
        assertThatThrownBy(() -> batches.get("none-such")).isInstanceOf(LlmException.class);
        assertThatThrownBy(() -> batches.cancel("none-such")).isInstanceOf(LlmException.class);
        assertThatThrownBy(() -> batches.results("none-such")).isInstanceOf(LlmException.class);
        assertThatThrownBy(() -> batches.await("none-such", LONG)).isInstanceOf(LlmException.class);
        assertThatThrownBy(() -> batches.get(" ")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    public final void badBatchesAreRefusedAtOnce() {
        assertThatThrownBy(() -> batches.submit(List.of())).isInstanceOf(IllegalArgumentException.class);
        List<BatchRequest> twice = List.of(request("a", "one"), request("a", "two"));
        assertThatThrownBy(() -> batches.submit(twice)).isInstanceOf(IllegalArgumentException.class);
        assertThat(batches.recent(10)).isEmpty();
        assertThatThrownBy(() -> batches.recent(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> batches.recent(101)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    public final void recentBatchesComeNewestFirst() {
        String first = submitted();
        String second = submitted();
        assertThat(batches.recent(10)).extracting(Batch::id).containsExactly(second, first);
        assertThat(batches.recent(1)).extracting(Batch::id).containsExactly(second);
    }

    @Test
    public final void awaitReturnsTheBatchThatIsOver() {
        String id = submitted();
        List<Batch> told = new ArrayList<>();
        Batch over = batches.await(id, LONG, batch -> {
            told.add(batch);
            if (told.size() == 2) {
                provider.answer(id, "a", "1");
                provider.end(id);
            }
        });
        assertThat(over.state()).isEqualTo(Batch.State.ENDED);
        assertThat(told).extracting(Batch::isOver).containsExactly(false, false, true);
        assertThat(over.succeeded()).isEqualTo(1);
    }

    @Test
    public final void awaitOutlivesFailuresThatPass() {
        String id = submitted();
        provider.end(id);
        provider.overload(3);
        assertThat(batches.await(id, LONG).isOver()).isTrue();
    }

    @Test
    public final void awaitStopsAtItsLimit() {
        String id = submitted();
        assertThatThrownBy(() -> batches.await(id, Duration.ofMinutes(30))).isInstanceOf(TimedOutException.class);
        assertThat(batches.get(id).isOver()).isFalse();
        assertThatThrownBy(() -> batches.await(id, Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    public final void awaitSaysWhyItNeverKnew() {
        String id = submitted();
        provider.overload(1_000);
        assertThatThrownBy(() -> batches.await(id, Duration.ofMinutes(1)))
                .isInstanceOf(TimedOutException.class)
                .hasCauseInstanceOf(LlmException.class);
    }

    @Test
    public final void awaitObeysItsThreadsInterruption() {
        String id = submitted();
        assertThatThrownBy(() ->
                        batches.await(id, LONG, batch -> Thread.currentThread().interrupt()))
                .isInstanceOf(CancelledException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    public final void deadlineThatPassedIsObeyed() {
        String id = submitted();
        CallContext late = CallContext.builder()
                .deadline(Deadline.after(Duration.ofNanos(1)))
                .build();
        late.run(() -> assertThatThrownBy(() -> batches.await(id, LONG)).isInstanceOf(TimedOutException.class));
    }

    @Test
    public final void closedResultsAreCancelled() {
        String id = submitted();
        provider.answer(id, "a", "1");
        provider.end(id);
        BatchResults results = batches.results(id);
        Iterator<BatchResult> iterator = results.iterator();
        assertThat(iterator.next()).isNotNull();
        results.close();
        results.close();
        assertThatThrownBy(iterator::hasNext).isInstanceOf(CancelledException.class);
    }

    @Test
    public final void resultsAreReadOnce() {
        String id = submitted();
        provider.end(id);
        BatchResults results = batches.results(id);
        Iterator<BatchResult> iterator = results.iterator();
        iterator.next();
        assertThat(results.iterator().next()).isNotNull();
        assertThat(iterator.next()).isNotNull();
        assertThat(results.iterator().hasNext()).isFalse();
        assertThatThrownBy(iterator::next).isInstanceOf(NoSuchElementException.class);
        results.close();
        assertThat(results(id)).hasSize(3);
    }

    @Test
    public final void batchCanBeForgotten() {
        String id = submitted();
        provider.end(id);
        batches.delete(id);
        batches.delete(id);
        assertThatThrownBy(() -> results(id)).isInstanceOf(LlmException.class);
    }

    @Test
    public final void servesManyCallersAtOnce() throws Exception {
        List<String> ids = Together.run(
                Together.THREADS,
                i -> () -> batches.submit(List.of(request("only", "question " + i)))
                        .id());
        assertThat(new HashSet<>(ids)).hasSize(Together.THREADS);
    }
}
