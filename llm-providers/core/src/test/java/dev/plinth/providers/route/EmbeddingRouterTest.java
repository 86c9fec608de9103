package dev.plinth.providers.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.ForwardingEmbeddingModel;
import dev.plinth.api.embedding.IncompleteEmbeddingException;
import dev.plinth.api.error.DeniedException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.InvalidRequestException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.ModelNotFoundException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.error.QuotaExhaustedException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.error.TransportException;
import dev.plinth.api.layer.Admission;
import dev.plinth.api.layer.Layers;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.testkit.FakeEmbeddingModel;
import dev.plinth.api.testkit.Fault;
import dev.plinth.api.testkit.FaultPlan;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Usage;
import dev.plinth.providers.retry.Retries;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class EmbeddingRouterTest {

    private static final List<String> TEXTS = List.of("a", "b", "c", "d", "e");

    private final TestTime time = TestTime.autoAdvancing();

    /** A model that embeds so many texts of a request and then fails. */
    private static final class Breaking extends ForwardingEmbeddingModel {
        private final int most;
        private final Supplier<? extends LlmException> failure;
        private final List<List<String>> asked = new ArrayList<>();

        Breaking(EmbeddingModel next, int most, Supplier<? extends LlmException> failure) {
            super(next);
            this.most = most;
            this.failure = failure;
        }

        @Override
        public EmbeddingResponse embed(EmbeddingRequest request) {
            asked.add(request.texts());
            if (request.texts().size() <= most) {
                return next().embed(request);
            }
            if (most == 0) {
                throw failure.get();
            }
            List<String> first = request.texts().subList(0, most);
            List<Integer> positions = new ArrayList<>();
            for (int i = 0; i < most; i++) {
                positions.add(i);
            }
            EmbeddingResponse done =
                    next().embed(request.toBuilder().texts(first).build());
            throw new IncompleteEmbeddingException(request, positions, done, failure.get());
        }
    }

    private static Breaking breaking(String name, int most, Supplier<? extends LlmException> failure) {
        return new Breaking(FakeEmbeddingModel.create(name, 8), most, failure);
    }

    private static LlmException busy() {
        return new OverloadedException("server: busy");
    }

    private EmbeddingRouter router(EmbeddingModel... models) {
        EmbeddingRouter.Builder router = EmbeddingRouter.builder("embedding-1").time(time);
        for (EmbeddingModel model : models) {
            router.deployment(model.info().model(), model);
        }
        return router.build();
    }

    private static void areTheVectors(EmbeddingResponse response) {
        assertThat(response.vectors())
                .usingRecursiveComparison()
                .isEqualTo(FakeEmbeddingModel.create("any", 8).embedDocuments(TEXTS));
        assertThat(response.model()).isEqualTo("embedding-1");
    }

    @Test
    void theFirstAnswersUnderTheSharedName() {
        Breaking second = breaking("second", 0, EmbeddingRouterTest::busy);
        EmbeddingRouter router = router(FakeEmbeddingModel.create("first", 8), second);
        EmbeddingResponse answer = router.embed(EmbeddingRequest.documents(TEXTS));
        areTheVectors(answer);
        assertThat(answer.attempts())
                .extracting(Attempt::deployment, Attempt::why)
                .containsExactly(tuple("first", "first choice"));
        assertThat(second.asked).isEmpty();
        assertThat(router.info().model()).isEqualTo("embedding-1");
        assertThat(router.dimensions()).hasValue(8);
    }

    @Test
    void theNextIsAskedForTheRestAlone() {
        Breaking first = breaking("first", 2, () -> new QuotaExhaustedException("quota: used up"));
        Breaking second = breaking("second", 1, EmbeddingRouterTest::busy);
        Breaking third = breaking("third", 9, EmbeddingRouterTest::busy);
        EmbeddingResponse whole = router(first, second, third).embed(EmbeddingRequest.documents(TEXTS));
        areTheVectors(whole);
        assertThat(whole.attempts())
                .extracting(
                        Attempt::deployment,
                        Attempt::error,
                        attempt -> attempt.usage().input().orElseThrow())
                .containsExactly(
                        tuple("first", "quota_exhausted", 2L),
                        tuple("second", "overloaded", 1L),
                        tuple("third", null, 2L));
        assertThat(whole.attempts().get(2).why()).isEqualTo("fallback from second: overloaded");
        assertThat(whole.usage().input()).hasValue(5);
        assertThat(first.asked).containsExactly(TEXTS);
        assertThat(second.asked).containsExactly(List.of("c", "d", "e"));
        assertThat(third.asked).containsExactly(List.of("d", "e"));
    }

    @Test
    void whenNobodyCanGoOnWhatIsDoneIsKept() {
        EmbeddingRouter router = router(
                breaking("first", 2, EmbeddingRouterTest::busy), breaking("second", 0, EmbeddingRouterTest::busy));
        IncompleteEmbeddingException failure = catchThrowableOfType(
                IncompleteEmbeddingException.class, () -> router.embed(EmbeddingRequest.documents(TEXTS)));
        assertThat(failure.positions()).containsExactly(0, 1);
        assertThat(failure.attempts()).extracting(Attempt::deployment).containsExactly("first", "second");
        areTheVectors(failure.resume(router(FakeEmbeddingModel.create("later", 8))));
    }

    @Test
    void whenAllFailOneErrorHoldsAll() {
        EmbeddingRouter router = router(
                breaking("first", 0, EmbeddingRouterTest::busy),
                breaking("second", 0, () -> new TransportException("connection: reset")));
        OverloadedException failure =
                catchThrowableOfType(OverloadedException.class, () -> router.embed(EmbeddingRequest.documents(TEXTS)));
        assertThat(failure).hasMessageStartingWith("deployments: first overloaded, second transport");
        assertThat(failure.attempts()).hasSize(2);
    }

    @Test
    void aRefusedRequestGoesNowhere() {
        Breaking second = breaking("second", 9, EmbeddingRouterTest::busy);
        EmbeddingRouter router = router(breaking("first", 0, () -> new InvalidRequestException("text: bad")), second);
        assertThatThrownBy(() -> router.embed(EmbeddingRequest.documents(TEXTS)))
                .isInstanceOf(InvalidRequestException.class);
        assertThat(second.asked).isEmpty();
    }

    @Test
    void policyAndCircuitsHold() {
        Breaking first = breaking("first", 0, EmbeddingRouterTest::busy);
        Breaking second = breaking("second", 9, EmbeddingRouterTest::busy);
        EmbeddingRouter router = EmbeddingRouter.builder("embedding-1")
                .time(time)
                .breaker(new CircuitBreaker(1, 1, Duration.ofSeconds(5), Duration.ofSeconds(5)))
                .deployment("first", first)
                .deployment("second", second)
                .build();
        router.embedQuery("x");
        router.embedQuery("y");
        assertThat(first.asked).as("out of order").hasSize(1);
        CallContext context = Admission.add(
                (target, asked) -> {
                    if (target.model().equals("second")) {
                        throw new DeniedException("no-second", "owner", "model: second", ErrorDetails.NONE);
                    }
                },
                CallContext.EMPTY);
        time.advance(Duration.ofSeconds(5));
        second.asked.clear();
        assertThatThrownBy(() -> context.call(() -> router.embedQuery("z"))).isInstanceOf(LlmException.class);
        assertThat(second.asked).isEmpty();
        assertThat(first.asked).hasSize(2);
    }

    @Test
    void layersStandAroundEachPlaceAndOnlyTheLastIsTriedAgain() {
        FaultPlan thrice = FaultPlan.first(3, Fault.overloaded());
        EmbeddingModel model = Layers.of(Retries.builder().time(time).build(), thrice)
                .around(router(FakeEmbeddingModel.create("first", 8), FakeEmbeddingModel.create("second", 8)));
        areTheVectors(model.embed(EmbeddingRequest.documents(TEXTS)));
        assertThat(thrice.calls()).isEqualTo(4);
        assertThat(time.sleeps())
                .as("one call to the first, three to the second")
                .hasSize(2);
    }

    @Test
    void eachAttemptCountsWhatItUsedItself() {
        LlmException refused = new OverloadedException(
                "server: busy", ErrorDetails.builder().httpStatus(503).build(), null);
        EmbeddingRouter router = router(
                breaking("first", 2, EmbeddingRouterTest::busy),
                breaking("second", 1, EmbeddingRouterTest::busy),
                breaking("third", 0, () -> refused));
        IncompleteEmbeddingException failure = catchThrowableOfType(
                IncompleteEmbeddingException.class, () -> router.embed(EmbeddingRequest.documents(TEXTS)));
        assertThat(failure.attempts())
                .extracting(attempt -> attempt.usage().input().orElseThrow())
                .containsExactly(2L, 1L, 0L);
        assertThat(failure.partialUsage()).isEqualTo(failure.done().usage());
        assertThat(failure.attempts().stream().map(Attempt::usage).reduce(Usage.NONE, Usage::plus))
                .isEqualTo(failure.done().usage());
    }

    @Test
    void eachPlaceIsAskedByItsOwnName() {
        FakeEmbeddingModel place = FakeEmbeddingModel.create("azure-dep", 8);
        EmbeddingRouter router = router(breaking("first", 2, EmbeddingRouterTest::busy), place);
        areTheVectors(router.embed(EmbeddingRequest.documents(TEXTS).toBuilder()
                .model("embedding-1")
                .build()));
        areTheVectors(router.embed(EmbeddingRequest.documents(TEXTS)));
        assertThat(place.requests())
                .extracting(request -> request.model().orElse("its own"))
                .containsExactly("azure-dep", "its own");
    }

    @Test
    void aRequestForAnotherModelIsRefused() {
        Breaking place = breaking("embedding-1", 9, EmbeddingRouterTest::busy);
        EmbeddingRequest other = EmbeddingRequest.documents(TEXTS).toBuilder()
                .model("embedding-2")
                .build();
        assertThatThrownBy(() -> router(place).embed(other))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageStartingWith("model: embedding-2 (expected: embedding-1)")
                .satisfies(failure ->
                        assertThat(((LlmException) failure).partialUsage()).isEqualTo(Usage.NONE));
        assertThat(place.asked).isEmpty();
    }

    /** A place whose answers name this model. */
    private static EmbeddingModel answering(String name, String answered) {
        return new ForwardingEmbeddingModel(FakeEmbeddingModel.create(name, 8)) {
            @Override
            public EmbeddingResponse embed(EmbeddingRequest request) {
                EmbeddingResponse response = next().embed(request);
                return new EmbeddingResponse(response.vectors(), answered, response.usage());
            }
        };
    }

    @Test
    void anAnswerOfAnotherModelIsAFailureOfThePlace() {
        EmbeddingModel wrong = answering("first", "embedding-0");
        FakeEmbeddingModel right = FakeEmbeddingModel.create("second", 8);
        areTheVectors(router(wrong, right).embed(EmbeddingRequest.documents(TEXTS)));
        EmbeddingRouter alone = EmbeddingRouter.builder("embedding-1")
                .time(time)
                .breaker(new CircuitBreaker(1, 1, Duration.ofSeconds(5), Duration.ofSeconds(5)))
                .deployment("first", wrong)
                .build();
        MalformedResponseException failure = catchThrowableOfType(
                MalformedResponseException.class, () -> alone.embed(EmbeddingRequest.documents(TEXTS)));
        assertThat(failure).hasMessageStartingWith("model: embedding-0 (expected: first)");
        assertThat(failure.partialUsage().input()).as("it is charged").hasValue(5);
        assertThatThrownBy(() -> alone.embedQuery("x")).hasMessageContaining("first out of order");
    }

    @Test
    void whatAnotherModelDidOfManyTextsIsNotKept() {
        Breaking wrong = new Breaking(answering("first", "embedding-0"), 2, EmbeddingRouterTest::busy);
        FakeEmbeddingModel right = FakeEmbeddingModel.create("second", 8);
        areTheVectors(router(wrong, right).embed(EmbeddingRequest.documents(TEXTS)));
        assertThat(right.requests()).extracting(EmbeddingRequest::texts).containsExactly(TEXTS);
    }

    @Test
    void versionsOfItsModelAndTheSharedNameAreRight() {
        areTheVectors(router(answering("first", "first-2026-01-01")).embed(EmbeddingRequest.documents(TEXTS)));
        areTheVectors(router(answering("azure-dep", "embedding-1")).embed(EmbeddingRequest.documents(TEXTS)));
    }

    @Test
    void aPassedDeadlineIsSaid() {
        Breaking place = breaking("first", 9, EmbeddingRouterTest::busy);
        CallContext context = CallContext.builder()
                .deadline(Deadline.after(Duration.ofSeconds(1), time))
                .build();
        time.advance(Duration.ofSeconds(1));
        assertThatThrownBy(() -> context.call(() -> router(place).embedQuery("x")))
                .isInstanceOf(TimedOutException.class)
                .hasMessageStartingWith("deadline: passed");
        assertThat(place.asked).isEmpty();
    }

    /** A rule that lets a router choose the first place and stops it on the way there. */
    private static Admission stopping(RuntimeException stop) {
        return new Admission() {
            @Override
            public void check(ModelInfo target, CallContext context) {}

            @Override
            public void enter(ModelInfo target, CallContext context) {
                if (target.model().equals("first")) {
                    throw stop;
                }
            }
        };
    }

    @Test
    void whatPolicyStopsIsNoAttempt() {
        Breaking first = breaking("first", 9, EmbeddingRouterTest::busy);
        EmbeddingRouter router = router(first, breaking("second", 0, EmbeddingRouterTest::busy));
        DeniedException denied = new DeniedException("no-first", "owner", "model: first", ErrorDetails.NONE);
        LlmException failure = catchThrowableOfType(
                LlmException.class,
                () -> Admission.add(stopping(denied), CallContext.EMPTY).call(() -> router.embedQuery("x")));
        assertThat(failure.attempts()).extracting(Attempt::deployment).containsExactly("second");
        assertThat(first.asked).isEmpty();
    }

    @Test
    void aPlaceThatPolicyStoppedMayBeAskedAgain() {
        for (RuntimeException stop : List.of(
                new DeniedException("no-first", "owner", "model: first", ErrorDetails.NONE),
                new IllegalStateException("rule: broken"))) {
            AtomicBoolean busy = new AtomicBoolean(true);
            FakeEmbeddingModel fake = FakeEmbeddingModel.create("first", 8);
            EmbeddingRouter router = EmbeddingRouter.builder("embedding-1")
                    .time(time)
                    .breaker(new CircuitBreaker(1, 1, Duration.ofSeconds(5), Duration.ofSeconds(5)))
                    .deployment("first", new ForwardingEmbeddingModel(fake) {
                        @Override
                        public EmbeddingResponse embed(EmbeddingRequest request) {
                            if (busy.get()) {
                                throw busy();
                            }
                            return fake.embed(request);
                        }
                    })
                    .build();
            assertThatThrownBy(() -> router.embedQuery("x")).isInstanceOf(OverloadedException.class);
            busy.set(false);
            time.advance(Duration.ofSeconds(5));
            CallContext stopped = Admission.add(stopping(stop), CallContext.EMPTY);
            assertThatThrownBy(() -> stopped.call(() -> router.embedQuery("x"))).isSameAs(stop);
            assertThat(router.embedQuery("x")).as("the one call that may see").hasSize(8);
        }
    }

    @Test
    void aCallStaysInItsRegion() {
        Breaking nowhere = breaking("nowhere", 9, EmbeddingRouterTest::busy);
        Breaking us = breaking("us-1", 9, EmbeddingRouterTest::busy);
        Breaking eu = breaking("eu-1", 9, EmbeddingRouterTest::busy);
        EmbeddingRouter router = EmbeddingRouter.builder("embedding-1")
                .time(time)
                .deployment("nowhere", nowhere)
                .deployment("us-1", us, "us")
                .deployment("eu-1", eu, "eu")
                .build()
                .around(model -> model);
        CallContext.builder().tag("region", "eu").build().call(() -> router.embedQuery("x"));
        assertThat(eu.asked).hasSize(1);
        CallContext asia = CallContext.builder().tag("region", "asia").build();
        assertThatThrownBy(() -> asia.call(() -> router.embedQuery("x")))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageContaining("not nowhere (another region), us-1 (another region), eu-1 (another region)");
        assertThat(nowhere.asked).isEmpty();
        assertThat(us.asked).isEmpty();
        router.embedQuery("x");
        assertThat(nowhere.asked).as("without the tag").hasSize(1);
    }

    @Test
    void refusesWhatCannotBeOneModel() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> router(FakeEmbeddingModel.create("a", 8), FakeEmbeddingModel.create("b", 9)))
                .withMessage("dimensions: [8, 9] (expected: one length)");
        assertThatIllegalArgumentException().isThrownBy(this::router);
    }
}
