package dev.plinth.api.testkit;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.check.Check;
import dev.plinth.api.model.Capability;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.time.TimeSource;
import dev.plinth.api.time.Timeouts;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A chat model that answers what a test told it to, and remembers what it was asked.
 *
 * <pre>{@code
 * ScriptedChatModel model = ScriptedChatModel.of("Yes.", "No.");           // in this order
 *
 * ScriptedChatModel weather = ScriptedChatModel.builder()
 *     .when(request -> request.tools().isEmpty(), Reply.text("I cannot know."))  // as often as it fits
 *     .reply(Reply.toolCall("weather", "{\"city\":\"Oslo\"}"), Reply.text("Rain."))
 *     .build();
 * }</pre>
 *
 * <p>The first rule that fits answers; else the next reply in order; else the fallback. A call that nothing answers
 * throws an {@link AssertionError} that says what was asked and what was expected, and {@link #verify()} says it again.
 *
 * <p>It obeys what its interface promises: interruption, the deadline of the context, the timeouts of the request, and
 * capabilities. Delays pass on its {@link TimeSource}, the machine's clock unless another one is set.
 *
 * <p>Thread-safe.
 */
public final class ScriptedChatModel implements ChatModel {
    private final Object lock = new Object();
    private final List<Rule> rules;
    private final Queue<Reply> replies;
    private final @Nullable Function<? super ChatRequest, Reply> fallback;
    private final ModelInfo info;
    private final TimeSource time;
    private final List<ChatRequest> requests = new ArrayList<>();
    private final List<String> unexpected = new ArrayList<>();
    private int openStreams;

    private record Rule(Predicate<? super ChatRequest> matcher, Reply reply) {}

    private ScriptedChatModel(Builder builder) {
        this.rules = List.copyOf(builder.rules);
        this.replies = new ArrayDeque<>(builder.replies);
        this.fallback = builder.fallback;
        this.info = builder.info;
        this.time = builder.time;
    }

    /** A model that answers these texts, one after the other. */
    public static ScriptedChatModel of(String... texts) {
        return of(Stream.of(texts).map(Reply::text).toArray(Reply[]::new));
    }

    /** A model that answers these replies, one after the other. */
    public static ScriptedChatModel of(Reply... replies) {
        return builder().reply(replies).build();
    }

    /** A builder without replies, for a model that can do everything. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public ChatResponse chat(ChatRequest request) {
        Pace pace = begin(request);
        Reply reply = next(request);
        Timeouts timeouts = request.timeouts().orElse(Timeouts.DEFAULT);
        pace.pause(reply.delay, timeouts.firstToken());
        return switch (reply.end) {
            case FINISH -> reply.response;
            case ERROR, TRUNCATE -> throw reply.error.get();
            case STALL -> {
                pace.pause(Pace.FOREVER, timeouts.firstToken());
                throw reply.error.get();
            }
        };
    }

    @Override
    public ChatStream stream(ChatRequest request) {
        Pace pace = begin(request);
        Reply reply = next(request);
        Timeouts timeouts = request.timeouts().orElse(Timeouts.DEFAULT);
        count(1);
        return new ScriptedStream(reply, pace, timeouts, () -> count(-1));
    }

    @Override
    public ModelInfo info() {
        return info;
    }

    /** What it was asked so far, in order, each request with the context it was asked in. */
    public List<ChatRequest> requests() {
        synchronized (lock) {
            return List.copyOf(requests);
        }
    }

    /** The only request it was asked. */
    public ChatRequest onlyRequest() {
        List<ChatRequest> all = requests();
        Check.that(all.size() == 1, "requests", all.size(), "1");
        return all.get(0);
    }

    /** How many of its streams were neither read to their end nor closed. */
    public int openStreams() {
        synchronized (lock) {
            return openStreams;
        }
    }

    /**
     * Says whether all went as the test told.
     *
     * @throws AssertionError if it was asked what nothing answers, a reply was not used, or a stream is open
     */
    public void verify() {
        synchronized (lock) {
            if (!unexpected.isEmpty()) {
                throw new AssertionError(String.join(System.lineSeparator(), unexpected));
            }
            if (!replies.isEmpty()) {
                throw new AssertionError("replies: " + replies.size() + " not used (expected: all used), next "
                        + replies.peek() + ", after " + requests.size() + " requests");
            }
            if (openStreams > 0) {
                throw new AssertionError("streams: " + openStreams + " open (expected: all read to the end or closed)");
            }
        }
    }

    private Pace begin(ChatRequest request) {
        Check.notNull(request, "request");
        request.requireSupport(info);
        Pace pace = new Pace(time, request.context());
        pace.begin();
        return pace;
    }

    private Reply next(ChatRequest request) {
        synchronized (lock) {
            requests.add(request.toBuilder().context(request.context()).build());
            for (Rule rule : rules) {
                if (rule.matcher.test(request)) {
                    return rule.reply;
                }
            }
            Reply reply = replies.poll();
            if (reply != null) {
                return reply;
            }
            if (fallback != null) {
                return fallback.apply(request);
            }
            String message = Unexpected.describe(request, requests.size(), rules.size());
            unexpected.add(message);
            throw new AssertionError(message);
        }
    }

    private void count(int change) {
        synchronized (lock) {
            openStreams += change;
        }
    }

    /** Not thread-safe. */
    public static final class Builder {
        private final List<Rule> rules = new ArrayList<>();
        private final List<Reply> replies = new ArrayList<>();
        private @Nullable Function<? super ChatRequest, Reply> fallback;
        private TimeSource time = TimeSource.system();
        private ModelInfo info = ModelInfo.local(
                "scripted",
                "scripted",
                Capability.TOOLS,
                Capability.TOOL_CHOICE,
                Capability.PARALLEL_TOOL_CALLS,
                Capability.JSON_OUTPUT,
                Capability.JSON_SCHEMA,
                Capability.IMAGE_INPUT,
                Capability.AUDIO_INPUT,
                Capability.FILE_INPUT,
                Capability.STOP_SEQUENCES,
                Capability.SEED,
                Capability.TEMPERATURE,
                Capability.REASONING_EFFORT,
                Capability.LOGPROBS,
                Capability.SERVICE_TIER,
                Capability.USER_ID,
                Capability.TOP_P);

        private Builder() {}

        /** Answers like this whenever the request fits; the first rule that fits wins. */
        public Builder when(Predicate<? super ChatRequest> matcher, Reply reply) {
            rules.add(new Rule(Check.notNull(matcher, "matcher"), Check.notNull(reply, "reply")));
            return this;
        }

        /** Answers like this whenever the last message holds this text. */
        public Builder whenAsked(String text, Reply reply) {
            Check.notNull(text, "text");
            return when(request -> Unexpected.last(request).text().contains(text), reply);
        }

        /** More replies, each used once, in this order, for requests that no rule fits. */
        public Builder reply(Reply... replies) {
            this.replies.addAll(List.of(replies));
            return this;
        }

        /** Answers what neither a rule nor a reply answers. */
        public Builder otherwise(Function<? super ChatRequest, Reply> fallback) {
            this.fallback = Check.notNull(fallback, "fallback");
            return this;
        }

        /** Which model this pretends to be and what it can do; everything unless set. */
        public Builder info(ModelInfo info) {
            this.info = Check.notNull(info, "info");
            return this;
        }

        /** The clock its delays pass on. */
        public Builder time(TimeSource time) {
            this.time = Check.notNull(time, "time");
            return this;
        }

        /** The model. */
        public ScriptedChatModel build() {
            return new ScriptedChatModel(this);
        }
    }
}
