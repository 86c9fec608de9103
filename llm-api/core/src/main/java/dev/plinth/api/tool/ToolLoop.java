package dev.plinth.api.tool;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolChoice;
import dev.plinth.api.check.Check;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.model.ModelInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Lets a model use tools: asks it, runs the tools it asks for, tells it the results, until it answers or a limit is
 * met. It is itself a chat model, so it goes wherever one goes.
 *
 * <pre>{@code
 * ChatModel assistant = ToolLoop.builder(model).tools(weather, calendar).build();
 * String answer = assistant.chat(ChatRequest.of("Do I need an umbrella tomorrow?")).text();
 * }</pre>
 *
 * <p>Defaults:
 *
 * <ul>
 *   <li>at most 10 rounds (answers of the model);
 *   <li>the same call (tool and arguments) at most 3 times;
 *   <li>no limit of tokens;
 *   <li>the tools of one answer run one after the other on the calling thread.
 * </ul>
 *
 * <p>The deadline of the request's context covers the whole loop, its tools too: those on an executor are interrupted when
 * it passes. A limit that is met ends the loop with the last
 * answer; {@link #run} says which. A tool that is not there, that throws, or that is called with broken arguments is a
 * result for the model, not an exception. A choice that forces a tool holds for the first round only.
 *
 * <p>Immutable and thread-safe.
 */
public final class ToolLoop implements ChatModel {

    final ChatModel model;
    final Map<String, Tool> tools;
    final int maxRounds;
    final int maxRepeats;
    final long maxTokens;
    final Executor executor;

    private ToolLoop(Builder builder) {
        this.model = builder.model;
        this.tools = Map.copyOf(builder.tools);
        this.maxRounds = builder.maxRounds;
        this.maxRepeats = builder.maxRepeats;
        this.maxTokens = builder.maxTokens;
        this.executor = builder.executor;
    }

    /** A builder without tools. */
    public static Builder builder(ChatModel model) {
        return new Builder(model);
    }

    /** Asks, runs tools, and returns the last answer with all that led to it. */
    public ToolRun run(ChatRequest request) {
        ToolConversation conversation = new ToolConversation(this, request);
        while (true) {
            ChatResponse response = ask(conversation.nextRequest(), conversation);
            Optional<ToolRun> run = conversation.answered(response);
            if (run.isPresent()) {
                return run.get();
            }
        }
    }

    private ChatResponse ask(ChatRequest request, ToolConversation conversation) {
        try {
            return model.chat(request);
        } catch (LlmException exception) {
            throw conversation.failed(exception, exception.partialText());
        }
    }

    @Override
    public ChatResponse chat(ChatRequest request) {
        return run(request).response();
    }

    /** Streams every round; the events of all rounds come one after the other, with one end. */
    @Override
    public ChatStream stream(ChatRequest request) {
        return new ToolLoopStream(model, new ToolConversation(this, request));
    }

    @Override
    public ModelInfo info() {
        return model.info();
    }

    @Override
    public <T> Optional<T> unwrap(Class<T> type) {
        return type.isInstance(this) ? Optional.of(type.cast(this)) : model.unwrap(type);
    }

    /** The request of the first round: what was asked, with the tools added. */
    ChatRequest firstRequest(ChatRequest request) {
        ChatRequest.Builder builder = request.toBuilder().context(request.context());
        tools.values().stream()
                .map(Tool::spec)
                .filter(spec -> !request.tools().contains(spec))
                .sorted((one, other) -> one.name().compareTo(other.name()))
                .forEach(builder::tool);
        return builder.build();
    }

    /** The request of a later round: the conversation so far, no tool forced any more. */
    static ChatRequest laterRequest(ChatRequest first, List<Message> messages) {
        boolean forced = first.toolChoice().mode() == ToolChoice.Mode.REQUIRED
                || first.toolChoice().mode() == ToolChoice.Mode.TOOL;
        return first.toBuilder()
                .messages(messages)
                .toolChoice(forced ? ToolChoice.AUTO : first.toolChoice())
                .build();
    }

    /** What makes two calls the same one. */
    static String identity(ToolCall call) {
        return call.name() + '\n' + call.arguments();
    }

    /** Not thread-safe. */
    public static final class Builder {
        private final ChatModel model;
        private final Map<String, Tool> tools = new LinkedHashMap<>();
        private int maxRounds = 10;
        private int maxRepeats = 3;
        private long maxTokens = Long.MAX_VALUE;
        private Executor executor = Runnable::run;

        private Builder(ChatModel model) {
            this.model = Check.notNull(model, "model");
        }

        /**
         * More tools.
         *
         * @throws IllegalArgumentException if there is one of the same name already
         */
        public Builder tools(Tool... tools) {
            return tools(List.of(tools));
        }

        /**
         * More tools.
         *
         * @throws IllegalArgumentException if there is one of the same name already
         */
        public Builder tools(List<? extends Tool> tools) {
            for (Tool tool : tools) {
                String name = tool.spec().name();
                Check.that(this.tools.putIfAbsent(name, tool) == null, "tools", name, "each name once");
            }
            return this;
        }

        /** The most answers the model may give. */
        public Builder maxRounds(int rounds) {
            this.maxRounds = Check.positive(rounds, "maxRounds");
            return this;
        }

        /** How often the model may make the same call. */
        public Builder maxRepeats(int repeats) {
            this.maxRepeats = Check.positive(repeats, "maxRepeats");
            return this;
        }

        /** The most tokens all rounds together may use, as far as they are reported; checked after each round. */
        public Builder maxTokens(long tokens) {
            this.maxTokens = Check.positive(tokens, "maxTokens");
            return this;
        }

        /** Runs the tools of one answer side by side on this executor, which stays the caller's to close. */
        public Builder executor(Executor executor) {
            this.executor = Check.notNull(executor, "executor");
            return this;
        }

        /**
         * The loop.
         *
         * @throws IllegalArgumentException if there is no tool
         */
        public ToolLoop build() {
            Check.notEmpty(tools.values(), "tools");
            return new ToolLoop(this);
        }
    }
}
