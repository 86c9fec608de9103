package dev.plinth.api.layer;

import dev.plinth.api.check.Check;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.DeniedException;
import dev.plinth.api.model.ModelInfo;

/**
 * A rule about where a call may go. A layer at {@link Stage#ADMIT} adds it to the context of the call; whoever sends the
 * call to another model than the one it was made to, such as a router, asks first: each time, right before it sends the
 * call there, since an answer may change while the call runs. So a fallback escapes no policy.
 *
 * <p>Thread-safe, and answers without a call.
 */
@FunctionalInterface
public interface Admission {

    /**
     * Does nothing if the call may go there.
     *
     * @throws DeniedException if it may not
     */
    void check(ModelInfo target, CallContext context);

    /** The context with this rule added to those it carries. */
    static CallContext add(Admission rule, CallContext context) {
        Check.notNull(rule, "rule");
        Admission all = context.attachment(Admission.class)
                .<Admission>map(before -> (target, asked) -> {
                    before.check(target, asked);
                    rule.check(target, asked);
                })
                .orElse(rule);
        return context.toBuilder().attachment(Admission.class, all).build();
    }

    /**
     * Asks all rules that the context carries.
     *
     * @throws DeniedException if one of them says no
     */
    static void require(ModelInfo target, CallContext context) {
        context.attachment(Admission.class).ifPresent(rules -> rules.check(target, context));
    }
}
