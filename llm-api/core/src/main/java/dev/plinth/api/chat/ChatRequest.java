package dev.plinth.api.chat;

import dev.plinth.api.check.Check;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.UnsupportedCapabilityException;
import dev.plinth.api.model.Capability;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.option.OptionKey;
import dev.plinth.api.option.Options;
import dev.plinth.api.time.Timeouts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a chat model. What is not set is left to the vendor. Holds no secrets.
 *
 * <pre>{@code
 * ChatRequest request = ChatRequest.builder()
 *     .system("Answer in one sentence.")
 *     .user("Why is the sky blue?")
 *     .temperature(0.2)
 *     .build();
 * }</pre>
 *
 * <p>Immutable and thread-safe. Two requests are equal when they ask for the same; who asks (the context) and how
 * long they wait (the timeouts) do not matter.
 */
public final class ChatRequest {

    private final @Nullable String model;
    private final List<Message> messages;
    private final List<ToolSpec> tools;
    private final ToolChoice toolChoice;
    private final ResponseFormat responseFormat;
    private final @Nullable Double temperature;
    private final @Nullable Double topP;
    private final @Nullable Integer maxOutputTokens;
    private final List<String> stop;
    private final @Nullable Long seed;
    private final @Nullable Boolean parallelToolCalls;
    private final @Nullable ReasoningEffort reasoningEffort;
    private final @Nullable Integer logprobs;
    private final @Nullable String serviceTier;
    private final @Nullable String userId;
    private final boolean keepRaw;
    private final Options options;
    private final @Nullable CallContext context;
    private final @Nullable Timeouts timeouts;

    private ChatRequest(Builder builder) {
        this.model = builder.model;
        this.messages = List.copyOf(builder.messages);
        this.tools = List.copyOf(builder.tools);
        this.toolChoice = builder.toolChoice;
        this.responseFormat = builder.responseFormat;
        this.temperature = builder.temperature;
        this.topP = builder.topP;
        this.maxOutputTokens = builder.maxOutputTokens;
        this.stop = List.copyOf(builder.stop);
        this.seed = builder.seed;
        this.parallelToolCalls = builder.parallelToolCalls;
        this.reasoningEffort = builder.reasoningEffort;
        this.logprobs = builder.logprobs;
        this.serviceTier = builder.serviceTier;
        this.userId = builder.userId;
        this.keepRaw = builder.keepRaw;
        this.options = builder.options;
        this.context = builder.context;
        this.timeouts = builder.timeouts;
    }

    /** A request with one user message. */
    public static ChatRequest of(String user) {
        return builder().user(user).build();
    }

    /** A builder without messages. */
    public static Builder builder() {
        return new Builder();
    }

    /** The model that is wanted; absent: the one the {@link ChatModel} stands for. */
    public Optional<String> model() {
        return Optional.ofNullable(model);
    }

    /** The conversation, at least one message. */
    public List<Message> messages() {
        return messages;
    }

    /** The tools the model may call. */
    public List<ToolSpec> tools() {
        return tools;
    }

    /** Whether the model may, must or must not call tools. */
    public ToolChoice toolChoice() {
        return toolChoice;
    }

    /** The form of the answer. */
    public ResponseFormat responseFormat() {
        return responseFormat;
    }

    /** How random the answer may be: 0 to 2. */
    public OptionalDouble temperature() {
        return temperature == null ? OptionalDouble.empty() : OptionalDouble.of(temperature);
    }

    /** The share of probability tokens are drawn from: above 0, at most 1. */
    public OptionalDouble topP() {
        return topP == null ? OptionalDouble.empty() : OptionalDouble.of(topP);
    }

    /** The most tokens the answer may have, reasoning included. */
    public OptionalInt maxOutputTokens() {
        return maxOutputTokens == null ? OptionalInt.empty() : OptionalInt.of(maxOutputTokens);
    }

    /** Texts that end the answer. */
    public List<String> stop() {
        return stop;
    }

