package dev.plinth.governance;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.ForwardingChatModel;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.check.Check;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.ForwardingEmbeddingModel;
import dev.plinth.api.error.InvalidFileException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.layer.Admission;
import dev.plinth.api.layer.Layer;
import dev.plinth.api.layer.Stage;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.rerank.ForwardingReranker;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.rerank.RerankResponse;
import dev.plinth.api.rerank.Reranker;
import dev.plinth.api.retrieval.ForwardingRetriever;
import dev.plinth.api.retrieval.Retrieval;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.retrieval.Retriever;
import dev.plinth.api.time.TimeSource;
import dev.plinth.api.tool.ForwardingTool;
import dev.plinth.api.tool.Tool;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Stops calls within a second: those of a team, of a use case, of a prompt, to a model, or all of them.
 *
 * <pre>{@code
 * KillSwitch killSwitch = KillSwitch.watching(Path.of("kill-switch.yaml"));
 * Platform platform = Platform.builder().chat("support", openAi).layer(killSwitch).build();
 * killSwitch.stop(Stoppable.prompt("triage"), "answers with addresses", "security");
 * }</pre>
 *
 * <p>What is stopped is refused with {@link dev.plinth.api.error.DeniedException}: chat, embeddings and reranking, and
 * what is retrieved and done by tools in the same context. A router goes on with the next model that is not stopped.
 *
 * <p>Calls that run are stopped as well. Whoever sends one again, elsewhere or later asks first, as {@link Admission}
 * says: it goes to no model that is stopped by then, and nowhere once its team, its use case or its prompt is. A stream is
 * ended with its next event, or at once while it waits for one, and any other answer is withheld when it comes. A router's
 * stream is ended when one of the models it was sent to is stopped, also one that failed before: which of them answers is
 * not known until it has.
 *
 * <p>It is thrown by code, for this process, and by a file, for all that watch the same one:
 *
 * <pre>{@code
 * stops:
 *   - prompt: triage
 *     version: 3
 *     reason: answers with addresses
 *     owner: security
 *     since: 2026-11-26T04:57:26Z
 * }</pre>
 *
 * <p>Instead of {@code prompt}, with or without {@code version}: {@code team}, {@code useCase}, {@code provider}, with or
 * without {@code model}, or {@code everything: true}. The JSON Schema of the format is
 * {@code docs/formats/kill-switch.schema.json}. Calls and events of streams look at the file again, twice a second at
 * most; so the streams of a process that makes no other call wait for their next event. Replace the file in one step:
 * write another one beside it and rename that. A file that cannot be read, or breaks the format, changes nothing, and
 * {@link #status()} says so.
 *
 * <p>Thread-safe.
 */
public final class KillSwitch implements Layer {

    /**
     * What a kill switch does at a moment.
     *
     * @param stops all that is stopped, by code first
     * @param readAt when the file was read for the last time; null: there is no file
     * @param problem why the file could not be read since, so that the stops are as old as that; null: it could
     */
    public record Status(
            List<Stop> stops,
            @Nullable Instant readAt,
            @Nullable LlmException problem) {

        public Status {
            stops = List.copyOf(stops);
        }
    }

    /** The calls around the calls within, each by the switch that let it in: one may stand within another. */
    private record Calls(Map<KillSwitch, SwitchedCall> bySwitch) {}

    private final TimeSource time;
    private final SwitchBoard board;
    private final Admission rule = new Rule();

    private KillSwitch(@Nullable Path file, TimeSource time) {
        this.time = Check.notNull(time, "time");
        this.board = new SwitchBoard(file, time);
    }

    /** A switch that is thrown by code only. */
    public static KillSwitch create() {
        return create(TimeSource.system());
    }

    /** A switch on this clock that is thrown by code only. */
    public static KillSwitch create(TimeSource time) {
        return new KillSwitch(null, time);
    }

    /**
     * A switch that is thrown by a file, too.
     *
     * @throws InvalidFileException if it breaks the format, naming every place that does
     * @throws dev.plinth.api.error.StoreException if it cannot be read
     */
    public static KillSwitch watching(Path file) {
        return watching(file, TimeSource.system());
    }

    /** A switch on this clock that is thrown by a file, too. */
    public static KillSwitch watching(Path file, TimeSource time) {
        return new KillSwitch(Check.notNull(file, "file"), time);
    }

    /**
     * Stops it in this process, from now on. Stopping it again replaces the reason.
     *
     * @param reason in words for those whose calls are refused
     * @param owner who answers for it
     */
    public void stop(Stoppable what, String reason, String owner) {
        board.stop(new Stop(what, reason, owner, time.now()));
    }

    /** Takes back what code has stopped. What the file stops stays stopped until the file says otherwise. */
    public void resume(Stoppable what) {
        board.resume(Check.notNull(what, "what"));
    }

    /** What is stopped by now, and how far that can be trusted. */
    public Status status() {
        List<Stop> stops = board.now().all();
        StopsFile.Look look = board.lastLook().orElse(null);
        return new Status(stops, look == null ? null : look.readAt(), look == null ? null : look.problem());
    }

    @Override
    public Stage stage() {
        return Stage.ADMIT;
    }

    @Override
    public ChatModel around(ChatModel next) {
        return new ForwardingChatModel(next) {
            @Override
            public ChatResponse chat(ChatRequest request) {
                SwitchedCall call = begin(request);
                return call.passed(next().chat(within(request, call)), "");
            }

            @Override
            public ChatStream stream(ChatRequest request) {
                SwitchedCall call = begin(request);
                return board.opened(next().stream(within(request, call)), call);
            }

            private SwitchedCall begin(ChatRequest request) {
                return KillSwitch.this.begin(request.context(), Targets.of(next()), request.model());
            }

            private ChatRequest within(ChatRequest request, SwitchedCall call) {
                return request.toBuilder()
                        .context(KillSwitch.this.within(request.context(), call))
                        .build();
            }
        };
    }

    @Override
    public EmbeddingModel around(EmbeddingModel next) {
        return new ForwardingEmbeddingModel(next) {
            @Override
            public EmbeddingResponse embed(EmbeddingRequest request) {
                SwitchedCall call = begin(request.context(), Targets.of(next()), request.model());
                CallContext context = within(request.context(), call);
                EmbeddingResponse response =
                        next().embed(request.toBuilder().context(context).build());
                return call.passed(response);
            }
        };
    }

    @Override
    public Reranker around(Reranker next) {
        return new ForwardingReranker(next) {
            @Override
            public RerankResponse rerank(RerankRequest request) {
                SwitchedCall call = begin(request.context());
                ModelInfo info = next().info();
                call.goTo(request.context(), info.provider(), info.model());
                RerankResponse response = next().rerank(request.in(within(request.context(), call)));
                return call.passed(response);
            }
        };
    }

    @Override
    public Retriever around(Retriever next) {
        return new ForwardingRetriever(next) {
            @Override
            public Retrieval retrieve(RetrievalRequest request) {
                SwitchedCall call = begin(request.context());
                return call.passed(next().retrieve(request.in(within(request.context(), call))));
            }
        };
    }

    @Override
    public Tool around(Tool next) {
        return new ForwardingTool(next) {
            @Override
            public ToolResult call(ToolCall toolCall, CallContext context) {
                SwitchedCall call = begin(context);
                return call.passed(next().call(toolCall, within(context, call)));
            }
        };
    }

    private SwitchedCall begin(CallContext context) {
        return new SwitchedCall(context, board::now, time);
    }

    /** A router asks for each of its targets itself. */
    private SwitchedCall begin(CallContext context, Targets targets, Optional<String> asked) {
        SwitchedCall call = begin(context);
        if (!targets.routed()) {
            ModelInfo info = targets.models().get(0);
            call.goTo(context, info.provider(), asked.orElse(info.model()));
        }
        return call;
    }

    private CallContext within(CallContext context, SwitchedCall call) {
        Map<KillSwitch, SwitchedCall> calls = new HashMap<>(
                context.attachment(Calls.class).map(Calls::bySwitch).orElse(Map.of()));
        boolean known = calls.put(this, call) != null; // around this one, so its rule stands in the context already
        CallContext within =
                context.toBuilder().attachment(Calls.class, new Calls(calls)).build();
        return known ? within : Admission.add(rule, within);
    }

    /** The rule for whoever sends a call again, elsewhere or later. It holds, too, where the call around is not known. */
    private final class Rule implements Admission {

        @Override
        public void check(ModelInfo target, CallContext context) {
            SwitchedCall.require(board.now(), context, target.provider(), target.model());
        }

        @Override
        public void enter(ModelInfo target, CallContext context) {
            context.attachment(Calls.class)
                    .map(calls -> calls.bySwitch().get(KillSwitch.this))
                    .ifPresentOrElse(
                            call -> call.goTo(context, target.provider(), target.model()),
                            () -> check(target, context));
        }
    }
}
