package dev.plinth.api.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.context.SubCall.Kind;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.IncompleteEmbeddingException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.fake.FakeTime;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class InteractionTest {
    private static final Cost CENT = cost("0.01", "EUR");

    private final FakeTime time = new FakeTime();
    private final Interaction interaction = Interaction.start("ask", CallContext.EMPTY, time);

    private static Cost cost(String amount, String currency) {
        return new Cost(new BigDecimal(amount), Currency.getInstance(currency), LocalDate.of(2026, 1, 1));
    }

    private OpenCall open(Kind kind) {
        return interaction.open(kind, "name", interaction.context());
    }

    private static void together(int threads, Runnable work) throws InterruptedException {
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread thread = new Thread(() -> {
                try {
                    start.await();
                } catch (InterruptedException exception) {
                    throw new IllegalStateException(exception);
                }
                work.run();
            });
            thread.start();
            all.add(thread);
        }
        start.countDown();
        for (Thread thread : all) {
            thread.join();
        }
    }

    @Test
    void startedWithinACallOfAnotherItHasNoParentThere() {
        CallContext within = open(Kind.TOOL).childContext();
        Interaction inner = Interaction.start("inner", within, time);
        assertThat(within.call()).isPresent();
        assertThat(inner.context().call()).isEmpty();
        assertThat(inner.context().interaction()).contains(inner);
    }

    @Test
    void measuresFromStartToClose() {
        time.advance(Duration.ofSeconds(2));
        assertThat(interaction.duration()).isEqualTo(Duration.ofSeconds(2));
        time.advance(Duration.ofSeconds(1));
        interaction.close();
        time.advance(Duration.ofSeconds(5));
        interaction.close();
        assertThat(interaction.duration()).isEqualTo(Duration.ofSeconds(3));
        assertThat(interaction.startedAt()).isEqualTo(FakeTime.START);
    }

    @Test
    void itsContextCarriesIt() {
        CallContext context = CallContext.builder().session("s").build();
        Interaction mine = Interaction.start("ask", context, time);
        assertThat(mine.context().interaction()).containsSame(mine);
        assertThat(mine.context().session()).contains("s");
        assertThat(context.interaction()).isEmpty();
        assertThat(mine.id()).isNotEqualTo(interaction.id());
    }

    @Test
    void callsEndOnce() {
        OpenCall call = open(Kind.CHAT);
        assertThat(interaction.calls()).isEmpty();
        time.advance(Duration.ofSeconds(1));
        call.done("m-2026", Usage.of(1, 2), CENT, false);
        call.failed(new RateLimitedException("late"));
        call.cancelled(null);
        call.done(null, Usage.NONE, null, true);
        assertThat(interaction.calls())
                .containsExactly(new SubCall(
                        "1",
                        null,
                        Kind.CHAT,
                        "name",
                        "m-2026",
                        FakeTime.START,
                        Duration.ofSeconds(1),
                        Usage.of(1, 2),
                        CENT,
                        false,
                        null,
                        List.of(),
                        List.of()));
    }

    @Test
    void stepsAreToldToTheCallAroundThemAndToNoOther() {
        OpenCall chat = open(Kind.CHAT);
        OpenCall tool = interaction.open(Kind.TOOL, "name", chat.childContext());
        Step hit = new Step.CacheLookup(
                "answers", Step.CacheLookup.Result.HIT, FakeTime.START, Duration.ZERO, Usage.of(3, 4), CENT);
        Step check = new Step.Other("budget", "team", "granted", FakeTime.START, Duration.ZERO);
        tool.childContext().report(hit);
        chat.childContext().report(check);
        CallContext.EMPTY.report(hit); // nobody listens
        tool.done(null, Usage.NONE, null, false);
        chat.done("m-2026", Usage.of(1, 2), CENT, false);
        assertThat(interaction.calls()).extracting(SubCall::steps).containsExactly(List.of(hit), List.of(check));
        assertThat(hit.kind() + " " + hit.outcome()).isEqualTo("cache hit");
    }

    @Test
    void concurrentEndsOfOneCallAreRecordedOnce() throws Exception {
        OpenCall call = open(Kind.CHAT);
        together(8, () -> call.cancelled(null));
        assertThat(interaction.calls()).hasSize(1);
    }

    @Test
    void concurrentCallsAreAllRecordedWithIdsOfTheirOwn() throws Exception {
        together(8, () -> {
            for (int i = 0; i < 100; i++) {
                OpenCall outer = open(Kind.TOOL);
                interaction.open(Kind.CHAT, "inner", outer.childContext()).done(null, Usage.of(1, 1), CENT, false);
                outer.done(null, Usage.NONE, null, false);
            }
        });
        assertThat(interaction.calls()).hasSize(1600);
        assertThat(interaction.calls().stream().map(SubCall::id)).doesNotHaveDuplicates();
        assertThat(interaction.calls().stream().filter(call -> call.kind() == Kind.CHAT))
                .allSatisfy(call -> assertThat(call.parent()).isNotNull());
        assertThat(interaction.usage().total()).hasValue(1600);
        assertThat(interaction.cost().orElseThrow().amount()).isEqualByComparingTo("8.00");
    }

    @Test
    void lateCallsAreStillRecorded() {
        OpenCall call = open(Kind.CHAT);
        interaction.close();
        call.done(null, Usage.NONE, null, false);
        assertThat(interaction.calls()).hasSize(1);
    }

    @Test
    void costIsKnownOnlyAsAWhole() {
        assertThat(interaction.cost()).as("no call").isEmpty();
        open(Kind.RETRIEVAL).done(null, Usage.NONE, null, false);
        open(Kind.TOOL).done(null, Usage.NONE, null, false);
        assertThat(interaction.cost()).as("nothing that costs").isEmpty();
        open(Kind.CHAT).done(null, Usage.of(1, 1), CENT, false);
        open(Kind.EMBEDDING).done(null, Usage.of(1, 0), CENT, false);
        assertThat(interaction.cost().orElseThrow().amount()).isEqualByComparingTo("0.02");
        open(Kind.TOOL).done(null, Usage.NONE, cost("1", "EUR"), false);
        assertThat(interaction.cost().orElseThrow().amount())
                .as("a tool may cost")
                .isEqualByComparingTo("1.02");
        open(Kind.CHAT).failed(new RateLimitedException("x"));
        assertThat(interaction.cost()).as("a call whose cost nobody knows").isEmpty();
        assertThat(interaction.usage().input()).isEmpty();
    }

    @Test
    void anAnswerOutOfACacheCostsNothing() {
        open(Kind.CHAT).done(null, Usage.NONE, null, true);
        assertThat(interaction.cost()).as("nothing that costs").isEmpty();
        open(Kind.CHAT).done(null, Usage.of(1, 1), CENT, false);
        open(Kind.CHAT).done(null, Usage.NONE, null, true);
        assertThat(interaction.cost()).contains(CENT);
        open(Kind.CHAT).done(null, Usage.NONE, cost("0", "EUR"), true);
        assertThat(interaction.cost().orElseThrow().amount()).isEqualByComparingTo("0.01");
        open(Kind.CHAT).done(null, Usage.of(1, 1), null, false);
        assertThat(interaction.cost()).as("a call whose cost nobody knows").isEmpty();
    }

    @Test
    void aCallRefusedBeforeItWasSentCostsNothing() {
        open(Kind.CHAT).done(null, Usage.of(1, 1), CENT, false);
        open(Kind.CHAT).failed(new RateLimitedException("x").setPartial("", Usage.NONE));
        assertThat(interaction.cost()).contains(CENT);
    }

    @Test
    void aFailedCallCostsWhatItsAttemptsCost() {
        Attempt paid = new Attempt(
                null, "p", "m", "first attempt", FakeTime.START, Duration.ZERO, "timed_out", Usage.of(3, 1), CENT);
        open(Kind.CHAT)
                .failed(new RateLimitedException("x")
                        .setAttempts(List.of(paid, paid))
                        .setPartial("", Usage.of(6, 2)));
        assertThat(interaction.cost()).contains(cost("0.02", "EUR"));
        assertThat(interaction.usage()).isEqualTo(Usage.of(6, 2));
        open(Kind.CHAT)
                .failed(new RateLimitedException("x")
                        .setAttempts(List.of(paid, paid.withCost(null)))
                        .setPartial("", Usage.of(6, 2)));
        assertThat(interaction.calls().get(1).cost()).as("one is not known").isNull();
        assertThat(interaction.cost()).isEmpty();
    }

    @Test
    void whatWasUsedOutsideOfTheAttemptsHasNoKnownCost() {
        Cost nothing = cost("0", "EUR");
        Attempt refused = new Attempt(
                null, "p", "m", "only attempt", FakeTime.START, Duration.ZERO, "rate_limited", Usage.NONE, nothing);
        RateLimitedException cause = new RateLimitedException("x");
        cause.setAttempts(List.of(refused)).setPartial("", Usage.NONE);
        open(Kind.EMBEDDING).failed(cause);
        assertThat(interaction.cost()).as("all of it failed").contains(nothing);
        EmbeddingResponse done = new EmbeddingResponse(List.of(new float[] {1}), "m", Usage.of(3, 0), CENT, List.of());
        EmbeddingRequest request = EmbeddingRequest.documents(List.of("a", "b"));
        open(Kind.EMBEDDING).failed(new IncompleteEmbeddingException(request, List.of(0), done, cause));
        assertThat(interaction.calls().get(1).usage()).isEqualTo(Usage.of(3, 0));
        assertThat(interaction.calls().get(1).cost()).isNull();
        assertThat(interaction.cost()).as("the part that is done").isEmpty();
    }

    @Test
    void whatAModelUsedIsNotCountedAgainForTheToolThatItsFailureEnds() {
        OverloadedException busy = new OverloadedException("x");
        busy.setPartial("", Usage.of(3, 1));
        open(Kind.CHAT).failed(busy);
        open(Kind.TOOL).failed(busy);
        open(Kind.RETRIEVAL).failed(new IllegalStateException("x"));
        assertThat(interaction.usage()).isEqualTo(Usage.of(3, 1));
        assertThat(interaction.calls())
                .extracting(SubCall::error)
                .containsExactly("overloaded", "overloaded", "IllegalStateException");
    }

    @Test
    void currenciesAreNotMixed() {
        open(Kind.CHAT).done(null, Usage.of(1, 1), CENT, false);
        open(Kind.CHAT).done(null, Usage.of(1, 1), cost("0.01", "USD"), false);
        assertThat(interaction.cost()).isEmpty();
    }

    @Test
    void endingsRunOnceTheLastFirst() throws Exception {
        List<String> ran = new ArrayList<>();
        interaction.onClose(() -> ran.add("first"));
        interaction.onClose(() -> ran.add("second"));
        interaction.close();
        interaction.close();
        assertThat(ran).containsExactly("second", "first");
        interaction.onClose(() -> ran.add("at once"));
        assertThat(ran).containsExactly("second", "first", "at once");
    }

    @Test
    void everyEndingRunsOnceWhateverTheMoment() throws Exception {
        for (int round = 0; round < 50; round++) {
            Interaction mine = Interaction.start("ask", CallContext.EMPTY, time);
            AtomicInteger ran = new AtomicInteger();
            AtomicInteger turn = new AtomicInteger();
            together(8, () -> {
                if (turn.getAndIncrement() % 4 == 0) {
                    mine.close();
                } else {
                    mine.onClose(ran::incrementAndGet);
                }
            });
            assertThat(ran).hasValue(6);
        }
    }

    @Test
    void endingThatThrowsDoesNotKeepTheOthersFromRunning() {
        List<String> ran = new ArrayList<>();
        interaction.onClose(() -> ran.add("first"));
        interaction.onClose(() -> {
            throw new IllegalStateException("one");
        });
        interaction.onClose(() -> {
            throw new IllegalStateException("two");
        });
        assertThatThrownBy(interaction::close)
                .hasMessage("two")
                .satisfies(thrown -> assertThat(thrown.getSuppressed())
                        .singleElement()
                        .satisfies(other -> assertThat(other).hasMessage("one")));
        assertThat(ran).containsExactly("first");
    }

    @Test
    void errorsAndCheckedExceptionsDoNotKeepTheOthersFromRunning() {
        List<String> ran = new ArrayList<>();
        AssertionError error = new AssertionError("one");
        interaction.onClose(() -> ran.add("first"));
        interaction.onClose(() -> {
            throw error;
        });
        interaction.onClose(() -> InteractionTest.<RuntimeException>sneak(new IOException("two")));
        assertThatThrownBy(interaction::close)
                .isInstanceOf(IOException.class)
                .satisfies(thrown -> assertThat(thrown.getSuppressed()).containsExactly(error));
        assertThat(ran).containsExactly("first");
    }

    @Test
    void whatTwoEndingsThrowIsThrownOnce() {
        AssertionError error = new AssertionError("one");
        for (int i = 0; i < 2; i++) {
            interaction.onClose(() -> {
                throw error;
            });
        }
        assertThatThrownBy(interaction::close).isSameAs(error).hasNoSuppressedExceptions();
    }

    @SuppressWarnings("unchecked")
    private static <E extends Exception> void sneak(Exception checked) throws E {
        throw (E) checked;
    }

    @Test
    void saysHowManyCallsAreOpen() {
        OpenCall first = open(Kind.CHAT);
        OpenCall second = open(Kind.TOOL);
        assertThat(interaction.openCalls()).isEqualTo(2);
        first.done(null, Usage.NONE, null, false);
        first.cancelled(null);
        assertThat(interaction.openCalls()).isEqualTo(1);
        second.cancelled(null);
        assertThat(interaction.openCalls()).isZero();
    }

    @Test
    void attachmentIsMadeOnce() throws Exception {
        AtomicInteger made = new AtomicInteger();
        together(
                8,
                () -> interaction.attachment(StringBuilder.class, () -> {
                    made.incrementAndGet();
                    return new StringBuilder();
                }));
        assertThat(made).hasValue(1);
        assertThat(interaction.attachment(StringBuilder.class, StringBuilder::new))
                .isSameAs(interaction.attachment(StringBuilder.class, StringBuilder::new));
    }

    @Test
    void failedCallsKeepTheirCodeAndWhatTheyUsed() {
        open(Kind.CHAT).failed(new RateLimitedException("x").setPartial("", Usage.of(3, 0)));
        open(Kind.CHAT).failed(new IllegalStateException("bug"));
        open(Kind.CHAT).cancelled(null);
        assertThat(interaction.calls().stream().map(SubCall::error))
                .containsExactly("rate_limited", "IllegalStateException", "cancelled");
        assertThat(interaction.calls().stream().map(SubCall::usage))
                .containsExactly(Usage.of(3, 0), Usage.UNKNOWN, Usage.UNKNOWN);
    }
}