    /** The seed of the vendor's random numbers. */
    public OptionalLong seed() {
        return seed == null ? OptionalLong.empty() : OptionalLong.of(seed);
    }

    /** Whether the model may ask for several tools at once. */
    public Optional<Boolean> parallelToolCalls() {
        return Optional.ofNullable(parallelToolCalls);
    }

    /** How much the model shall think. */
    public Optional<ReasoningEffort> reasoningEffort() {
        return Optional.ofNullable(reasoningEffort);
    }

    /** How many alternatives to each token of the answer to report, with probabilities; absent: no probabilities. */
    public OptionalInt logprobs() {
        return logprobs == null ? OptionalInt.empty() : OptionalInt.of(logprobs);
    }

    /** The class of service, in the vendor's word. */
    public Optional<String> serviceTier() {
        return Optional.ofNullable(serviceTier);
    }

    /** The pseudonymous id of the end user, for the vendor's abuse checks. */
    public Optional<String> userId() {
        return Optional.ofNullable(userId);
    }

    /** Whether the response keeps the vendor's answer as it came. */
    public boolean keepRaw() {
        return keepRaw;
    }

    /** What only one vendor knows. */
    public Options options() {
        return options;
    }

    /** The context that was set, else the one that is current on the calling thread. */
    public CallContext context() {
        return context == null ? CallContext.current() : context;
    }

    /** Whether a context was set, so that {@link #context()} is the same on every thread. */
    public boolean hasContext() {
        return context != null;
    }

    /** How long to wait; absent: as the model was built. */
    public Optional<Timeouts> timeouts() {
        return Optional.ofNullable(timeouts);
    }

    /**
     * Refuses the request when the model cannot do what it asks for. Adapters call this before they send anything.
     *
     * @throws UnsupportedCapabilityException naming the first thing that is missing
     */
    public void requireSupport(ModelInfo info) {
        eachNeed(needed -> {
            if (!info.can(needed)) {
                throw unsupported(needed, info);
            }
        });
    }

    private UnsupportedCapabilityException unsupported(Capability needed, ModelInfo info) {
        String asked = model == null ? info.model() : model;
        return new UnsupportedCapabilityException(
                needed.name(),
                "request: needs " + needed.name() + " (expected: what " + asked + " can do)",
                ErrorDetails.builder().provider(info.provider()).model(asked).build());
    }

    /** What a model has to be capable of to answer this. */
    public Set<Capability> needs() {
        Set<Capability> needs = new LinkedHashSet<>();
        eachNeed(needs::add);
        return needs;
    }

    private void eachNeed(Consumer<Capability> sink) {
        tell(sink, !tools.isEmpty(), Capability.TOOLS);
        tell(sink, responseFormat instanceof ResponseFormat.Json, Capability.JSON_OUTPUT);
        tell(sink, responseFormat instanceof ResponseFormat.Schema, Capability.JSON_SCHEMA);
        tell(sink, temperature != null, Capability.TEMPERATURE);
        tell(sink, topP != null, Capability.TOP_P);
        tell(sink, !stop.isEmpty(), Capability.STOP_SEQUENCES);
        tell(sink, seed != null, Capability.SEED);
        boolean demanded = toolChoice.mode() == ToolChoice.Mode.REQUIRED || toolChoice.mode() == ToolChoice.Mode.TOOL;
        tell(sink, demanded, Capability.TOOL_CHOICE);
        tell(sink, parallelToolCalls != null, Capability.PARALLEL_TOOL_CALLS);
        tell(sink, reasoningEffort != null, Capability.REASONING_EFFORT);
        tell(sink, logprobs != null, Capability.LOGPROBS);
        tell(sink, serviceTier != null, Capability.SERVICE_TIER);
        tell(sink, userId != null, Capability.USER_ID);
        for (Message message : messages) {
            for (Part part : message.parts()) {
                tell(sink, part instanceof Part.Image, Capability.IMAGE_INPUT);
                tell(sink, part instanceof Part.Audio, Capability.AUDIO_INPUT);
                tell(sink, part instanceof Part.File, Capability.FILE_INPUT);
            }
        }
    }

