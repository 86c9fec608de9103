package dev.plinth.tracing;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** The figures of calls under the names of one version of the conventions. Thread-safe. */
interface CallMeters {

    /**
     * Those of these versions. What both would record under one name, only the older ones do, or it would count twice.
     *
     * @param meters the meter of a version
     * @param bounds of labels
     */
    static List<CallMeters> of(Set<Conventions> versions, Function<Conventions, Meter> meters, Labels bounds) {
        return versions.stream()
                .<CallMeters>map(version -> switch (version) {
                    case V1_41 -> new MetersV141(meters.apply(version), bounds);
                    case GENAI_0_1 ->
                        new MetersGenAi01(meters.apply(version), bounds, !versions.contains(Conventions.V1_41));
                })
                .toList();
    }

    /** A call has ended, in whichever way. */
    void ended(EndedCall call);

    /** The first piece of a streamed answer came, so many seconds after the start. */
    void firstChunk(Attributes labels, double seconds);

    /** A further piece came, so many seconds after the one before. */
    void nextChunk(Attributes labels, double seconds);
}
