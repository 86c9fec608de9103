package dev.plinth.providers.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.ContentFilteredException;
import dev.plinth.api.error.ContextTooLongException;
import dev.plinth.api.error.InvalidRequestException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.ModelNotFoundException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.error.TransportException;
import dev.plinth.api.layer.Layers;
import dev.plinth.api.testkit.Reply;
import dev.plinth.api.testkit.ScriptedChatModel;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Usage;
import dev.plinth.providers.retry.Retries;
import dev.plinth.providers.route.DeploymentHealth.State;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Where a call goes after a failure. */
class RouterFallbackTest extends RouterFixture {

    static Stream<Supplier<LlmException>> ofTheDeployment() {
        return Stream.of(
                () -> new OverloadedException("server: busy"),
                () -> new RateLimitedException("rate: over"),
                () -> new TransportException("connection: reset"),
                () -> new TimedOutException("timeouts.total: passed"),
                () -> new MalformedResponseException("body: broken"),
                () -> new AuthenticationException("key: wrong"),
                () -> new ModelNotFoundException("model: gone"));
    }

    @ParameterizedTest
    @MethodSource("ofTheDeployment")
    void failuresOfADeploymentGoOnToTheNext(Supplier<LlmException> failure) {
        Router router = router().deployment(Deployment.of("a", model("a", fails(failure))))
                .deployment(Deployment.of("b", model("b", says("from b"))))
                .build();
        for (ChatResponse response : List.of(
                router.chat(ChatRequest.of("Why?")),
                router.stream(ChatRequest.of("Why?")).response())) {
            assertThat(response.text()).isEqualTo("from b");
            assertThat(response.attempts()).extracting(Attempt::deployment).endsWith("b");
            assertThat(response.attempts().get(response.attempts().size() - 1).why())
                    .startsWith(
                            response.attempts().size() == 1
                                    ? "first choice; not a (out of order)"
                                    : "fallback from a: ");
        }
    }

