package dev.plinth.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Principal;
import dev.plinth.api.context.PromptRef;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.ForwardingEmbeddingModel;
import dev.plinth.api.error.DeniedException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.layer.Admission;
import dev.plinth.api.layer.Layers;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.testkit.FakeEmbeddingModel;
import dev.plinth.api.testkit.Reply;
import dev.plinth.api.testkit.ScriptedChatModel;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Usage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What those see who send a call again, elsewhere or later, once it is stopped. */
class KillSwitchRunningCallTest {

    private static final ModelInfo GPT5 = ModelInfo.local("openai", "gpt-5");
    private static final ModelInfo LARGE = ModelInfo.local("mistral_ai", "large");

    private static final CallContext SEARCH = CallContext.builder()
            .principal(new Principal("shop", "search", null))
            .useCase("find")
            .prompt(new PromptRef("triage", "3"))
            .build();

    private static final List<Stoppable> WHAT_IT_IS_FOR = List.of(
            Stoppable.everything(),
            Stoppable.team("search"),
            Stoppable.useCase("find"),
            Stoppable.prompt("triage"),
            Stoppable.prompt("triage", "3"));

    private final KillSwitch killSwitch = KillSwitch.create(TestTime.manual());

    @Test
    void aStoppedCallMayNotBeSentAgain() {
        for (Stoppable what : WHAT_IT_IS_FOR) {
            during(SEARCH, context -> {
                mayGo(GPT5, context);
                mayGo(LARGE, context);
                killSwitch.stop(what, "broken", "me");
                mayNotGo(GPT5, context, what);
                mayNotGo(LARGE, context, what);
                killSwitch.resume(what);
                mayGo(GPT5, context);
            });
        }
    }

    @Test
    void norToAModelThatWasStoppedMeanwhile() {
        for (Stoppable what : List.of(Stoppable.provider("openai"), Stoppable.model("openai", "gpt-5"))) {
            during(SEARCH, context -> {
                killSwitch.stop(what, "broken", "me");
                mayNotGo(GPT5, context, what);
                mayGo(LARGE, context);
                killSwitch.resume(what);
            });
        }
    }

    @Test
    void aModelIsKnownByItsRealName(@TempDir Path directory) {
        Layers layers = Layers.of(
                killSwitch, Catalogues.load(directory, Catalogues.FULL).layer());
        Stoppable mini = Stoppable.model("openai", "gpt-5-mini");
        ChatModel model = layers.around(model(request -> {
            ModelInfo asked = ModelInfo.local("openai", request.model().orElseThrow());
            mayGo(asked, request.context());
            killSwitch.stop(mini, "broken", "me");
            mayNotGo(asked, request.context(), mini);
            killSwitch.resume(mini);
        }));
        ChatRequest fast = hello(SEARCH).toBuilder().model("fast").build();
        assertThat(model.chat(fast).text()).isEqualTo("Hello.");
    }

    @Test
    void aStoppedCallDoesNotFallBack() {
        for (Stoppable what : WHAT_IT_IS_FOR) {
            ScriptedChatModel first = model(request -> {
                killSwitch.stop(what, "broken", "me");
                throw new OverloadedException("busy");
            });
            ScriptedChatModel second = large();
            ChatModel routed = killSwitch.around(new FakeRouter(first, second));
            assertThatExceptionOfType(DeniedException.class).isThrownBy(() -> routed.chat(hello(SEARCH)));
            assertThat(second.requests()).isEmpty();
            killSwitch.resume(what);
        }
    }

    @Test
    void askingDoesNotMakeTheCallGoThere() {
        ChatResponse response = during(SEARCH, context -> {
            assertThat(Admission.refusal(LARGE, context)).isEmpty();
            killSwitch.stop(Stoppable.provider("mistral_ai"), "broken", "me");
        });
        assertThat(response.text()).isEqualTo("Hello.");
        assertThatExceptionOfType(DeniedException.class)
                .as("unlike going there")
                .isThrownBy(() -> during(SEARCH, context -> {
                    killSwitch.resume(Stoppable.provider("mistral_ai"));
                    Admission.require(LARGE, context);
                    killSwitch.stop(Stoppable.provider("mistral_ai"), "broken", "me");
                }));
    }

    @Test
    void aCopyThatCarriesNothingButTheRulesIsStoppedLikeTheCall() {
        CallContext[] copies = new CallContext[1];
        during(
                SEARCH,
                context -> copies[0] = SEARCH.toBuilder()
                        .attachment(
                                Admission.class,
                                context.attachment(Admission.class).orElseThrow())
                        .build());
        CallContext copy = copies[0];
        mayGo(GPT5, copy);
        for (Stoppable what : WHAT_IT_IS_FOR) {
            killSwitch.stop(what, "broken", "me");
            mayNotGo(GPT5, copy, what);
            killSwitch.resume(what);
        }
        killSwitch.stop(Stoppable.provider("openai"), "broken", "me");
        mayNotGo(GPT5, copy, Stoppable.provider("openai"));
        mayGo(LARGE, copy);
        assertThat(killSwitch
                        .around(new FakeRouter(model(request -> {}), large()))
                        .chat(hello(copy))
                        .text())
                .isEqualTo("Elsewhere.");
    }

