package dev.plinth.api.tck;

import java.util.Set;
import org.junit.jupiter.api.Assumptions;

/** Turns a declared gap into a test that is reported as skipped. */
final class Skips {
    private Skips() {}

    static <E extends Enum<E>> void unless(Set<E> unsupported, E needed) {
        if (unsupported.contains(needed)) {
            Assumptions.abort(needed + ": declared unsupported (expected: supported for this test)");
        }
    }
}
