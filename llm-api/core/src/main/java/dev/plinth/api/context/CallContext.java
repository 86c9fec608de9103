package dev.plinth.api.context;

import dev.plinth.api.check.Check;
import dev.plinth.api.time.Deadline;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who calls, for what, until when. It travels in a request; a request without one takes the context that is current
 * on the calling thread, so nested calls belong to the call around them.
 *
 * <p>A thread does not inherit the context of the thread that started it. Hand work over wrapped, or let a pool of the
 * application carry the context of whoever gives it work:
 *
 * <pre>{@code
 * Runnable carrying = CallContext.current().captured().wrap(work);
 * ExecutorService pool = CallContext.carrying(Executors.newFixedThreadPool(8));
 * }</pre>
 *
 * <p>Immutable and thread-safe; the interaction it refers to is thread-safe.
 */
public final class CallContext {

    /** Knows nothing. */
    public static final CallContext EMPTY;

    private static final ThreadLocal<CallContext> CURRENT = new ThreadLocal<>();
    private static final ThreadContext[] NOTHING_ELSE = {};

    static {
        EMPTY = builder().build();
    }

    private final @Nullable Principal principal;
    private final @Nullable String useCase;
    private final @Nullable String session;
    private final @Nullable PromptRef prompt;
    private final @Nullable Deadline deadline;
    private final Map<String, String> tags;
    private final @Nullable Interaction interaction;
    private final @Nullable String call;
    private final Map<Class<?>, Object> attachments;
    private final ThreadContext[] threadContexts;

    private CallContext(Builder builder) {
        this.principal = builder.principal;
        this.useCase = builder.useCase;
        this.session = builder.session;
        this.prompt = builder.prompt;
        this.deadline = builder.deadline;
        this.tags = builder.tags;
        this.interaction = builder.interaction;
        this.call = builder.call;
        this.attachments = builder.attachments;
        this.threadContexts = builder.threadContexts;
    }

    /** The context of the calling thread; {@link #EMPTY} when there is none. */
    public static CallContext current() {
        CallContext current = CURRENT.get();
        return current == null ? EMPTY : current;
    }

    /** A builder that knows nothing yet. */
    public static Builder builder() {
        return new Builder();
    }

    /** Who calls. */
    public Optional<Principal> principal() {
        return Optional.ofNullable(principal);
    }

    /** The registered use case the call serves. */
    public Optional<String> useCase() {
        return Optional.ofNullable(useCase);
    }

    /** The conversation the call belongs to. */
    public Optional<String> session() {
        return Optional.ofNullable(session);
    }

    /** The registered prompt the request was made from. */
    public Optional<PromptRef> prompt() {
        return Optional.ofNullable(prompt);
    }

    /** When the whole interaction must be over. */
    public Optional<Deadline> deadline() {
        return Optional.ofNullable(deadline);
    }

    /** Free labels, sorted by name. No personal data: they may be exported. */
    public Map<String, String> tags() {
        return tags;
    }

    /** The user prompt that this call is a part of. */
    public Optional<Interaction> interaction() {
        return Optional.ofNullable(interaction);
    }

    /** The id of the sub-call around this one. */
    public Optional<String> call() {
        return Optional.ofNullable(call);
    }

    /**
     * What a layer gave the context to carry to the calls within.
     *
     * @param type the key; a class of the layer's own
     */
    public <T> Optional<T> attachment(Class<T> type) {
        return Optional.ofNullable(type.cast(attachments.get(type)));
    }

    /** Tells those that trace or record the call what a layer did for it; for layers. */
    public void report(Step step) {
        Check.notNull(step, "step");
        for (Object attachment : attachments.values()) {
            if (attachment instanceof Step.Listener listener) {
                listener.ended(step);
            }
        }
    }

    /**
     * The headers that make the spans of a server a part of the trace of this call; none when nobody traces it. For
     * servers of the own house: adapters send them where that is switched on.
     */
    public Map<String, String> traceHeaders() {
        for (Object attachment : attachments.values()) {
            if (attachment instanceof TraceHeaders tracing) {
                return tracing.traceHeaders();
            }
        }
        return Map.of();
    }