    @Test
    void aCallWithinIsJudgedByItsOwnContext() {
        during(SEARCH, context -> {
            CallContext judge =
                    context.toBuilder().prompt(new PromptRef("judge", "1")).build();
            killSwitch.stop(Stoppable.prompt("judge"), "broken", "me");
            mayNotGo(GPT5, judge, Stoppable.prompt("judge"));
            mayGo(GPT5, context);
        });
    }

    @Test
    void embeddingsCarryTheRuleToo() {
        FakeEmbeddingModel fake = FakeEmbeddingModel.create();
        EmbeddingRequest request =
                EmbeddingRequest.query("a").toBuilder().context(SEARCH).build();
        killSwitch
                .around(new ForwardingEmbeddingModel(fake) {
                    @Override
                    public EmbeddingResponse embed(EmbeddingRequest within) {
                        mayGo(fake.info(), within.context());
                        killSwitch.stop(Stoppable.team("search"), "broken", "me");
                        mayNotGo(fake.info(), within.context(), Stoppable.team("search"));
                        killSwitch.resume(Stoppable.team("search"));
                        return next().embed(within);
                    }
                })
                .embed(request);
    }

    @Test
    void vectorsAreJudgedByWhoBroughtThem() {
        List<Attempt> tried = List.of(tried(GPT5, "overloaded", Usage.NONE), tried(LARGE, null, Usage.of(3, 0)));
        EmbeddingResponse answer = new EmbeddingResponse(List.of(new float[] {1}), "e", Usage.of(3, 0), null, tried);
        assertThat(embeddedWhileStopping(Stoppable.provider("openai"), answer)).isSameAs(answer);
        killSwitch.resume(Stoppable.provider("openai"));
        assertThatExceptionOfType(DeniedException.class)
                .isThrownBy(() -> embeddedWhileStopping(Stoppable.provider("mistral_ai"), answer))
                .satisfies(denied -> {
                    assertThat(denied.attempts()).isEqualTo(tried);
                    assertThat(denied.partialUsage()).isEqualTo(Usage.of(3, 0));
                });
    }

    private EmbeddingResponse embeddedWhileStopping(Stoppable what, EmbeddingResponse answer) {
        EmbeddingRequest request =
                EmbeddingRequest.query("a").toBuilder().context(SEARCH).build();
        return killSwitch
                .around(new ForwardingEmbeddingModel(FakeEmbeddingModel.create()) {
                    @Override
                    public EmbeddingResponse embed(EmbeddingRequest within) {
                        mayGo(GPT5, within.context());
                        mayGo(LARGE, within.context());
                        killSwitch.stop(what, "broken", "me");
                        return answer;
                    }
                })
                .embed(request);
    }

    private static Attempt tried(ModelInfo model, String error, Usage usage) {
        return new Attempt(
                null, model.provider(), model.model(), "why", Instant.EPOCH, Duration.ZERO, error, usage, null);
    }

    /** A call to a plain model behind the switch, with what happens while it runs. */
    private ChatResponse during(CallContext context, Consumer<CallContext> meanwhile) {
        return killSwitch
                .around(model(request -> meanwhile.accept(request.context())))
                .chat(hello(context));
    }

    private static ScriptedChatModel model(Consumer<ChatRequest> meanwhile) {
        return ScriptedChatModel.builder()
                .info(GPT5)
                .otherwise(request -> {
                    meanwhile.accept(request);
                    return Reply.text("Hello.");
                })
                .build();
    }

    private static ScriptedChatModel large() {
        return ScriptedChatModel.builder()
                .info(LARGE)
                .reply(Reply.text("Elsewhere."))
                .build();
    }

    private static ChatRequest hello(CallContext context) {
        return ChatRequest.builder().user("Hello").context(context).build();
    }

    private static void mayGo(ModelInfo target, CallContext context) {
        assertThat(Admission.refusal(target, context)).isEmpty();
        assertThatCode(() -> Admission.require(target, context)).doesNotThrowAnyException();
    }

    private static void mayNotGo(ModelInfo target, CallContext context, Stoppable what) {
        assertThat(Admission.refusal(target, context).orElseThrow())
                .hasMessageStartingWith("call: " + what + " is stopped");
        assertThatExceptionOfType(DeniedException.class)
                .isThrownBy(() -> Admission.require(target, context))
                .withMessageStartingWith("call: " + what + " is stopped");
    }
}
