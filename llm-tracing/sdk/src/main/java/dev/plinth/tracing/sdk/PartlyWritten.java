package dev.plinth.tracing.sdk;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The first items of a batch were written, the others were not. */
final class PartlyWritten extends IOException {
    private static final long serialVersionUID = 1L;

    private final int items;

    /** So many before those of which this failure is. */
    PartlyWritten(int before, Throwable failure) {
        super("batch: written in part (expected: as a whole)", failure);
        this.items = before + items(failure);
    }

    /** How many were written of a batch that failed so. */
    static int items(@Nullable Throwable failure) {
        return failure instanceof PartlyWritten partly ? partly.items : 0;
    }
}
