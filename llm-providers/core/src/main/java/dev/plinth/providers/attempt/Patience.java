package dev.plinth.providers.attempt;

import dev.plinth.api.context.CallContext;

/** Whether it is worth waiting to try the same again: not while there is somewhere else to go. */
public enum Patience {
    /** Fail at once; another target is asked next. */
    NONE,
    /** There is no other way: try again as long as it takes. */
    FULL;

    /** The same context for a call with this patience. */
    public CallContext in(CallContext context) {
        return of(context) == this
                ? context
                : context.toBuilder().attachment(Patience.class, this).build();
    }

    /** How much patience a call has: full unless somebody said otherwise. */
    public static Patience of(CallContext context) {
        return context.attachment(Patience.class).orElse(FULL);
    }
}