    /** A builder that starts with this context. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.principal = principal;
        builder.useCase = useCase;
        builder.session = session;
        builder.prompt = prompt;
        builder.deadline = deadline;
        builder.tags = tags;
        builder.interaction = interaction;
        builder.call = call;
        builder.attachments = attachments;
        builder.threadContexts = threadContexts;
        return builder;
    }

    /** This context, over at that moment at the latest: an earlier deadline stays. */
    public CallContext until(Deadline latest) {
        Check.notNull(latest, "latest");
        return toBuilder()
                .deadline(deadline == null ? latest : deadline.earlier(latest))
                .build();
    }

    /**
     * This context with what else is current on the calling thread, such as the span that the application is in: what
     * to hand to work that runs elsewhere. The same context if there is nothing to add.
     */
    public CallContext captured() {
        CallContext captured = this;
        for (ThreadContext.Provider provider : Captures.PROVIDERS) {
            captured = provider.capture(captured);
        }
        return captured;
    }

    /**
     * Makes this the current context of the calling thread until the scope is closed, on the same thread; with it every
     * {@link ThreadContext} that it carries.
     */
    public Scope makeCurrent() {
        Restore restore = new Restore(CURRENT.get(), threadContexts.length);
        CURRENT.set(this);
        try {
            for (int i = 0; i < threadContexts.length; i++) {
                restore.inner[i] = threadContexts[i].makeCurrent();
            }
        } catch (RuntimeException | Error failure) {
            restore.close();
            throw failure;
        }
        return restore;
    }

    /** Runs the work with this as the current context. */
    public void run(Runnable work) {
        try (Scope scope = makeCurrent()) {
            work.run();
        }
    }

    /** Runs the work with this as the current context and returns its result. */
    public <T extends @Nullable Object> T call(Supplier<T> work) {
        try (Scope scope = makeCurrent()) {
            return work.get();
        }
    }

    /** The same work, with this as the current context wherever it runs. */
    public Runnable wrap(Runnable work) {
        Check.notNull(work, "work");
        return () -> run(work);
    }

    /** The same work, with this as the current context wherever it runs. */
    public <T extends @Nullable Object> Callable<T> wrapCallable(Callable<T> work) {
        Check.notNull(work, "work");
        return () -> {
            try (Scope scope = makeCurrent()) {
                return work.call();
            }
        };
    }

    /** An executor that runs everything with this as the current context. */
    public Executor wrap(Executor executor) {
        Check.notNull(executor, "executor");
        return work -> executor.execute(wrap(work));
    }

    /**
     * An executor that runs everything with this as the current context. Its life is the other's. What the other one sees are
     * wrapped tasks: one that compares tasks, such as by priority, wants them {@linkplain #wrap(Runnable) wrapped} one by one.
     */
    public ExecutorService wrap(ExecutorService executor) {
        return new CarryingExecutor(executor, () -> this);
    }

    /**
     * An executor for many to share: each task runs with what was current, {@linkplain #captured captured}, where it was
     * handed in. Its life is the other's; it sees wrapped tasks, as with {@link #wrap(ExecutorService)}.
     */
    public static ExecutorService carrying(ExecutorService executor) {
        return new CarryingExecutor(executor, () -> current().captured());
    }

    @Override
    public String toString() {
        return "CallContext[principal=" + principal + ", useCase=" + useCase + ", session=" + session + ", prompt="
                + prompt + ", deadline=" + deadline + ", tags=" + tags + ", interaction="
                + (interaction == null ? null : interaction.id()) + ", call=" + call + "]";
    }

    /** Read when it is first needed: beside this class, or, in a server that shares it, beside the application. */
    private static final class Captures {
        static final List<ThreadContext.Provider> PROVIDERS = find();

        private static List<ThreadContext.Provider> find() {
            List<ThreadContext.Provider> here = load(CallContext.class.getClassLoader());
            return here.isEmpty() ? load(Thread.currentThread().getContextClassLoader()) : here;
        }

