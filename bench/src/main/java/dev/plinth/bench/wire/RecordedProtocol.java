package dev.plinth.bench.wire;

import java.net.URI;
import java.util.Optional;
import java.util.Set;

/** How the recorded calls of one file are made again with Plinth, and what their official client read, in our words. */
interface RecordedProtocol {

    /** The recording's file name. */
    String file();

    /** Why a case is not made again, because Plinth does not do such a thing; empty: it is made. */
    default Optional<String> left(RecordedCase recorded) {
        return Optional.empty();
    }

    /** Makes the call of a case at another server, once; closes what it opens. */
    Outcome call(RecordedCase recorded, URI server);

    /** What the official client read. */
    Reading read(RecordedCase recorded);

    /** The headers that count besides the content type, lower case. */
    Set<String> headers();
}
