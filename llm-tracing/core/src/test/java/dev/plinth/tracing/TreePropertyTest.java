package dev.plinth.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.api.context.SubCall;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.layer.Platform;
import dev.plinth.api.retrieval.Retrieval;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.retrieval.Retriever;
import dev.plinth.api.tool.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/** Whatever calls whatever, on whichever threads: the spans nest as the calls do, and every one is ended. */
class TreePropertyTest {

    private static final ExecutorService POOL = Executors.newCachedThreadPool();

    enum Kind {
        CHAT,
        STREAM,
        CLOSED_STREAM,
        FAILING_CHAT,
        RETRIEVAL,
        TOOL
    }

    record Node(Kind kind, boolean elsewhere, List<Node> children) {}

    @AfterContainer
    static void stop() {
        POOL.shutdownNow();
    }

    @Provide
    Arbitrary<Node> trees() {
        Arbitrary<Kind> kinds = Arbitraries.of(Kind.class);
        Arbitrary<Boolean> elsewhere = Arbitraries.of(true, false);
        Arbitrary<Node> tree =
                Combinators.combine(kinds, elsewhere).as((kind, other) -> new Node(kind, other, List.of()));
        for (int depth = 0; depth < 3; depth++) {
            tree = Combinators.combine(kinds, elsewhere, tree.list().ofMaxSize(3))
                    .as(Node::new);
        }
        return tree;
    }

    @Property(tries = 150)
    void spansNestAsCallsDo(@ForAll("trees") Node root) throws Exception {
        Recording recording = new Recording();
        Flow flow = new Flow(recording, root);
        Interaction interaction = Interaction.start("ask", CallContext.EMPTY);
        interaction.context().run(() -> flow.call(root));
        interaction.close();

        recording.assertOneWholeTree();
        Map<String, String> names = interaction.calls().stream().collect(Collectors.toMap(SubCall::id, SubCall::name));
        Map<String, String> expected = new TreeMap<>(Map.of("ask", "-"));
        interaction.calls().forEach(call -> expected.put(call.name(), parent(call, names)));
        assertThat(expected).hasSize(flow.count + 1);
        assertThat(bare(recording.parents())).isEqualTo(expected);
    }

    private static String parent(SubCall call, Map<String, String> names) {
        return call.parent() == null ? "ask" : names.get(call.parent());
    }

    private static Map<String, String> bare(Map<String, String> parents) {
        Map<String, String> bare = new TreeMap<>();
        parents.forEach((name, parent) -> bare.put(bare(name), bare(parent)));
        return bare;
    }

    private static String bare(String name) {
        return name.substring(name.indexOf(' ') + 1);
    }

    /** A platform with one part for each node; a part calls its children before it answers. */
    private static final class Flow {
        private final Platform platform;
        private final List<Node> nodes = new ArrayList<>();
        private final int count;

        Flow(Recording recording, Node root) {
            collect(root);
            this.count = nodes.size();
            Platform.Builder builder = Platform.builder().layer(recording.layer());
            for (Node node : nodes) {
                String name = name(node);
                builder.chat(name, chat(name, node))
                        .retriever(name, retriever(name, node))
                        .tool(tool(name, node));
            }
            this.platform = builder.build();
        }

        private void collect(Node node) {
            nodes.add(node);
            node.children().forEach(this::collect);
        }

        private String name(Node node) {
            for (int i = 0; i < nodes.size(); i++) {
                if (nodes.get(i) == node) {
                    return "n" + i;
                }
            }
            throw new IllegalStateException();
        }

        void call(Node node) {
            String name = name(node);
            CallContext context = CallContext.current();
            Runnable work = () -> {
                switch (node.kind()) {
                    case CHAT -> platform.chat(name).chat(ChatRequest.of("hi"));
                    case FAILING_CHAT -> {
                        try {
                            platform.chat(name).chat(ChatRequest.of("hi"));
                        } catch (OverloadedException expected) {
                            // the flow goes on without it
                        }
                    }
                    case STREAM -> elsewhere(platform.chat(name).stream(ChatRequest.of("hi"))::response);
                    case CLOSED_STREAM -> {
                        ChatStream stream = platform.chat(name).stream(ChatRequest.of("hi"));
                        stream.iterator().next();
                        elsewhere(() -> {
                            stream.close();
                            return null;
                        });
                    }
                    case RETRIEVAL -> platform.retriever(name).retrieve(RetrievalRequest.of("q", 1));
                    case TOOL -> platform.tool(name).call(new ToolCall("c", name, "{}"), CallContext.current());
                }
            };
            if (node.elsewhere()) {
                elsewhere(() -> {
                    context.run(work);
                    return null;
                });
            } else {
                work.run();
            }
        }

        /** Works for the children: those that run elsewhere side by side. */
        private void work(Node node) {
            CallContext context = CallContext.current();
            List<Future<?>> running = new ArrayList<>();
            for (Node child : node.children()) {
                if (child.elsewhere()) {
                    running.add(POOL.submit(context.wrap((Runnable) () -> call(child))));
                } else {
                    call(child);
                }
            }
            running.forEach(Flow::elsewhereDone);
        }

        private ChatModel chat(String name, Node node) {
            return new FakeChat(name, request -> {
                work(node);
                if (node.kind() == Kind.FAILING_CHAT) {
                    throw new OverloadedException("busy");
                }
                return ChatResponse.of("ok");
            });
        }

        private Retriever retriever(String name, Node node) {
            return new Retriever() {
                @Override
                public Retrieval retrieve(RetrievalRequest request) {
                    work(node);
                    return new Retrieval(request.query(), List.of());
                }

                @Override
                public String name() {
                    return name;
                }
            };
        }

        private Tool tool(String name, Node node) {
            return new Tool() {
                @Override
                public ToolSpec spec() {
                    return new ToolSpec(name, "", "{}");
                }

                @Override
                public ToolResult call(ToolCall call, CallContext context) {
                    work(node);
                    return call.result("ok");
                }
            };
        }

        private static void elsewhere(Callable<?> work) {
            elsewhereDone(POOL.submit(work));
        }

        private static void elsewhereDone(Future<?> future) {
            try {
                future.get();
            } catch (Exception failure) {
                throw new IllegalStateException(failure);
            }
        }
    }
}