        private static List<ThreadContext.Provider> load(@Nullable ClassLoader loader) {
            List<ThreadContext.Provider> found = new ArrayList<>();
            Iterator<ThreadContext.Provider> providers =
                    ServiceLoader.load(ThreadContext.Provider.class, loader).iterator();
            while (true) {
                try {
                    if (!providers.hasNext()) {
                        return List.copyOf(found);
                    }
                    found.add(providers.next());
                } catch (ServiceConfigurationError | LinkageError broken) {
                    // One that cannot be had carries nothing; calls go on.
                }
            }
        }
    }

    private static final class Restore implements Scope {
        private static final @Nullable Scope[] NOTHING_ELSE = {};

        private final @Nullable CallContext before;
        private final @Nullable Scope[] inner;
        private boolean closed;

        Restore(@Nullable CallContext before, int inner) {
            this.before = before;
            this.inner = inner == 0 ? NOTHING_ELSE : new @Nullable Scope[inner];
        }

        @Override
        public void close() {
            if (closed) {
                return;
            }
            closed = true;
            try {
                closeFrom(inner.length - 1);
            } finally {
                if (before == null) {
                    CURRENT.remove();
                } else {
                    CURRENT.set(before);
                }
            }
        }

        /** All of them, whatever one of them throws. */
        private void closeFrom(int last) {
            if (last < 0) {
                return;
            }
            try {
                Scope scope = inner[last];
                if (scope != null) {
                    scope.close();
                }
            } finally {
                closeFrom(last - 1);
            }
        }
    }

    /** Not thread-safe. What is not set is absent. */
    public static final class Builder {
        private @Nullable Principal principal;
        private @Nullable String useCase;
        private @Nullable String session;
        private @Nullable PromptRef prompt;
        private @Nullable Deadline deadline;
        private Map<String, String> tags = Map.of();
        private @Nullable Interaction interaction;
        private @Nullable String call;
        private Map<Class<?>, Object> attachments = Map.of();
        private ThreadContext[] threadContexts = NOTHING_ELSE;

        private Builder() {}

        /** Who calls. */
        public Builder principal(Principal principal) {
            this.principal = Check.notNull(principal, "principal");
            return this;
        }

        /** The registered use case the call serves. */
        public Builder useCase(String useCase) {
            this.useCase = Check.notBlank(useCase, "useCase");
            return this;
        }

        /** The conversation the call belongs to. */
        public Builder session(String session) {
            this.session = Check.notBlank(session, "session");
            return this;
        }

        /** The registered prompt the request was made from. */
        public Builder prompt(PromptRef prompt) {
            this.prompt = Check.notNull(prompt, "prompt");
            return this;
        }

        /** When the whole interaction must be over. */
        public Builder deadline(Deadline deadline) {
            this.deadline = Check.notNull(deadline, "deadline");
            return this;
        }

        /** One more free label, or another value of it. */
        public Builder tag(String name, String value) {
            Map<String, String> more = new TreeMap<>(tags);
            more.put(Check.notBlank(name, "name"), Check.notNull(value, "value"));
            this.tags = Collections.unmodifiableMap(more);
            return this;
        }

        /** The user prompt that the call is a part of; for {@link Interaction} and for tests. */
        public Builder interaction(Interaction interaction) {
            this.interaction = Check.notNull(interaction, "interaction");
            return this;
        }

        /** The start of an interaction: a call around it belongs to another one. */
        Builder outside(Interaction interaction) {
            this.call = null;
            return interaction(interaction);
        }

        /** The id of the sub-call around this one; for layers that record calls. */
        public Builder call(String id) {
            this.call = Check.notBlank(id, "call");
            return this;
        }

        /**
         * Something to carry to the calls within, or another value of it; for layers. A {@link ThreadContext} is made
         * current wherever the context is.
         *
         * @param type the key; a class of the layer's own
         */
        public <T> Builder attachment(Class<T> type, T value) {
            Map<Class<?>, Object> more = new HashMap<>(attachments);
            more.put(Check.notNull(type, "type"), Check.notNull(value, "value"));
            this.attachments = Map.copyOf(more);
            this.threadContexts = attachments.values().stream()
                    .filter(ThreadContext.class::isInstance)
                    .toArray(ThreadContext[]::new);
            return this;
        }

        /** The context. */
        public CallContext build() {
            return new CallContext(this);
        }
    }
}
