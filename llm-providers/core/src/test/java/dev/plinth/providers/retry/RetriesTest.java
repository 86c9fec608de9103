package dev.plinth.providers.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.ForwardingEmbeddingModel;
import dev.plinth.api.embedding.IncompleteEmbeddingException;
import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.InvalidRequestException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.error.QuotaExhaustedException;
import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.error.TransportException;
import dev.plinth.api.layer.Layers;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.rerank.RerankResponse;
import dev.plinth.api.testkit.FakeEmbeddingModel;
import dev.plinth.api.testkit.FakeReranker;
import dev.plinth.api.testkit.Fault;
import dev.plinth.api.testkit.FaultPlan;
import dev.plinth.api.testkit.Reply;
import dev.plinth.api.testkit.ScriptedChatModel;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RetriesTest {

    private final TestTime time = TestTime.autoAdvancing();

    private Retries.Builder retries() {
        return Retries.builder().time(time).random(new Random(1));
    }

    private static Reply overloaded() {
        return Reply.error(() -> new OverloadedException("server: busy"));
    }

    private static Reply rateLimited(Duration wait) {
        ErrorDetails details =
                ErrorDetails.builder().httpStatus(429).retryAfter(wait).build();
        return Reply.error(() -> new RateLimitedException("rate: over", details, null));
    }

    private static Reply answer() {
        return Reply.text("Blue light scatters.")
                .cut("Blue ", "light ", "scatters.")
                .usage(Usage.of(7, 3));
    }

    private static ChatRequest until(Deadline deadline) {
        return ChatRequest.builder()
                .user("Why?")
                .context(CallContext.builder().deadline(deadline).build())
                .build();
    }

    @Test
    void anAnswerAtOnceIsPassedOnUntouched() {
        ScriptedChatModel scripted = ScriptedChatModel.of(answer(), answer());
        ChatModel model = retries().build().around(scripted);
        assertThat(model.chat(ChatRequest.of("Why?")).attempts()).isEmpty();
        assertThat(model.stream(ChatRequest.of("Why?")).response().attempts()).isEmpty();
        assertThat(time.sleeps()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("bothWays")
    void saysWhatWasTried(Function<ChatModel, ChatResponse> ask) {
        ChatModel model = retries()
                .build()
                .around(ScriptedChatModel.of(overloaded(), rateLimited(Duration.ofSeconds(2)), answer()));
        ChatResponse response = ask.apply(model);
        assertThat(response.text()).isEqualTo("Blue light scatters.");
        assertThat(response.attempts())
                .extracting(Attempt::why, Attempt::error, Attempt::deployment)
                .containsExactly(
                        tuple("first attempt", "overloaded", null),
                        tuple("retry after overloaded", "rate_limited", null),
                        tuple("retry after rate_limited", null, null));
        assertThat(response.attempts().get(2).usage()).isEqualTo(Usage.of(7, 3));
        assertThat(response.attempts().get(1).usage()).as("refused by a status").isEqualTo(Usage.NONE);
        assertThat(response.attempts().get(0).usage().source()).isEqualTo(Usage.Source.ESTIMATED);
        assertThat(response.usage().input()).hasValue(14);
        assertThat(response.usage().output()).hasValue(3);
        assertThat(response.usage().source()).isEqualTo(Usage.Source.ESTIMATED);
    }

    @ParameterizedTest
    @MethodSource("bothWays")
    void theServersWaitWins(Function<ChatModel, ChatResponse> ask) {
        ChatModel model = retries()
                .build()
                .around(ScriptedChatModel.of(
                        rateLimited(Duration.ofSeconds(21)), rateLimited(Duration.ZERO), answer()));
        assertThat(ask.apply(model).attempts()).hasSize(3);
        assertThat(time.sleeps()).containsExactly(Duration.ofSeconds(21));
    }

    @Test
    void aWaitThatIsTooLongIsNotWaitedFor() {
        ScriptedChatModel scripted = ScriptedChatModel.of(rateLimited(Duration.ofSeconds(61)), answer());
        ChatModel model = retries().build().around(scripted);
        RateLimitedException failure =
                catchThrowableOfType(RateLimitedException.class, () -> model.chat(ChatRequest.of("Why?")));
        assertThat(failure.details().retryAfter()).hasValue(Duration.ofSeconds(61));
        assertThat(scripted.requests()).hasSize(1);
        assertThat(time.sleeps()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("bothWays")
    void theLastFailureHoldsAllAttempts(Function<ChatModel, ChatResponse> ask) {
        ScriptedChatModel scripted =
                ScriptedChatModel.builder().otherwise(request -> overloaded()).build();
        ChatModel model = retries().maxAttempts(4).build().around(scripted);
        OverloadedException failure = catchThrowableOfType(OverloadedException.class, () -> ask.apply(model));
        assertThat(failure.attempts()).hasSize(4).allMatch(attempt -> "overloaded".equals(attempt.error()));
        assertThat(failure.details().attempts()).isEqualTo(4);
        assertThat(failure).hasMessageContaining("attempts=4");
        assertThat(scripted.requests()).hasSize(4);
        assertThat(time.sleeps()).hasSize(3).allMatch(wait -> wait.compareTo(Duration.ofSeconds(2)) <= 0);
    }

    static Stream<LlmException> hopeless() {
        return Stream.of(
                new AuthenticationException("key: wrong"),
                new InvalidRequestException("request: wrong"),
                new QuotaExhaustedException("quota: used up"),
                new CancelledException("call: closed"),
                new OverloadedException(
                        "server: says no",
                        ErrorDetails.builder().retryable(false).build(),
                        null));
    }

    @ParameterizedTest
    @MethodSource("hopeless")
    void whatCannotPassIsNotTriedAgain(LlmException failure) {
        ScriptedChatModel scripted = ScriptedChatModel.of(Reply.error(() -> failure), answer());
        ChatModel model = retries().build().around(scripted);
        assertThatThrownBy(() -> model.chat(ChatRequest.of("Why?"))).isSameAs(failure);
        assertThat(scripted.requests()).hasSize(1);
    }

    static Stream<LlmException> passing() {
        return Stream.of(
                new RateLimitedException("rate: over"),
                new OverloadedException("server: busy"),
                new TransportException("connection: reset"),
                new TimedOutException("timeouts.total: passed"),
                new MalformedResponseException("body: broken"),
                new InvalidRequestException(
                        "server: says so",
                        ErrorDetails.builder().retryable(true).build(),
                        null));
    }

    @ParameterizedTest
    @MethodSource("passing")
    void whatMayPassIsTriedAgain(LlmException failure) {
        ChatModel model = retries().build().around(ScriptedChatModel.of(Reply.error(() -> failure), answer()));
        assertThat(model.chat(ChatRequest.of("Why?")).attempts()).hasSize(2);
    }

    @Test
    void anErrorOfTheProgramIsNobodysToTryAgain() {
        ScriptedChatModel scripted = ScriptedChatModel.builder()
                .otherwise(request -> {
                    throw new IllegalStateException("bug");
                })
                .build();
        ChatModel model = retries().build().around(scripted);
        assertThatThrownBy(() -> model.chat(ChatRequest.of("Why?"))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void noRetryBeginsAfterTheDeadline() {
        ScriptedChatModel scripted = ScriptedChatModel.builder()
                .time(time)
                .otherwise(request -> rateLimited(Duration.ofSeconds(3)))
                .build();
        ChatModel model = retries().maxAttempts(10).build().around(scripted);
        ChatRequest request = until(Deadline.after(Duration.ofSeconds(7), time));
        RateLimitedException failure = catchThrowableOfType(RateLimitedException.class, () -> model.chat(request));
        assertThat(failure.attempts()).hasSize(3); // at 0, 3 and 6 s
        assertThat(time.sleeps()).containsExactly(Duration.ofSeconds(3), Duration.ofSeconds(3));
    }

    @Test
    void aStreamIsNotTriedAgainOnceItHasBegun() {
        ScriptedChatModel scripted = ScriptedChatModel.of(
                overloaded(), answer().breakingAfter(1, () -> new TransportException("connection: reset")), answer());
        ChatModel model = retries().build().around(scripted);
        ChatStream stream = model.stream(ChatRequest.of("Why?"));
        TransportException failure = catchThrowableOfType(TransportException.class, stream::response);
        assertThat(failure.partialText()).isEqualTo("Blue ");
        assertThat(failure.attempts()).extracting(Attempt::error).containsExactly("overloaded", "transport");
        assertThat(scripted.requests()).hasSize(2);
    }

    @Test
    void aStreamThatBreaksBeforeItsFirstContentIsTriedAgain() {
        ChatModel model = retries()
                .build()
                .around(ScriptedChatModel.of(
                        answer().breakingAfter(0, () -> new TransportException("connection: reset")), answer()));
        StringBuilder heard = new StringBuilder();
        ChatResponse response =
                model.stream(ChatRequest.of("Why?")).onText(heard::append).response();
        assertThat(heard).hasToString("Blue light scatters.");
        assertThat(response.attempts()).hasSize(2);
    }

    @Test
    void closingAStreamThatWaitsForARetryEndsTheWait() throws Exception {
        TestTime manual = TestTime.manual();
        ChatModel model = Retries.builder()
                .time(manual)
                .build()
                .around(ScriptedChatModel.of(rateLimited(Duration.ofSeconds(30)), answer()));
        ChatStream stream = model.stream(ChatRequest.of("Why?"));
        Throwable[] thrown = new Throwable[1];
        boolean[] interrupted = new boolean[1];
        Thread reader = new Thread(() -> {
            thrown[0] = catchThrowableOfType(RuntimeException.class, stream::response);
            interrupted[0] = Thread.currentThread().isInterrupted();
        });
        reader.start();
        manual.awaitSleepers(1);
        stream.close();
        reader.join(30_000);
        assertThat(thrown[0]).isInstanceOf(CancelledException.class);
        assertThat(interrupted[0])
                .as("the reader was not interrupted by its own caller")
                .isFalse();
    }

    @Test
    void interruptingAWaitForARetryEndsTheCall() throws Exception {
        TestTime manual = TestTime.manual();
        ChatModel model = Retries.builder()
                .time(manual)
                .build()
                .around(ScriptedChatModel.of(rateLimited(Duration.ofSeconds(30)), answer()));
        Throwable[] thrown = new Throwable[1];
        boolean[] interrupted = new boolean[1];
        Thread caller = new Thread(() -> {
            thrown[0] = catchThrowableOfType(RuntimeException.class, () -> model.chat(ChatRequest.of("Why?")));
            interrupted[0] = Thread.currentThread().isInterrupted();
        });
        caller.start();
        manual.awaitSleepers(1);
        caller.interrupt();
        caller.join(30_000);
        assertThat(thrown[0]).isInstanceOf(CancelledException.class);
        assertThat(((LlmException) thrown[0]).attempts()).hasSize(1);
        assertThat(interrupted[0]).isTrue();
    }

    @Test
    void anOutageDoesNotMultiplyTheTraffic() {
        ScriptedChatModel scripted =
                ScriptedChatModel.builder().otherwise(request -> overloaded()).build();
        ChatModel model = retries().budget(0.1, 5).build().around(scripted);
        for (int i = 0; i < 1000; i++) {
            assertThatThrownBy(() -> model.chat(ChatRequest.of("Why?"))).isInstanceOf(OverloadedException.class);
        }
        assertThat(scripted.requests().size()).isBetween(1100, 1105);
    }

    @Test
    void embeddingsAndRerankersAreTriedAgain() {
        Retries retries = retries().build();
        Layers flaky = Layers.of(retries, FaultPlan.first(2, Fault.reset()));
        EmbeddingResponse vectors = flaky.around(FakeEmbeddingModel.create()).embed(EmbeddingRequest.query("x y"));
        assertThat(vectors.vectors()).hasSize(1);
        tellsThree(vectors.attempts());
        assertThat(vectors.usage())
                .as("what a reset used is taken to be as much")
                .isEqualTo(estimated(6));
        Layers again = Layers.of(retries, FaultPlan.first(2, Fault.reset()));
        RerankResponse ranks = again.around(FakeReranker.create()).rerank(RerankRequest.of("x", List.of("x", "y"), 1));
        assertThat(ranks.ranked()).hasSize(1);
        tellsThree(ranks.attempts());
    }

    private static void tellsThree(List<Attempt> attempts) {
        assertThat(attempts).extracting(Attempt::error).containsExactly("transport", "transport", null);
        assertThat(attempts)
                .extracting(Attempt::why)
                .containsExactly("first attempt", "retry after transport", "retry after transport");
    }

    private static Usage estimated(int input) {
        return Usage.of(input, 0).toBuilder().source(Usage.Source.ESTIMATED).build();
    }

    @Test
    void vectorsAndRanksThatCameAtOncePassUntouched() {
        EmbeddingResponse vectors = FakeEmbeddingModel.create().embed(EmbeddingRequest.query("x"));
        EmbeddingModel model = new ForwardingEmbeddingModel(FakeEmbeddingModel.create()) {
            @Override
            public EmbeddingResponse embed(EmbeddingRequest request) {
                return vectors;
            }
        };
        assertThat(retries().build().around(model).embed(EmbeddingRequest.query("x")))
                .isSameAs(vectors);
        RerankRequest request = RerankRequest.of("x", List.of("x"), 1);
        assertThat(retries()
                        .build()
                        .around(FakeReranker.create())
                        .rerank(request)
                        .attempts())
                .isEmpty();
    }

    @Test
    void ofManyTextsOnlyTheRestIsAskedForAgain() {
        List<List<String>> asked = new ArrayList<>();
        FakeEmbeddingModel fake = FakeEmbeddingModel.create();
        EmbeddingModel twoAtATime = new ForwardingEmbeddingModel(fake) {
            @Override
            public EmbeddingResponse embed(EmbeddingRequest request) {
                asked.add(request.texts());
                if (request.texts().size() <= 2) {
                    return fake.embed(request);
                }
                EmbeddingResponse done = fake.embed(
                        request.toBuilder().texts(request.texts().subList(0, 2)).build());
                throw new IncompleteEmbeddingException(
                        request, List.of(0, 1), done, new TransportException("connection: reset"));
            }
        };
        List<String> texts = List.of("a", "b", "c", "d", "e");
        EmbeddingResponse whole = retries().build().around(twoAtATime).embed(EmbeddingRequest.documents(texts));
        assertThat(asked).containsExactly(texts, List.of("c", "d", "e"), List.of("e"));
        assertThat(whole.vectors()).usingRecursiveComparison().isEqualTo(fake.embedDocuments(texts));
        assertThat(whole.attempts())
                .extracting(attempt -> attempt.usage().input().orElseThrow())
                .containsExactly(2L, 2L, 1L);
        assertThat(whole.usage())
                .isEqualTo(fake.embed(EmbeddingRequest.documents(texts)).usage());
    }

    @Test
    void attemptsAtManyTextsCountWhatEachOfThemUsed() {
        FakeEmbeddingModel fake = FakeEmbeddingModel.create();
        EmbeddingModel oneAtATime = new ForwardingEmbeddingModel(fake) {
            @Override
            public EmbeddingResponse embed(EmbeddingRequest request) {
                EmbeddingResponse done = fake.embed(
                        request.toBuilder().texts(request.texts().subList(0, 1)).build());
                throw new IncompleteEmbeddingException(
                        request, List.of(0), done, new TransportException("connection: reset"));
            }
        };
        EmbeddingModel model = retries().maxAttempts(3).build().around(oneAtATime);
        EmbeddingRequest request = EmbeddingRequest.documents(List.of("a", "b b", "c c c", "d", "e"));
        IncompleteEmbeddingException failure =
                catchThrowableOfType(IncompleteEmbeddingException.class, () -> model.embed(request));
        assertThat(failure.positions()).containsExactly(0, 1, 2);
        assertThat(failure.attempts())
                .extracting(attempt -> attempt.usage().input().orElseThrow())
                .containsExactly(1L, 2L, 3L);
        assertThat(failure.partialUsage()).isEqualTo(failure.done().usage());
        assertThat(failure.attempts().stream().map(Attempt::usage).reduce(Usage.NONE, Usage::plus))
                .isEqualTo(failure.done().usage());
    }

    static Stream<Function<ChatModel, ChatResponse>> bothWays() {
        ChatRequest request = ChatRequest.of("Why?");
        return Stream.of(
                model -> model.chat(request), model -> model.stream(request).response());
    }
}
