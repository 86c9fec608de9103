package dev.plinth.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.chat.AbstractChatStream;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.ForwardingChatModel;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.api.context.Principal;
import dev.plinth.api.context.PromptRef;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.error.DeniedException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.layer.Layer;
import dev.plinth.api.layer.Layers;
import dev.plinth.api.layer.Platform;
import dev.plinth.api.layer.Stage;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.retrieval.Retrieval;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.retrieval.Retriever;
import dev.plinth.api.testkit.FakeEmbeddingModel;
import dev.plinth.api.testkit.FakeReranker;
import dev.plinth.api.testkit.Reply;
import dev.plinth.api.testkit.ScriptedChatModel;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.api.tool.Tool;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Currency;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KillSwitchTest {

    private static final CallContext SEARCH = CallContext.builder()
            .principal(new Principal("shop", "search", null))
            .useCase("find")
            .prompt(new PromptRef("triage", "3"))
            .build();

    private final TestTime time = TestTime.manual();
    private final KillSwitch killSwitch = KillSwitch.create(time);

    @Test
    void standsAtTheDoor() {
        assertThat(killSwitch.stage()).isEqualTo(Stage.ADMIT);
    }

    @Test
    void refusesWhatIsStoppedBeforeAnyCall() {
        for (Stoppable what : List.of(
                Stoppable.everything(),
                Stoppable.team("search"),
                Stoppable.useCase("find"),
                Stoppable.prompt("triage"),
                Stoppable.prompt("triage", "3"),
                Stoppable.provider("openai"),
                Stoppable.model("openai", "gpt-5"))) {
            ScriptedChatModel model = gpt5("Hello.", "Hello.");
            ChatModel switched = killSwitch.around(model);
            killSwitch.stop(what, "leaks addresses", "security");
            DeniedException refused = denied(() -> switched.chat(hello(SEARCH)));
            assertThat(refused)
                    .hasMessageStartingWith("call: " + what + " is stopped since 2026-01-01T00:00:00Z, leaks addresses"
                            + " (expected: a call of what is not stopped) (rule: kill-switch, owner: security)");
            assertThat(refused.rule()).isEqualTo("kill-switch");
            assertThat(refused.owner()).isEqualTo("security");
            assertThat(refused.partialUsage()).isEqualTo(Usage.NONE);
            denied(() -> switched.stream(hello(SEARCH)));
            assertThat(model.requests()).isEmpty();
            killSwitch.resume(what);
            assertThat(switched.chat(hello(SEARCH)).text()).isEqualTo("Hello.");
            assertThat(switched.stream(hello(SEARCH)).response().text()).isEqualTo("Hello.");
        }
    }

    @Test
    void letsThroughWhatIsNotStopped() {
        killSwitch.stop(Stoppable.team("billing"), "broken", "me");
        killSwitch.stop(Stoppable.useCase("search"), "broken", "me");
        killSwitch.stop(Stoppable.prompt("triage", "2"), "broken", "me");
        killSwitch.stop(Stoppable.prompt("find"), "broken", "me");
        killSwitch.stop(Stoppable.model("openai", "gpt-5-mini"), "broken", "me");
        killSwitch.stop(Stoppable.model("other", "gpt-5"), "broken", "me");
        ChatModel switched = killSwitch.around(gpt5("Hello.", "Hello."));
        assertThat(switched.chat(hello(SEARCH)).text()).isEqualTo("Hello.");
        assertThat(switched.chat(hello(CallContext.EMPTY)).text()).isEqualTo("Hello.");
    }

    @Test
    void aNameIsTheSameInEveryUnicodeForm() {
        killSwitch.stop(Stoppable.team("E\u0301quipe \uD83D\uDE80"), "broken", "me"); // E and an accent
        CallContext composed = CallContext.builder()
                .principal(new Principal("app", "\u00C9quipe \uD83D\uDE80", null))
                .build();
        denied(() -> killSwitch.around(gpt5("Hello.")).chat(hello(composed)));
        assertThat(killSwitch.status().stops().get(0).what()).hasToString("team \u00C9quipe \uD83D\uDE80");
    }

    @Test
    void aModelNamedInTheRequestIsStoppedToo() {
        killSwitch.stop(Stoppable.model("openai", "gpt-5-mini"), "broken", "me");
        ChatModel switched = killSwitch.around(gpt5("Hello."));
        ChatRequest mini = hello(SEARCH).toBuilder().model("gpt-5-mini").build();
        DeniedException refused = denied(() -> switched.chat(mini));
        assertThat(refused.details().provider()).contains("openai");
        assertThat(refused.details().model()).contains("gpt-5-mini");
        assertThat(switched.chat(hello(SEARCH)).text()).isEqualTo("Hello.");
    }

    @Test
    void aliasesDoNotHideAStoppedModel(@TempDir Path directory) {
        Layer catalogue = Catalogues.load(directory, Catalogues.FULL).layer();
        killSwitch.stop(Stoppable.model("openai", "gpt-5-mini"), "broken", "me");
        ChatRequest fast = hello(SEARCH).toBuilder().model("fast").build();
        for (Layers layers : List.of(Layers.of(killSwitch, catalogue), Layers.of(catalogue, killSwitch))) {
            ScriptedChatModel model = gpt5();
            denied(() -> layers.around(model).chat(fast));
            denied(() -> layers.around(model).stream(fast));
            assertThat(model.requests()).isEmpty();
        }
    }

    @Test
    void aRouterGoesOnWithTheNextModel() {
        ScriptedChatModel stopped = gpt5();
        ScriptedChatModel next = model("mistral_ai", "mistral-large", Reply.text("Hello."), Reply.text("Hello."));
        ChatModel routed = Layers.of(killSwitch).around(new FakeRouter(stopped, next));
        killSwitch.stop(Stoppable.provider("openai"), "broken", "me");
        ChatResponse response = routed.chat(hello(SEARCH));
        assertThat(response.degraded()).isTrue();
        assertThat(routed.stream(hello(SEARCH)).response().text()).isEqualTo("Hello.");
        killSwitch.stop(Stoppable.provider("mistral_ai"), "broken, too", "me");
        denied(() -> routed.chat(hello(SEARCH)));
        assertThat(stopped.requests()).isEmpty();
    }

    @Test
    void whereAFailedAttemptWentDoesNotMatter() {
        Reply broken = Reply.error(() -> {
            killSwitch.stop(Stoppable.provider("openai"), "overloaded", "me");
            return new OverloadedException("busy");
        });
        ChatModel routed = killSwitch.around(
                new FakeRouter(model("openai", "gpt-5", broken), model("mistral_ai", "large", Reply.text("Hello."))));
        assertThat(routed.chat(hello(SEARCH)).text()).isEqualTo("Hello.");
    }

    @Test
    void anAnswerThatComesTooLateIsWithheld() {
        Cost cost = new Cost(BigDecimal.ONE, Currency.getInstance("EUR"), LocalDate.of(2026, 1, 1));
        ScriptedChatModel model = ScriptedChatModel.builder()
                .info(ModelInfo.local("openai", "gpt-5"))
                .otherwise(request -> {
                    time.advance(Duration.ofSeconds(3));
                    killSwitch.stop(Stoppable.team("search"), "broken", "me");
                    return Reply.of(ChatResponse.of("Too late.").toBuilder()
                            .usage(Usage.of(7, 3))
                            .cost(cost)
                            .build());
                })
                .build();
        Platform platform =
                Platform.builder().chat("m", model).layer(killSwitch).build();
        try (Interaction interaction = Interaction.start("ask", SEARCH)) {
            DeniedException denied = denied(() -> platform.chat("m").chat(hello(interaction.context())));
            assertThat(denied.partialUsage()).isEqualTo(Usage.of(7, 3));
            assertThat(denied.partialText()).isEmpty();
            assertThat(denied.attempts()).singleElement().satisfies(attempt -> {
                assertThat(attempt.model()).isEqualTo("gpt-5");
                assertThat(attempt.duration()).isEqualTo(Duration.ofSeconds(3));
                assertThat(attempt.cost()).isEqualTo(cost);
            });
            assertThat(interaction.usage()).isEqualTo(Usage.of(7, 3));
            assertThat(interaction.cost()).contains(cost);
        }
    }

    @Test
    void aRunningStreamEndsAtItsNextEvent() {
        ScriptedChatModel model =
                model("openai", "gpt-5", Reply.text("One two three.").cut("One ", "two ", "three."));
        ChatStream stream = killSwitch.around(model).stream(hello(SEARCH));
        assertThat(stream.iterator().next()).isNotNull();
        killSwitch.stop(Stoppable.useCase("find"), "broken", "me");
        DeniedException denied = denied(stream::response);
        assertThat(denied.partialText()).isEqualTo("One ");
        assertThat(model.openStreams()).isZero();
        assertThatThrownBy(stream::response).isSameAs(denied);
    }

    @Test
    void theWholeAnswerOfAStoppedStreamIsWithheld() {
        Usage usage = Usage.of(5, 2);
        ScriptedChatModel inner = model("openai", "gpt-5", Reply.text("One").usage(usage));
        ChatModel stopping = new ForwardingChatModel(inner) {
            @Override
            public ChatStream stream(ChatRequest request) {
                ChatResponse whole = next().stream(request).response();
                killSwitch.stop(Stoppable.everything(), "broken", "me");
                return ChatStream.replay(whole);
            }
        };
        denied(() -> killSwitch.around(stopping).stream(hello(SEARCH)).response());
        killSwitch.resume(Stoppable.everything());
        ChatStream stream =
                killSwitch.around(model("openai", "gpt-5", Reply.text("One").usage(usage))).stream(hello(SEARCH));
        stream.iterator().next();
        killSwitch.stop(Stoppable.everything(), "broken", "me");
        assertThat(denied(stream::response).partialText()).isEqualTo("One");
    }

    @Test
    void aSilentStreamIsEndedByWhoeverThrowsTheSwitch() throws Exception {
        ScriptedChatModel model = ScriptedChatModel.builder()
                .info(ModelInfo.local("openai", "gpt-5"))
                .time(time)
                .reply(Reply.text("One two").cut("One ", "two").stallingAfter(1))
                .build();
        ChatStream stream = killSwitch.around(model).stream(hello(SEARCH));
        Throwable[] thrown = new Throwable[1];
        Thread reader = new Thread(() -> {
            try {
                stream.response();
            } catch (DeniedException denied) {
                thrown[0] = denied;
            }
        });
        reader.start();
        time.awaitSleepers(1);
        killSwitch.stop(Stoppable.prompt("triage", "3"), "broken", "me");
        reader.join();
        assertThat(thrown[0])
                .isInstanceOfSatisfying(
                        DeniedException.class,
                        denied -> assertThat(denied.partialText()).isEqualTo("One "));
        assertThat(model.openStreams()).isZero();
    }

    @Test
    void aRoutersStreamEndsWithTheModelItWasSentTo() {
        ScriptedChatModel five = model("openai", "gpt-5", Reply.text("One two").cut("One ", "two"));
        ScriptedChatModel other = model("mistral_ai", "large");
        ChatStream stream = killSwitch.around(new FakeRouter(five, other)).stream(hello(SEARCH));
        stream.iterator().next();
        killSwitch.stop(Stoppable.provider("mistral_ai"), "broken", "me");
        stream.iterator().next();
        killSwitch.stop(Stoppable.provider("openai"), "broken", "me");
        denied(stream::response);
        assertThat(five.openStreams()).isZero();
    }

    @Test
    void aStreamThatCannotBeClosedKeepsNoOtherFromEnding() {
        ChatModel stuck = new ForwardingChatModel(gpt5()) {
            @Override
            public ChatStream stream(ChatRequest request) {
                return new AbstractChatStream() {
                    @Override
                    protected StreamEvent advance() {
                        return new StreamEvent.TextDelta("more");
                    }

                    @Override
                    protected void release() {
                        throw new IllegalStateException("stuck");
                    }
                };
            }
        };
        ScriptedChatModel healthy = model("openai", "gpt-5", Reply.stall(), Reply.stall());
        List<ChatStream> streams = List.of(
                killSwitch.around(healthy).stream(hello(SEARCH)),
                killSwitch.around(stuck).stream(hello(SEARCH)),
                killSwitch.around(healthy).stream(hello(SEARCH)));
        killSwitch.stop(Stoppable.everything(), "broken", "me");
        assertThat(healthy.openStreams()).isZero();
        streams.forEach(stream -> denied(stream::response));
        assertThat(denied(streams.get(1)::response).getSuppressed())
                .singleElement()
                .satisfies(failure -> assertThat(failure).hasMessage("stuck"));
    }

    @Test
    void embeddingsRerankersRetrieversAndToolsAreStopped() {
        EmbeddingModel embedding = killSwitch.around(FakeEmbeddingModel.create());
        ModelInfo fake = embedding.info();
        EmbeddingRequest texts = EmbeddingRequest.query("a");
        RerankRequest rerank = RerankRequest.of("a", List.of("a", "b"), 1);
        RetrievalRequest question = RetrievalRequest.of("a", 1);
        Retriever retriever = killSwitch.around(new Retriever() {
            @Override
            public Retrieval retrieve(RetrievalRequest request) {
                return new Retrieval(request.query(), List.of());
            }

            @Override
            public String name() {
                return "docs";
            }
        });
        Tool tool = killSwitch.around(new Tool() {
            @Override
            public ToolSpec spec() {
                return new ToolSpec("t", "", "{}");
            }

            @Override
            public ToolResult call(ToolCall call, CallContext context) {
                return call.result("done");
            }
        });
        List<Runnable> calls = List.of(
                () -> embedding.embed(texts),
                () -> killSwitch.around(FakeReranker.create()).rerank(rerank),
                () -> retriever.retrieve(question),
                () -> tool.call(new ToolCall("1", "t", "{}"), CallContext.current()));
        for (Stoppable what : List.of(Stoppable.everything(), Stoppable.team("search"), Stoppable.useCase("find"))) {
            killSwitch.stop(what, "broken", "me");
            calls.forEach(call -> denied(() -> SEARCH.run(call)));
            killSwitch.resume(what);
            calls.forEach(SEARCH::run);
        }
        killSwitch.stop(Stoppable.model(fake.provider(), fake.model()), "broken", "me");
        denied(calls.get(0)::run);
        calls.get(1).run();
        killSwitch.stop(Stoppable.model("fake", "fake-reranker"), "broken", "me");
        denied(calls.get(1)::run);
    }

    @Test
    void whatAToolDidIsWithheldWhenItWasStoppedMeanwhile() {
        Tool tool = killSwitch.around(new Tool() {
            @Override
            public ToolSpec spec() {
                return new ToolSpec("t", "", "{}");
            }

            @Override
            public ToolResult call(ToolCall call, CallContext context) {
                killSwitch.stop(Stoppable.team("search"), "broken", "me");
                return call.result("done");
            }
        });
        DeniedException denied = denied(() -> tool.call(new ToolCall("1", "t", "{}"), SEARCH));
        assertThat(denied.attempts()).isEmpty();
        assertThat(denied.partialUsage()).isEqualTo(Usage.NONE);
    }

    @Test
    void callsWithinCallsAreCallsOfTheirOwn() {
        KillSwitch outer = KillSwitch.create(time);
        ChatModel judge = Layers.of(outer, killSwitch)
                .around(new FakeRouter(model("openai", "judge", Reply.text("Fine."), Reply.text("Fine."))));
        ChatModel judged =
                new ForwardingChatModel(
                        new FakeRouter(model("openai", "gpt-5", Reply.text("One"), Reply.text("One")))) {
                    @Override
                    public ChatResponse chat(ChatRequest request) {
                        judge.chat(ChatRequest.builder()
                                .user("Is it?")
                                .context(request.context())
                                .build());
                        killSwitch.stop(Stoppable.model("openai", "judge"), "no longer needed", "me");
                        return next().chat(request);
                    }
                };
        ChatModel both = Layers.of(outer, killSwitch).around(judged);
        assertThat(both.chat(hello(SEARCH)).text()).isEqualTo("One");
        denied(() -> both.chat(hello(SEARCH)));
        killSwitch.resume(Stoppable.model("openai", "judge"));
        outer.stop(Stoppable.model("openai", "judge"), "broken", "me");
        denied(() -> both.chat(hello(SEARCH)));
    }

    @Test
    void saysWhatIsStopped() {
        assertThat(killSwitch.status()).isEqualTo(new KillSwitch.Status(List.of(), null, null));
        killSwitch.stop(Stoppable.team("search"), "broken", "me");
        time.advance(Duration.ofMinutes(1));
        killSwitch.stop(Stoppable.team("search"), "still broken", "you");
        killSwitch.resume(Stoppable.everything());
        assertThat(killSwitch.status().stops())
                .containsExactly(new Stop(
                        Stoppable.team("search"), "still broken", "you", TestTime.START.plus(Duration.ofMinutes(1))));
    }

    @Test
    void refusesStopsThatSayNothing() {
        assertThatIllegalArgumentException().isThrownBy(() -> Stoppable.team(" "));
        assertThatIllegalArgumentException().isThrownBy(() -> Stoppable.model("openai", ""));
        assertThatIllegalArgumentException().isThrownBy(() -> killSwitch.stop(Stoppable.everything(), "", "me"));
        assertThatIllegalArgumentException().isThrownBy(() -> killSwitch.stop(Stoppable.everything(), "why", " "));
        assertThat(killSwitch.status().stops()).isEmpty();
    }

    private static DeniedException denied(Runnable call) {
        DeniedException denied = catchThrowableOfType(DeniedException.class, call::run);
        assertThat(denied).isNotNull();
        assertThat(denied.rule()).isEqualTo("kill-switch");
        return denied;
    }

    private static ChatRequest hello(CallContext context) {
        return ChatRequest.builder().user("Hello").context(context).build();
    }

    private static ScriptedChatModel gpt5(String... answers) {
        return model(
                "openai", "gpt-5", List.of(answers).stream().map(Reply::text).toArray(Reply[]::new));
    }

    private static ScriptedChatModel model(String provider, String name, Reply... replies) {
        return ScriptedChatModel.builder()
                .info(ModelInfo.local(provider, name))
                .reply(replies)
                .build();
    }
}