    private static void tell(Consumer<Capability> sink, boolean needed, Capability capability) {
        if (needed) {
            sink.accept(capability);
        }
    }

    /** A builder that starts with this request. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChatRequest that
                && Objects.equals(model, that.model)
                && messages.equals(that.messages)
                && tools.equals(that.tools)
                && toolChoice.equals(that.toolChoice)
                && responseFormat.equals(that.responseFormat)
                && Objects.equals(temperature, that.temperature)
                && Objects.equals(topP, that.topP)
                && Objects.equals(maxOutputTokens, that.maxOutputTokens)
                && stop.equals(that.stop)
                && Objects.equals(seed, that.seed)
                && Objects.equals(parallelToolCalls, that.parallelToolCalls)
                && reasoningEffort == that.reasoningEffort
                && Objects.equals(logprobs, that.logprobs)
                && Objects.equals(serviceTier, that.serviceTier)
                && Objects.equals(userId, that.userId)
                && keepRaw == that.keepRaw
                && options.equals(that.options);
    }

    @Override
    public int hashCode() {
        return Objects.hash(model, messages, tools, responseFormat, temperature, maxOutputTokens, seed, options);
    }

    /** Names what is asked for, without the content of the messages. */
    @Override
    public String toString() {
        return "ChatRequest[model=" + model + ", " + messages.size() + " messages, " + tools.size() + " tools]";
    }

    /** Not thread-safe. What is not set is left to the vendor. */
    public static final class Builder {
        private @Nullable String model;
        private final List<Message> messages = new ArrayList<>();
        private final List<ToolSpec> tools = new ArrayList<>();
        private ToolChoice toolChoice = ToolChoice.AUTO;
        private ResponseFormat responseFormat = ResponseFormat.TEXT;
        private @Nullable Double temperature;
        private @Nullable Double topP;
        private @Nullable Integer maxOutputTokens;
        private List<String> stop = List.of();
        private @Nullable Long seed;
        private @Nullable Boolean parallelToolCalls;
        private @Nullable ReasoningEffort reasoningEffort;
        private @Nullable Integer logprobs;
        private @Nullable String serviceTier;
        private @Nullable String userId;
        private boolean keepRaw;
        private Options options = Options.NONE;
        private @Nullable CallContext context;
        private @Nullable Timeouts timeouts;

        private Builder() {}

        private Builder(ChatRequest request) {
            this.model = request.model;
            this.messages.addAll(request.messages);
            this.tools.addAll(request.tools);
            this.toolChoice = request.toolChoice;
            this.responseFormat = request.responseFormat;
            this.temperature = request.temperature;
            this.topP = request.topP;
            this.maxOutputTokens = request.maxOutputTokens;
            this.stop = request.stop;
            this.seed = request.seed;
            this.parallelToolCalls = request.parallelToolCalls;
            this.reasoningEffort = request.reasoningEffort;
            this.logprobs = request.logprobs;
            this.serviceTier = request.serviceTier;
            this.userId = request.userId;
            this.keepRaw = request.keepRaw;
            this.options = request.options;
            this.context = request.context;
            this.timeouts = request.timeouts;
        }

        /** The model that is wanted, in the vendor's words or as an alias of the catalogue. */
        public Builder model(String model) {
            this.model = Check.notBlank(model, "model");
            return this;
        }

        /** One more message. */
        public Builder message(Message message) {
            this.messages.add(Check.notNull(message, "message"));
            return this;
        }

        /** These messages instead of those set so far. */
        public Builder messages(List<Message> messages) {
            List<Message> all = List.copyOf(Check.notEmpty(messages, "messages"));
            this.messages.clear();
            this.messages.addAll(all);
            return this;
        }

        /** One more system message. */
        public Builder system(String text) {
            return message(Message.system(text));
        }

        /** One more user message. */
        public Builder user(String text) {
            return message(Message.user(text));
        }

