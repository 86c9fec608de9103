package dev.plinth.providers.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.api.error.DeniedException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.layer.Admission;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.testkit.Reply;
import dev.plinth.api.testkit.ScriptedChatModel;
import dev.plinth.api.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ShadowTest {

    private final List<ShadowAnswer> seen = new ArrayList<>();
    private final List<Runnable> waiting = new ArrayList<>();

    private static ScriptedChatModel model(String name, Reply reply) {
        return ScriptedChatModel.builder()
                .info(ModelInfo.local("vendor", name))
                .otherwise(request -> reply)
                .build();
    }

    private Router router(ScriptedChatModel shadow, double percent, Executor executor) {
        return Router.builder()
                .deployment(Deployment.of("live", model("live", Reply.text("from live"))))
                .shadow(new Shadow(Deployment.of("next", shadow), percent, executor, seen::add))
                .build();
    }

    static Stream<Function<Router, ChatResponse>> bothWays() {
        ChatRequest request = ChatRequest.of("Why?");
        return Stream.of(
                router -> router.chat(request), router -> router.stream(request).response());
    }

    @ParameterizedTest
    @MethodSource("bothWays")
    void theCopyRunsAfterTheAnswerAndReachesTheSinkOnly(Function<Router, ChatResponse> ask) {
        ScriptedChatModel shadow = model("next", Reply.text("from next"));
        ChatResponse response = ask.apply(router(shadow, 100, waiting::add));
        assertThat(response.text()).isEqualTo("from live");
        assertThat(response.attempts()).hasSize(1);
        assertThat(shadow.requests()).as("before the executor runs it").isEmpty();
        waiting.forEach(Runnable::run);
        assertThat(seen).singleElement().satisfies(answer -> {
            assertThat(answer.live()).isEqualTo(response);
            assertThat(answer.answer().text()).isEqualTo("from next");
            assertThat(answer.deployment().name()).isEqualTo("next");
            assertThat(answer.failure()).isNull();
        });
    }

    @Test
    void theCopyIsNobodysToWaitFor() {
        ScriptedChatModel shadow = model("next", Reply.text("from next"));
        Router router = router(shadow, 100, Runnable::run);
        CallContext context = CallContext.builder()
                .deadline(Deadline.after(Duration.ofMinutes(1)))
                .tag("page", "start")
                .useCase("support")
                .build();
        try (Interaction interaction = Interaction.start("ask", context)) {
            router.chat(ChatRequest.builder()
                    .user("Why?")
                    .context(interaction.context())
                    .build());
        }
        CallContext copied = shadow.requests().get(0).context();
        assertThat(copied.deadline()).isEmpty();
        assertThat(copied.interaction()).isEmpty();
        assertThat(copied.useCase()).hasValue("support");
        assertThat(copied.tags()).containsEntry("shadow", "true").containsEntry("page", "start");
    }

    @Test
    void aFailureOfTheCopyIsTheSinksAlone() {
        Router router =
                router(model("next", Reply.error(() -> new OverloadedException("server: busy"))), 100, Runnable::run);
        assertThat(router.chat(ChatRequest.of("Why?")).text()).isEqualTo("from live");
        assertThat(seen)
                .singleElement()
                .satisfies(answer -> assertThat(answer.failure()).isInstanceOf(OverloadedException.class));
    }

    @Test
    void aCopyThatNobodyTakesIsTold() {
        Router router = router(model("next", Reply.text("from next")), 100, task -> {
            throw new RejectedExecutionException("full");
        });
        assertThat(router.chat(ChatRequest.of("Why?")).text()).isEqualTo("from live");
        assertThat(seen)
                .singleElement()
                .satisfies(answer ->
                        assertThat(answer.failure()).hasMessage("executor: full (expected: room for a copy)"));
    }

    @Test
    void policyHoldsForTheCopy() {
        ScriptedChatModel shadow = model("next", Reply.text("from next"));
        CallContext context = Admission.add(
                (target, asked) -> {
                    if (target.model().equals("next")) {
                        throw new DeniedException("no-next", "owner", "model: next", ErrorDetails.NONE);
                    }
                },
                CallContext.EMPTY);
        router(shadow, 100, Runnable::run)
                .chat(ChatRequest.builder().user("Why?").context(context).build());
        assertThat(shadow.requests()).isEmpty();
        assertThat(seen)
                .singleElement()
                .satisfies(answer -> assertThat(answer.failure()).isInstanceOf(DeniedException.class));
    }

    @Test
    void aCallThatIsBoundToARegionIsNotCopiedElsewhere() {
        ScriptedChatModel shadow = model("next", Reply.text("from next"));
        Router router = Router.builder()
                .deployment(Deployment.builder("live", model("live", Reply.text("from live")))
                        .region("eu")
                        .build())
                .shadow(new Shadow(
                        Deployment.builder("next", shadow).region("us").build(), 100, Runnable::run, seen::add))
                .build();
        CallContext european = CallContext.builder().tag("region", "eu").build();
        router.chat(ChatRequest.builder().user("Why?").context(european).build());
        assertThat(shadow.requests()).isEmpty();
        assertThat(seen).isEmpty();
        router.chat(ChatRequest.of("Why?"));
        assertThat(seen).hasSize(1);
    }

    @Test
    void whatTheSinkThrowsIsNotTheUsers() {
        Router router = Router.builder()
                .deployment(Deployment.of("live", model("live", Reply.text("from live"))))
                .shadow(new Shadow(
                        Deployment.of("next", model("next", Reply.text("x"))),
                        100,
                        task -> {
                            throw new RejectedExecutionException("full");
                        },
                        answer -> {
                            throw new IllegalStateException("sink");
                        }))
                .build();
        assertThat(router.chat(ChatRequest.of("Why?")).text()).isEqualTo("from live");
    }

    @Test
    void aBugOfTheShadowIsToldToo() {
        ScriptedChatModel broken = ScriptedChatModel.builder()
                .info(ModelInfo.local("vendor", "next"))
                .otherwise(request -> {
                    throw new IllegalStateException("bug");
                })
                .build();
        router(broken, 100, Runnable::run).chat(ChatRequest.of("Why?"));
        assertThat(seen)
                .singleElement()
                .satisfies(answer -> assertThat(answer.failure()).isInstanceOf(IllegalStateException.class));
    }

    @Test
    void aShareOfTheCallsIsCopied() {
        Router router = router(model("next", Reply.text("from next")), 10, Runnable::run);
        for (int i = 0; i < 2000; i++) {
            router.chat(ChatRequest.of("Why?"));
        }
        assertThat(seen.size()).isBetween(130, 270);
    }

    @Test
    void refusesSharesThatAreNone() {
        Deployment next = Deployment.of("next", model("next", Reply.text("x")));
        assertThatIllegalArgumentException().isThrownBy(() -> new Shadow(next, 0, Runnable::run, seen::add));
        assertThatIllegalArgumentException().isThrownBy(() -> new Shadow(next, 101, Runnable::run, seen::add));
    }
}
