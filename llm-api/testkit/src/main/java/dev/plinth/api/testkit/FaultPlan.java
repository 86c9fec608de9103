package dev.plinth.api.testkit;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.check.Check;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.layer.Layer;
import dev.plinth.api.layer.Stage;
import dev.plinth.api.rerank.Reranker;
import dev.plinth.api.retrieval.Retriever;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.time.TimeSource;
import dev.plinth.api.tool.Tool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Which calls fail, and in which way: to see what the rest of an application makes of it.
 *
 * <pre>{@code
 * FaultPlan twice = FaultPlan.first(2, Fault.overloaded());
 * ChatModel flaky = Layers.of(retries, twice).around(model);          // as a layer, around anything
 *
 * FaultPlan chaos = FaultPlan.randomly(0.3, 1);                       // a share of the calls, by seed
 * server.otherwise(request -> chaos.strike(StubAnswer.json("...")));  // as a server, in bytes
 * }</pre>
 *
 * <p>Calls are counted over everything that uses one plan, from 1, and a plan gives a call of one number one answer: which
 * thread makes it does not matter. As a layer, it lets only those calls through to what it wraps that are late, empty, of
 * the wrong model, or streams that are cut short.
 *
 * <p><b>Not in production by accident:</b> the layer works in a test run, which is one where JUnit's or TestNG's classes are
 * on the class path. Anywhere else its calls are refused with {@link IllegalStateException}, until somebody arms the plan
 * for a limited time, as for an exercise; when that is over, calls pass unharmed. Asking a plan, or a server that strikes by
 * one, needs no arming.
 *
 * <p>Thread-safe.
 */
public final class FaultPlan implements Layer {
    private final LongFunction<Optional<Fault>> faults;
    private final TimeSource time;
    private final boolean testRun;
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong struck = new AtomicLong();
    private volatile @Nullable Deadline armed;

    private FaultPlan(LongFunction<Optional<Fault>> faults, TimeSource time, boolean testRun) {
        this.faults = faults;
        this.time = time;
        this.testRun = testRun;
    }

    /** The first calls fail. */
    public static FaultPlan first(int calls, Fault fault) {
        Check.positive(calls, "calls");
        return when(call -> call <= calls, fault);
    }

    /** Those calls fail whose number fits. */
    public static FaultPlan when(LongPredicate failing, Fault fault) {
        Check.notNull(failing, "failing");
        Optional<Fault> struck = Optional.of(Check.notNull(fault, "fault"));
        return new FaultPlan(
                call -> failing.test(call) ? struck : Optional.empty(), TimeSource.system(), TestRun.DETECTED);
    }

    /**
     * Calls fail at random in all ways, the same ones for the same seed.
     *
     * @param share of the calls that fail, 0 to 1
     */
    public static FaultPlan randomly(double share, long seed) {
        return builder(share, seed).build();
    }

    /** A builder of a plan by seed, as {@link #randomly}, with ways of your own. */
    public static Builder builder(double share, long seed) {
        return new Builder(share, seed);
    }

    /** How the call of this number fails; empty: it does not. Counts nothing. */
    public Optional<Fault> fault(long call) {
        return faults.apply(Check.positive(call, "call"));
    }

    /** Counts one more call and says how it fails. */
    public Optional<Fault> next() {
        Optional<Fault> fault = fault(calls.incrementAndGet());
        fault.ifPresent(strikes -> struck.incrementAndGet());
        return fault;
    }

    /** Counts one more call to a server, and answers it: rightly, or as the plan says. */
    public StubAnswer strike(StubAnswer right) {
        Check.notNull(right, "right");
        return next().map(fault -> fault.strike(right)).orElse(right);
    }

    /** How many calls there were. */
    public long calls() {
        return calls.get();
    }

    /** How many of them failed here. */
    public long struck() {
        return struck.get();
    }

    /**
     * Lets the layer strike outside a test run, from now on, for so long.
     *
     * @return this
     */
    public FaultPlan arm(Duration limit) {
        armed = Deadline.after(Check.positive(limit, "limit"), time);
        return this;
    }

    /** How the layer's next call fails. */
    Optional<Fault> nextOfLayer() {
        if (testRun) {
            return next();
        }
        Deadline until = armed;
        if (until == null) {
            throw new IllegalStateException(
                    "faults: outside a test run (expected: in one, or armed for a limited time)");
        }
        return until.expired() ? Optional.empty() : next();
    }

    TimeSource time() {
        return time;
    }

    @Override
    public Stage stage() {
        return Stage.PROVIDER;
    }

    @Override
    public ChatModel around(ChatModel next) {
        return new FaultyChatModel(next, this);
    }

    @Override
    public EmbeddingModel around(EmbeddingModel next) {
        return Faulty.around(next, this);
    }

    @Override
    public Reranker around(Reranker next) {
        return Faulty.around(next, this);
    }

    @Override
    public Retriever around(Retriever next) {
        return Faulty.around(next, this);
    }

    @Override
    public Tool around(Tool next) {
        return Faulty.around(next, this);
    }

    /** Not thread-safe. */
    public static final class Builder {
        private final double share;
        private final long seed;
        private final List<Fault> faults = new ArrayList<>();
        private TimeSource time = TimeSource.system();
        private boolean testRun = TestRun.DETECTED;

        private Builder(double share, long seed) {
            this.share = Check.within(share, 0, 1, "share");
            this.seed = seed;
        }

        /** One more way to fail in, as likely as each other; without any: {@link Fault#all()}. */
        public Builder fault(Fault fault) {
            return fault(fault, 1);
        }

        /**
         * One more way to fail in.
         *
         * @param weight how many times as likely as a fault of weight 1
         */
        public Builder fault(Fault fault, int weight) {
            Check.notNull(fault, "fault");
            for (int i = 0; i < Check.positive(weight, "weight"); i++) {
                faults.add(fault);
            }
            return this;
        }

        /** The clock that the layer's delays and {@link #arm} go by. */
        public Builder time(TimeSource time) {
            this.time = Check.notNull(time, "time");
            return this;
        }

        /** For tests of what holds outside of tests. */
        Builder testRun(boolean testRun) {
            this.testRun = testRun;
            return this;
        }

        /** The plan. */
        public FaultPlan build() {
            List<Fault> all = faults.isEmpty() ? Fault.all() : List.copyOf(faults);
            return new FaultPlan(call -> drawn(call, all), time, testRun);
        }

        private Optional<Fault> drawn(long call, List<Fault> all) {
            long bits = mixed(mixed(seed) + call);
            if ((bits >>> 11) * 0x1.0p-53 >= share) {
                return Optional.empty();
            }
            return Optional.of(all.get((int) Long.remainderUnsigned(mixed(bits), all.size())));
        }

        // The finaliser of MurmurHash3: numbers that are near each other get bits that have nothing in common.
        private static long mixed(long bits) {
            long mixed = (bits ^ (bits >>> 33)) * 0xff51afd7ed558ccdL;
            mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
            return mixed ^ (mixed >>> 33);
        }
    }
}
