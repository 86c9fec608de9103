package dev.plinth.api.layer;

import dev.plinth.api.check.Check;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.DeniedException;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.usage.Usage;
import java.util.Optional;

/**
 * A rule about whether a call may go to a model. A layer at {@link Stage#ADMIT} adds it to the context of the call, and
 * answers may change while the call runs. So a fallback or a retry escapes no policy:
 *
 * <ul>
 *   <li>Whoever sends the call to another model than the one it was made to, such as a router, asks when it chooses
 *       ({@link #refusal}), and right before it sends the call there ({@link #require}).
 *   <li>Whoever sends the call again or later, such as a layer that retries or waits for a limit, asks again before it
 *       does ({@link #refusal}), with the real name of the model.
 * </ul>
 *
 * <p>Thread-safe, and answers without a call. A copy of the call, such as one to a shadow, may carry nothing of its
 * context but who asks for what and the rules.
 */
@FunctionalInterface
public interface Admission {

    /**
     * Does nothing if the call may go there. Asking changes nothing, so anybody may ask, as often as needed.
     *
     * @throws DeniedException if it may not
     */
    void check(ModelInfo target, CallContext context);

    /**
     * As {@link #check}, for a call that goes there now; for rules that have to know where calls are.
     *
     * @throws DeniedException if it may not
     */
    default void enter(ModelInfo target, CallContext context) {
        check(target, context);
    }

    /** The context with this rule added to those it carries. */
    static CallContext add(Admission rule, CallContext context) {
        Check.notNull(rule, "rule");
        Admission all = context.attachment(Admission.class)
                .<Admission>map(before -> new Admissions(before, rule))
                .orElse(rule);
        return context.toBuilder().attachment(Admission.class, all).build();
    }

    /** Why a call may not go there, by the rules that its context carries; empty: it may. */
    static Optional<DeniedException> refusal(ModelInfo target, CallContext context) {
        try {
            context.attachment(Admission.class).ifPresent(rules -> rules.check(target, context));
            return Optional.empty();
        } catch (DeniedException denied) {
            return Optional.of(unsent(denied));
        }
    }

    /**
     * Asks all rules that the context carries, for a call that goes there now.
     *
     * @throws DeniedException if one of them says no
     */
    static void require(ModelInfo target, CallContext context) {
        try {
            context.attachment(Admission.class).ifPresent(rules -> rules.enter(target, context));
        } catch (DeniedException denied) {
            throw unsent(denied);
        }
    }

    /** What is denied before it is sent has used nothing, if the rule does not say what it had. */
    private static DeniedException unsent(DeniedException denied) {
        if (denied.partialUsage().source() == Usage.Source.UNKNOWN) {
            denied.setPartial(denied.partialText(), Usage.NONE);
        }
        return denied;
    }
}