        /** One more tool. */
        public Builder tool(ToolSpec tool) {
            this.tools.add(Check.notNull(tool, "tool"));
            return this;
        }

        /** Whether the model may, must or must not call tools. */
        public Builder toolChoice(ToolChoice choice) {
            this.toolChoice = Check.notNull(choice, "toolChoice");
            return this;
        }

        /** The form of the answer. */
        public Builder responseFormat(ResponseFormat format) {
            this.responseFormat = Check.notNull(format, "responseFormat");
            return this;
        }

        /** How random the answer may be: 0 to 2. */
        public Builder temperature(double temperature) {
            this.temperature = Check.within(temperature, 0, 2, "temperature");
            return this;
        }

        /** The share of probability tokens are drawn from: above 0, at most 1. */
        public Builder topP(double topP) {
            Check.that(topP > 0 && topP <= 1, "topP", topP, "above 0, at most 1");
            this.topP = topP;
            return this;
        }

        /** The most tokens the answer may have. */
        public Builder maxOutputTokens(int tokens) {
            this.maxOutputTokens = Check.positive(tokens, "maxOutputTokens");
            return this;
        }

        /** Texts that end the answer. */
        public Builder stop(String... texts) {
            this.stop = List.of(texts);
            return this;
        }

        /** The seed of the vendor's random numbers. */
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /** Whether the model may ask for several tools at once; not set: as the vendor likes. */
        public Builder parallelToolCalls(boolean allowed) {
            this.parallelToolCalls = allowed;
            return this;
        }

        /** How much the model shall think. */
        public Builder reasoningEffort(ReasoningEffort effort) {
            this.reasoningEffort = Check.notNull(effort, "reasoningEffort");
            return this;
        }

        /**
         * Asks for the probability of each token of the answer.
         *
         * @param alternatives how many other tokens to report with each: 0 to 20
         */
        public Builder logprobs(int alternatives) {
            Check.that(alternatives >= 0 && alternatives <= 20, "logprobs", alternatives, "0 to 20");
            this.logprobs = alternatives;
            return this;
        }

        /** The class of service, in the vendor's word, such as {@code flex} or {@code priority}. */
        public Builder serviceTier(String tier) {
            this.serviceTier = Check.notBlank(tier, "serviceTier");
            return this;
        }

        /** A pseudonymous id of the end user, for the vendor's abuse checks; never a name or an address. */
        public Builder userId(String id) {
            this.userId = Check.notBlank(id, "userId");
            return this;
        }

        /** Whether the response keeps the vendor's answer as it came, fields this version does not know included. */
        public Builder keepRaw(boolean keep) {
            this.keepRaw = keep;
            return this;
        }

        /** An option that only one vendor knows. */
        public <T> Builder option(OptionKey<T> key, T value) {
            this.options = options.with(key, value);
            return this;
        }

        /** Who asks, for what, until when. */
        public Builder context(CallContext context) {
            this.context = Check.notNull(context, "context");
            return this;
        }

        /** How long to wait. */
        public Builder timeouts(Timeouts timeouts) {
            this.timeouts = Check.notNull(timeouts, "timeouts");
            return this;
        }

        /**
         * The request.
         *
         * @throws IllegalArgumentException if there is no message, two tools share a name, or the choice names a tool
         *     that is not there
         */
        public ChatRequest build() {
            Check.notEmpty(messages, "messages");
            if (tools.size() > 1) {
                checkNames();
            }
            if (toolChoice.tool() != null) {
                checkChosen(toolChoice.tool());
            }
            return new ChatRequest(this);
        }

        private void checkNames() {
            Set<String> names = new HashSet<>();
            for (ToolSpec tool : tools) {
                Check.that(names.add(tool.name()), "tools", tool.name(), "each name once");
            }
        }

        private void checkChosen(String name) {
            boolean known = tools.stream().anyMatch(tool -> tool.name().equals(name));
            if (!known) {
                List<String> names = tools.stream().map(ToolSpec::name).toList();
                Check.that(false, "toolChoice", name, "one of " + names);
            }
        }
    }
}
