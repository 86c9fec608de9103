package dev.plinth.providers.limit;

import dev.plinth.api.check.Check;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.DeniedException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.layer.Admission;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.time.TimeSource;
import dev.plinth.api.usage.RateLimit;
import dev.plinth.api.usage.Usage;
import dev.plinth.providers.attempt.Patience;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.function.Supplier;

/** The gates of all deployments and keys, made when they are first needed. Thread-safe. */
final class Gates {

    private static final int KEPT_IDLE = 1_024;

    private final Settings settings;
    private final ConcurrentMap<String, Shared> gates = new ConcurrentHashMap<>();

    /** A gate, and how many are in it; changed only while the map holds its entry. */
    private static final class Shared {
        private final Gate gate;
        private int users;

        Shared(Gate gate) {
            this.gate = gate;
        }
    }

    Gates(Settings settings) {
        this.settings = settings;
    }

    /**
     * Makes the call when its turn has come.
     *
     * @param target what it goes to
     */
    <T> T call(
            String deployment,
            ModelInfo target,
            CallContext context,
            Amounts need,
            Supplier<T> call,
            Function<T, Usage> usage,
            Function<T, List<RateLimit>> limits) {
        Pass pass = enter(deployment, target, context, need);
        T answer;
        try {
            answer = call.get();
        } catch (Throwable failure) {
            pass.failed(failure);
            throw failure;
        }
        pass.answered(usage.apply(answer), limits.apply(answer), settings.time().nanos());
        return answer;
    }

    TimeSource clock() {
        return settings.time();
    }

    /** Waits for the turn of a call. Policy may have changed meanwhile. */
    Pass enter(String deployment, ModelInfo target, CallContext context, Amounts need) {
        Pass pass = enter(deployment, context, need);
        Optional<DeniedException> denied = Admission.refusal(target, context);
        if (denied.isPresent()) {
            pass.failed(denied.get());
            throw denied.get();
        }
        return pass;
    }

    private Pass enter(String deployment, CallContext context, Amounts need) {
        String key = Check.notNull(settings.key().apply(context), "key");
        String tenant = Check.notNull(settings.tenant().apply(context), "tenant");
        boolean patient = Patience.of(context) != Patience.NONE;
        Deadline own = Deadline.after(settings.maxWait(), settings.time());
        Deadline until = context.deadline().map(own::earlier).orElse(own);
        String names = segment(deployment) + "/" + segment(key);
        Gate gate = join(deployment, names);
        try {
            return gate.enter(need, tenant, until, patient, () -> leave(names));
        } catch (LlmException failure) { // of the wait or of the store: nothing was sent yet
            leave(names);
            throw failure.setPartial("", Usage.NONE);
        } catch (Throwable failure) {
            leave(names);
            throw failure;
        }
    }

    private Gate join(String deployment, String names) {
        return gates.compute(names, (name, before) -> {
                    Shared shared = before == null ? new Shared(open(deployment, names)) : before;
                    shared.users++;
                    return shared;
                })
                .gate;
    }

    private Gate open(String deployment, String names) {
        Limit limit = settings.named().getOrDefault(deployment, settings.each());
        return new Gate(deployment, names, limit, settings.store(), settings.time());
    }

    /** An idle gate is kept for what the vendor reported, as long as there are few: the buckets are in the store. */
    private void leave(String names) {
        gates.computeIfPresent(names, (name, shared) -> {
            shared.users--;
            return shared.users == 0 && gates.size() > KEPT_IDLE ? null : shared;
        });
    }

    /** One part of a name: a slash in it must not look like the border between two. */
    private static String segment(String part) {
        return part.replace("%", "%25").replace("/", "%2F");
    }

    /** How many calls run, for tests. */
    int running() {
        return gates.values().stream().mapToInt(shared -> shared.gate.running()).sum();
    }

    /** How many gates are known, for tests. */
    int size() {
        return gates.size();
    }
}
