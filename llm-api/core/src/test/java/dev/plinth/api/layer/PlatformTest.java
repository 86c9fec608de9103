package dev.plinth.api.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.ForwardingChatModel;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.api.context.SubCall;
import dev.plinth.api.context.SubCall.Kind;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.fake.FakeModel;
import dev.plinth.api.fake.FakeTime;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.rerank.RerankResponse;
import dev.plinth.api.rerank.Reranker;
import dev.plinth.api.retrieval.Retrieval;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.retrieval.Retriever;
import dev.plinth.api.tool.Tool;
import dev.plinth.api.tool.ToolLoop;
import dev.plinth.api.usage.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class PlatformTest {
    private static final ChatRequest HELLO = ChatRequest.of("Hello");

    private final FakeTime time = new FakeTime();
    private final Interaction interaction = Interaction.start("ask", CallContext.EMPTY, time);

    private static ChatResponse asking(String... tools) {
        List<ToolCall> calls = new ArrayList<>();
        for (String tool : tools) {
            calls.add(new ToolCall("id-" + calls.size(), tool, "{\"n\":" + calls.size() + "}"));
        }
        return ChatResponse.builder()
                .message(Message.assistant(calls))
                .usage(Usage.of(10, 5))
                .build();
    }

    private static ChatResponse answer(String text) {
        return ChatResponse.of(text).toBuilder()
                .usage(Usage.of(20, 7))
                .model("fake-1-2026")
                .build();
    }

    private static Tool tool(String name, Function<CallContext, String> work) {
        return new Tool() {
            @Override
            public ToolSpec spec() {
                return new ToolSpec(name, "", "{}");
            }

            @Override
            public ToolResult call(ToolCall call, CallContext context) {
                return call.result(work.apply(context));
            }
        };
    }

    private static final EmbeddingModel EMBEDDING = new EmbeddingModel() {
        @Override
        public EmbeddingResponse embed(EmbeddingRequest request) {
            return new EmbeddingResponse(List.of(new float[] {1}), "embed-1", Usage.of(3, 0));
        }

        @Override
        public ModelInfo info() {
            return ModelInfo.local("fake", "embed");
        }

        @Override
        public OptionalInt dimensions() {
            return OptionalInt.of(1);
        }
    };

    private static final Reranker RERANKER = new Reranker() {
        @Override
        public RerankResponse rerank(RerankRequest request) {
            return new RerankResponse(List.of(), "rerank-1", Usage.UNKNOWN);
        }

        @Override
        public ModelInfo info() {
            return ModelInfo.local("fake", "rerank");
        }
    };

    private static Retriever retriever(Platform[] platform) {
        return new Retriever() {
            @Override
            public Retrieval retrieve(RetrievalRequest request) {
                platform[0].embedding("e").embedQuery(request.query());
                platform[0].reranker("r").rerank(RerankRequest.of(request.query(), List.of("x"), 1));
                return new Retrieval(request.query(), List.of());
            }

            @Override
            public String name() {
                return "manual";
            }
        };
    }

    @Test
    void handsOutByAlias() {
        ChatModel one = FakeModel.of("one");
        Platform platform = Platform.builder()
                .chat("support", one)
                .chat("draft", FakeModel.of("two"))
                .tool(tool("clock", context -> "now"))
                .build();
        assertThat(platform.chat("support").chat(HELLO).text()).isEqualTo("one");
        assertThat(platform.chat("draft").stream(HELLO).response().text()).isEqualTo("two");
        assertThat(platform.chat("support").unwrap(FakeModel.class)).containsSame((FakeModel) one);
        assertThat(platform.tool("clock").spec().name()).isEqualTo("clock");
    }

    @Test
    void saysWhichAliasesThereAre() {
        Platform platform = Platform.builder()
                .chat("support", FakeModel.of("x"))
                .chat("draft", FakeModel.of("x"))
                .build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> platform.chat("suport"))
                .withMessage("chat: suport (expected: one of [draft, support])");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> platform.embedding("support"))
                .withMessage("embedding: support (expected: one of [])");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> platform.tool(" "))
                .withMessage("tool: ' ' (expected: not blank)");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Platform.builder().chat("a", FakeModel.of("x")).chat("a", FakeModel.of("y")))
                .withMessage("alias: a (expected: each alias once)");
    }

    @Test
    void recordsNothingWithoutAnInteraction() {
        Platform platform = Platform.builder().chat("m", FakeModel.of("Hi")).build();
        platform.chat("m").chat(HELLO);
        assertThat(interaction.calls()).isEmpty();
    }

    @Test
    void recordsTheCallsOfAnInteractionAsATree() {
        Platform[] platform = new Platform[1];
        Tool lookup = tool("lookup", context -> {
            platform[0].retriever("docs").retrieve(RetrievalRequest.of("parcel", 3));
            return "found";
        });
        platform[0] = Platform.builder()
                .chat("m", FakeModel.of(asking("lookup"), answer("Done")))
                .embedding("e", EMBEDDING)
                .reranker("r", RERANKER)
                .retriever("docs", retriever(platform))
                .tool(lookup)
                .build();
        ChatModel agent = ToolLoop.builder(platform[0].chat("m"))
                .tools(platform[0].tool("lookup"))
                .build();
        interaction.context().run(() -> agent.chat(HELLO));
        assertThat(tree())
                .containsExactly(
                        "CHAT fake-1",
                        "TOOL lookup",
                        "TOOL lookup / RETRIEVAL manual",
                        "TOOL lookup / RETRIEVAL manual / EMBEDDING embed",
                        "TOOL lookup / RETRIEVAL manual / RERANK rerank",
                        "CHAT fake-1");
        assertThat(interaction.calls().stream().map(SubCall::answeredBy))
                .containsExactly(null, "embed-1", "rerank-1", null, null, "fake-1-2026");
        assertThat(interaction.usage().input()).as("the reranker did not say").isEmpty();
    }

    /** The path of every call, in the order the calls began. */
    private List<String> tree() {
        Map<String, SubCall> byId = new LinkedHashMap<>();
        interaction.calls().stream()
                .sorted((one, other) -> Integer.compare(Integer.parseInt(one.id()), Integer.parseInt(other.id())))
                .forEach(call -> byId.put(call.id(), call));
        return byId.values().stream().map(call -> path(call, byId)).toList();
    }

    private static String path(SubCall call, Map<String, SubCall> byId) {
        String own = call.kind() + " " + call.name();
        return call.parent() == null ? own : path(byId.get(call.parent()), byId) + " / " + own;
    }

    @Test
    void callsWithinAChatCallAreItsChildren() {
        Platform inner =
                Platform.builder().chat("m", FakeModel.of(answer("Hi"))).build();
        ChatModel forwarding = new ForwardingChatModel(inner.chat("m")) {};
        Platform outer = Platform.builder().chat("router", forwarding).build();
        interaction.context().run(() -> {
            outer.chat("router").chat(HELLO);
            outer.chat("router").stream(HELLO).response();
        });
        assertThat(tree())
                .containsExactly(
                        "CHAT fake-1", "CHAT fake-1 / CHAT fake-1", "CHAT fake-1", "CHAT fake-1 / CHAT fake-1");
    }

    @Test
    void streamsAreRecordedOnceWhenTheyEnd() throws Exception {
        Platform platform =
                Platform.builder().chat("m", FakeModel.of(answer("Hi"))).build();
        ChatStream stream = interaction.context().call(() -> platform.chat("m").stream(HELLO));
        assertThat(interaction.calls()).isEmpty();
        time.advance(Duration.ofSeconds(2));
        Thread reader = new Thread(stream::response);
        reader.start();
        reader.join();
        stream.close();
        assertThat(interaction.calls()).singleElement().satisfies(call -> {
            assertThat(call.kind()).isEqualTo(Kind.CHAT);
            assertThat(call.duration()).isEqualTo(Duration.ofSeconds(2));
            assertThat(call.usage()).isEqualTo(Usage.of(20, 7));
            assertThat(call.error()).isNull();
        });
    }

    @Test
    void closedStreamsAndFailuresAreRecordedAsSuch() {
        Platform platform = Platform.builder()
                .chat("m", FakeModel.of(answer("Hi")))
                .chat("broken", new FakeModel(request -> {
                    throw new RateLimitedException("slow down").setPartial("", Usage.of(4, 0));
                }))
                .chat("buggy", new FakeModel(request -> {
                    throw new IllegalStateException("bug");
                }))
                .build();
        interaction.context().run(() -> {
            platform.chat("m").stream(HELLO).close();
            assertThatThrownBy(() -> platform.chat("broken").chat(HELLO)).isInstanceOf(RateLimitedException.class);
            assertThatThrownBy(() -> platform.chat("buggy").chat(HELLO)).isInstanceOf(IllegalStateException.class);
        });
        assertThat(interaction.calls().stream().map(SubCall::error))
                .containsExactly("cancelled", "rate_limited", "IllegalStateException");
        assertThat(interaction.calls().get(1).usage()).isEqualTo(Usage.of(4, 0));
        assertThat(interaction.calls().get(0).usage()).isEqualTo(Usage.UNKNOWN);
    }

    @Test
    void parallelToolsBelongToTheirCalls() {
        Platform[] platform = new Platform[1];
        Function<CallContext, String> nested = context -> {
            assertThat(CallContext.current()).isSameAs(context);
            return platform[0].chat("inner").chat(HELLO).text();
        };
        platform[0] = Platform.builder()
                .chat("m", FakeModel.of(asking("a", "b", "a"), answer("Done")))
                .chat("inner", FakeModel.of(answer("inner")))
                .tool(tool("a", nested))
                .tool(tool("b", nested))
                .build();
        ExecutorService executor = Executors.newFixedThreadPool(3);
        try {
            ChatModel agent = ToolLoop.builder(platform[0].chat("m"))
                    .tools(platform[0].tool("a"), platform[0].tool("b"))
                    .executor(executor)
                    .build();
            interaction.context().run(() -> agent.stream(HELLO).response());
        } finally {
            executor.shutdownNow();
        }
        assertThat(tree())
                .containsExactlyInAnyOrder(
                        "CHAT fake-1",
                        "TOOL a",
                        "TOOL a / CHAT fake-1",
                        "TOOL b",
                        "TOOL b / CHAT fake-1",
                        "TOOL a",
                        "TOOL a / CHAT fake-1",
                        "CHAT fake-1");
        assertThat(interaction.usage()).isEqualTo(Usage.of(10 + 4 * 20, 5 + 4 * 7));
    }

    @Test
    void refusedCallsAreRecorded() {
        Layer refusing = new Layer() {
            @Override
            public Stage stage() {
                return Stage.ADMIT;
            }

            @Override
            public ChatModel around(ChatModel next) {
                return new FakeModel(request -> {
                    throw new IllegalStateException("refused");
                });
            }
        };
        Platform platform =
                Platform.builder().chat("m", FakeModel.of("Hi")).layer(refusing).build();
        interaction
                .context()
                .run(() ->
                        assertThatThrownBy(() -> platform.chat("m").chat(HELLO)).hasMessage("refused"));
        assertThat(interaction.calls()).hasSize(1);
        assertThat(platform.layers().outermostFirst()).hasSize(2).last().isSameAs(refusing);
    }
}
