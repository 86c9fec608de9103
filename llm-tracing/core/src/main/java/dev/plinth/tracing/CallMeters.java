package dev.plinth.tracing;

import io.opentelemetry.api.common.Attributes;

/** The figures of calls under the names of one version of the conventions. Thread-safe. */
interface CallMeters {

    /** A call has ended, in whichever way. */
    void ended(EndedCall call);

    /** The first piece of a streamed answer came, so many seconds after the start. */
    void firstChunk(Attributes labels, double seconds);

    /** A further piece came, so many seconds after the one before. */
    void nextChunk(Attributes labels, double seconds);
}
