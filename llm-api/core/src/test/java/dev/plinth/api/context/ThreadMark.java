package dev.plinth.api.context;

import org.jspecify.annotations.Nullable;

/** What a library of the tests keeps for each thread; captured by its provider. */
record ThreadMark(String name) implements ThreadContext {

    private static final ThreadLocal<@Nullable ThreadMark> CURRENT = new ThreadLocal<>();

    static @Nullable ThreadMark current() {
        return CURRENT.get();
    }

    @Override
    public Scope makeCurrent() {
        if (name.equals("broken")) {
            throw new IllegalStateException("broken");
        }
        ThreadMark before = CURRENT.get();
        CURRENT.set(this);
        return () -> {
            if (before == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(before);
            }
        };
    }

    /** Found by the service loader. */
    public static final class Captured implements Provider {
        @Override
        public CallContext capture(CallContext context) {
            ThreadMark mark = CURRENT.get();
            return mark == null
                    ? context
                    : context.toBuilder().attachment(ThreadMark.class, mark).build();
        }
    }
}