    @Test
    void aRefusedRequestGoesNowhere() {
        ScriptedChatModel b = model("b", says("from b"));
        Router router = router().deployment(
                        Deployment.of("a", model("a", fails(() -> new InvalidRequestException("request: wrong")))))
                .deployment(Deployment.of("b", b))
                .build();
        assertThatThrownBy(() -> router.chat(ChatRequest.of("Why?"))).isInstanceOf(InvalidRequestException.class);
        assertThat(b.requests()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("bothWays")
    void whenNobodyAnswersOneErrorHoldsAll(Function<ChatRequest, Function<ChatModel, ChatResponse>> ask) {
        Router router = router().deployment(Deployment.of("a", model("a", busy())))
                .deployment(Deployment.of("b", model("b", fails(() -> new TransportException("connection: reset")))))
                .deployment(Deployment.of("c", model("c", limited(Duration.ofMinutes(2)))))
                .build();
        OverloadedException failure = catchThrowableOfType(
                OverloadedException.class,
                () -> ask.apply(ChatRequest.of("Why?")).apply(router));
        assertThat(failure)
                .hasMessageStartingWith(
                        "deployments: a overloaded, b transport, c rate_limited" + " (expected: one that answers)");
        assertThat(failure.attempts())
                .extracting(Attempt::deployment, Attempt::error)
                .containsExactly(tuple("a", "overloaded"), tuple("b", "transport"), tuple("c", "rate_limited"));
        assertThat(failure).hasCauseInstanceOf(OverloadedException.class);
        assertThat(failure.getSuppressed()).hasSize(2);
        assertThat(failure.details().retryAfter()).hasValue(Duration.ofMinutes(2));
        assertThat(failure.isRetryable()).isTrue();
    }

    @Test
    void aStreamThatHasBegunNeverSwitches() {
        ScriptedChatModel b = model("b", says("from b"));
        Reply broken = says("from a and on").breakingAfter(2, () -> new TransportException("connection: reset"));
        Router router = router().deployment(Deployment.of("a", model("a", broken)))
                .deployment(Deployment.of("b", b))
                .build();
        ChatStream stream = router.stream(ChatRequest.of("Why?"));
        TransportException failure = catchThrowableOfType(TransportException.class, stream::response);
        assertThat(failure.partialText()).isEqualTo("from a ");
        assertThat(failure.attempts())
                .singleElement()
                .extracting(Attempt::error)
                .isEqualTo("transport");
        assertThat(b.requests()).isEmpty();
    }

    @Test
    void aStreamThatBreaksBeforeItsFirstContentGoesOn() {
        Reply broken = says("from a").breakingAfter(0, () -> new TransportException("connection: reset"));
        Router router = router().deployment(Deployment.of("a", model("a", broken)))
                .deployment(Deployment.of("b", model("b", says("from b"))))
                .build();
        assertThat(router.stream(ChatRequest.of("Why?")).response().text()).isEqualTo("from b");
    }

    @Test
    void afterTheDeadlineNobodyElseIsAsked() {
        ScriptedChatModel b = model("b", says("from b"));
        Router router = router().deployment(Deployment.of("a", model("a", Reply.stall())))
                .deployment(Deployment.of("b", b))
                .build();
        ChatRequest request = asking(CallContext.builder().deadline(Deadline.after(Duration.ofSeconds(2), time)));
        TimedOutException failure = catchThrowableOfType(TimedOutException.class, () -> router.chat(request));
        assertThat(failure.attempts()).hasSize(1);
        assertThat(b.requests()).isEmpty();
    }

    @Test
    void aRequestThatWasTooLongGoesWhereMoreFits() {
        ScriptedChatModel small = model("small", says("no"));
        Router router = router().deployment(Deployment.builder(
                                "a", model("a", fails(() -> new ContextTooLongException("prompt: too long"))))
                        .contextTokens(8_000)
                        .build())
                .deployment(
                        Deployment.builder("small", small).contextTokens(4_000).build())
                .deployment(Deployment.of("unknown", small))
                .deployment(Deployment.builder("long", model("long", says("from long")))
                        .contextTokens(100_000)
                        .build())
                .build();
        ChatResponse response = router.chat(ChatRequest.of("Why?"));
        assertThat(response.text()).isEqualTo("from long");
        assertThat(response.attempts()).last().extracting(Attempt::why).isEqualTo("fallback from a: context_too_long");
        assertThat(small.requests()).isEmpty();
        assertThat(router.health().get(0).state()).isEqualTo(State.CLOSED);
    }

    @Test
    void afterAContentFilterOnlyThoseForThatAreAsked() {
        ScriptedChatModel b = model("b", says("from b"));
        Router router = router().deployment(Deployment.of(
                        "a",
                        model("a", fails(() -> new ContentFilteredException("content: filtered")), says("from a"))))
                .deployment(Deployment.of("b", b))
                .deployment(Deployment.builder("lenient", model("lenient", says("from lenient")))
                        .afterContentFilter()
                        .build())
                .build();
        assertThat(router.chat(ChatRequest.of("Why?")).text()).isEqualTo("from lenient");
        assertThat(router.chat(ChatRequest.of("Why?")).text()).isEqualTo("from a");
        assertThat(b.requests()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("bothWays")
    void aFilterThatSpeaksInGoodOrderGoesOnToo(Function<ChatRequest, Function<ChatModel, ChatResponse>> ask) {
        Reply filtered = Reply.of(ChatResponse.builder()
                .finishReason(FinishReason.CONTENT_FILTER)
                .usage(Usage.of(9, 0))
                .build());
        Router.Builder builder = router().deployment(Deployment.of("a", model("a", filtered)));
        ChatResponse alone = ask.apply(ChatRequest.of("Why?")).apply(builder.build());
        assertThat(alone.finishReason()).isEqualTo(FinishReason.CONTENT_FILTER);
        ScriptedChatModel lenient = model("lenient", says("from lenient"), busy());
        Router router = builder.deployment(Deployment.builder("lenient", lenient)
                        .afterContentFilter()
                        .build())
                .build();
        ChatResponse response = ask.apply(ChatRequest.of("Why?")).apply(router);
        assertThat(response.text()).isEqualTo("from lenient");
        assertThat(response.usage()).isEqualTo(Usage.of(19, 2));
        assertThat(response.attempts()).extracting(Attempt::error).containsExactly("content_filtered", null);
        ChatResponse whenThatFails = ask.apply(ChatRequest.of("Why?")).apply(router);
        assertThat(whenThatFails.finishReason()).as("the filtered answer").isEqualTo(FinishReason.CONTENT_FILTER);
        assertThat(whenThatFails.attempts()).hasSize(2);
        Router refusing = router().deployment(Deployment.of("a", model("a", filtered)))
                .deployment(Deployment.builder(
                                "lenient", model("b", fails(() -> new InvalidRequestException("request: wrong"))))
                        .afterContentFilter()
                        .build())
                .build();
        assertThat(ask.apply(ChatRequest.of("Why?")).apply(refusing).finishReason())
                .as("better than the failure of who was to do better")
                .isEqualTo(FinishReason.CONTENT_FILTER);
    }

    @Test
    void answersAreChecked() {
        ScriptedChatModel empty =
                model("a", Reply.of(ChatResponse.builder().usage(Usage.of(4, 0)).build()));
        ScriptedChatModel wrong = model(
                "b",
                Reply.of(ChatResponse.of("from somebody").toBuilder()
                        .model("other-1")
                        .build()));
        ScriptedChatModel broken = model(
                "c",
                Reply.of(ChatResponse.of("I am").toBuilder()
                        .finishReason(FinishReason.ERROR)
                        .rawFinishReason("engine_error")
                        .build()));
        Router router = router().deployment(Deployment.builder("a", empty)
                        .check(AnswerCheck.notEmpty())
                        .build())
                .deployment(Deployment.builder("b", wrong)
                        .check(AnswerCheck.answeredBy("model-b"))
                        .build())
                .deployment(Deployment.of("c", broken))
                .deployment(Deployment.builder("d", model("d", says("from d")))
                        .check(AnswerCheck.notEmpty())
                        .check(AnswerCheck.answeredBy("model-d"))
                        .build())
                .build();
        ChatResponse response = router.chat(ChatRequest.of("Why?"));
        assertThat(response.text()).isEqualTo("from d");
        assertThat(response.attempts()).hasSize(4);
        assertThat(response.attempts().get(0).usage())
                .as("an empty answer is billed")
                .isEqualTo(Usage.of(4, 0));
        MalformedResponseException failure = catchThrowableOfType(
                MalformedResponseException.class,
                () -> Deployment.builder("b", wrong).check(AnswerCheck.answeredBy("model-b")).build().stream(
                                ChatRequest.of("Why?"))
                        .response());
        assertThat(failure).hasMessageStartingWith("model: other-1 (expected: model-b)");
        assertThat(failure.partialText()).isEqualTo("from somebody");
    }

    @Test
    void onlyTheLastTargetIsTriedAgain() {
        ScriptedChatModel a = model("a", busy());
        ScriptedChatModel b = model("b", busy(), says("from b"));
        ChatModel model = Layers.of(Retries.builder().time(time).build())
                .around(router().deployment(Deployment.of("a", a))
                        .deployment(Deployment.of("b", b))
                        .build());
        ChatResponse response = model.chat(ChatRequest.of("Why?"));
        assertThat(response.text()).isEqualTo("from b");
        assertThat(response.attempts())
                .extracting(Attempt::deployment, Attempt::why)
                .containsExactly(
                        tuple("a", "first choice"),
                        tuple("b", "fallback from a: overloaded"),
                        tuple("b", "retry after overloaded"));
        assertThat(time.sleeps()).hasSize(1);
    }
}
