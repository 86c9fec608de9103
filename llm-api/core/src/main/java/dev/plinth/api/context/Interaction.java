package dev.plinth.api.context;

import dev.plinth.api.check.Check;
import dev.plinth.api.time.TimeSource;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One user prompt with all its sub-calls: the unit that traces, cost, quality, feedback and budgets refer to.
 *
 * <pre>{@code
 * try (Interaction interaction = Interaction.start("ask", CallContext.current())) {
 *     Answer answer = interaction.context().call(() -> answerer.answer(question));
 *     interaction.calls().forEach(System.out::println);
 * }
 * }</pre>
 *
 * <p>Thread-safe. Sub-calls that end after {@link #close()}, such as a stream read on, are still recorded.
 */
public final class Interaction implements AutoCloseable {

    private final String id = UUID.randomUUID().toString();
    private final String name;
    private final TimeSource time;
    private final Instant startedAt;
    private final long startedNanos;
    private final CallContext context;

    private final Object lock = new Object();
    private final List<SubCall> calls = new ArrayList<>();
    private final Map<Class<?>, Object> attachments = new HashMap<>();
    private final Deque<Runnable> endings = new ArrayDeque<>();
    private long callCount;
    private @Nullable Duration duration;

    private Interaction(String name, CallContext context, TimeSource time) {
        this.name = name;
        this.time = time;
        this.startedAt = time.now();
        this.startedNanos = time.nanos();
        this.context = context.captured().toBuilder().outside(this).build();
    }

    /**
     * Starts an interaction. It belongs to what is current where it starts, such as the span of the request it answers.
     *
     * @param name of low cardinality, such as {@code ask}
     * @param context who asks, for what, until when
     */
    public static Interaction start(String name, CallContext context, TimeSource time) {
        Check.notBlank(name, "name");
        Check.notNull(context, "context");
        Check.notNull(time, "time");
        return new Interaction(name, context, time);
    }

    /** Starts an interaction on the machine's clock. */
    public static Interaction start(String name, CallContext context) {
        return start(name, context, TimeSource.system());
    }

    /** A random id. */
    public String id() {
        return id;
    }

    /** What kind of interaction this is. */
    public String name() {
        return name;
    }

    /** When it began. */
    public Instant startedAt() {
        return startedAt;
    }

    /**
     * The context it was started with, what else was {@linkplain CallContext#captured current} there, and this interaction
     * in it: what its sub-calls have to carry.
     */
    public CallContext context() {
        return context;
    }

    /** From start to close, or until now while it is open. */
    public Duration duration() {
        synchronized (lock) {
            return duration == null ? Duration.ofNanos(time.nanos() - startedNanos) : duration;
        }
    }

    /**
     * Begins a sub-call; for layers that record them. It is listed once it has ended.
     *
     * @param context of the call; its {@link CallContext#call()} is the parent
     * @param name what is asked for: the model, the retriever or the tool
     */
    public OpenCall open(SubCall.Kind kind, String name, CallContext context) {
        synchronized (lock) {
            String callId = Long.toString(++callCount);
            return new OpenCall(this, callId, kind, name, context, time);
        }
    }

    void record(SubCall call) {
        synchronized (lock) {
            calls.add(call);
        }
    }

    /** The sub-calls that have ended so far, in the order of their ends. */
    public List<SubCall> calls() {
        synchronized (lock) {
            return List.copyOf(calls);
        }
    }

    /** How many sub-calls have begun and not ended yet, such as a stream that is still read. */
    public int openCalls() {
        synchronized (lock) {
            return (int) (callCount - calls.size());
        }
    }

    /** The tokens of all sub-calls that have ended. */
    public Usage usage() {
        return calls().stream().map(SubCall::usage).reduce(Usage.NONE, Usage::plus);
    }

    /**
     * The cost of all sub-calls that have ended. Absent when one that used a model has no known cost, when none has a
     * cost, or when their currencies differ: a part is not passed off as the whole. An answer out of a cache and a call
     * that was refused before it was sent used no model: they add nothing unless they state a cost.
     */
    public Optional<Cost> cost() {
        Cost sum = null;
        for (SubCall call : calls()) {
            boolean free = call.cached()
                    || call.usage().equals(Usage.NONE)
                    || call.kind() == SubCall.Kind.RETRIEVAL
                    || call.kind() == SubCall.Kind.TOOL;
            Cost cost = call.cost();
            if (cost == null && free) {
                continue;
            }
            if (cost == null || (sum != null && !sum.currency().equals(cost.currency()))) {
                return Optional.empty();
            }
            sum = sum == null ? cost : sum.plus(cost);
        }
        return Optional.ofNullable(sum);
    }

    /**
     * What a layer keeps with this interaction, made at the first request.
     *
     * @param type the key; a class of the layer's own
     */
    public <T> T attachment(Class<T> type, Supplier<T> make) {
        synchronized (lock) {
            return type.cast(attachments.computeIfAbsent(type, key -> make.get()));
        }
    }

    /** Runs this when the interaction is closed, the last added first; at once when it is closed already. */
    public void onClose(Runnable ending) {
        Check.notNull(ending, "ending");
        synchronized (lock) {
            if (duration == null) {
                endings.push(ending);
                return;
            }
        }
        ending.run();
    }

    /**
     * Ends the interaction. Closing twice does nothing. An ending that throws does not keep the others from running; what
     * it threw is thrown in the end.
     */
    @Override
    public void close() {
        List<Runnable> due;
        synchronized (lock) {
            if (duration != null) {
                return;
            }
            duration = Duration.ofNanos(time.nanos() - startedNanos);
            due = List.copyOf(endings);
            endings.clear();
        }
        runAll(due);
    }

    private static void runAll(List<Runnable> endings) {
        Throwable first = null;
        for (Runnable ending : endings) {
            try {
                ending.run();
            } catch (Throwable failure) { // errors, too, and the checked exceptions of other languages
                if (first == null) {
                    first = failure;
                } else if (first != failure) {
                    first.addSuppressed(failure);
                }
            }
        }
        if (first != null) {
            Interaction.<RuntimeException>rethrow(first);
        }
    }

    @SuppressWarnings("unchecked") // erased: nothing is cast
    private static <E extends Throwable> void rethrow(Throwable failure) throws E {
        throw (E) failure;
    }
}
