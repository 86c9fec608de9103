package dev.plinth.governance;

import dev.plinth.api.context.CallContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** All that is stopped at one moment. Immutable. */
final class Stops {

    static final Stops NONE = new Stops(List.of());

    private final Map<Stoppable, Stop> byWhat = new LinkedHashMap<>();

    /** Of two stops of the same thing the first counts. */
    Stops(List<Stop> stops) {
        stops.forEach(stop -> byWhat.putIfAbsent(stop.what(), stop));
    }

    List<Stop> all() {
        return List.copyOf(byWhat.values());
    }

    /** What stops the calls in a context, wherever they go. */
    Optional<Stop> of(CallContext context) {
        return byWhat.isEmpty() ? Optional.empty() : first(Stoppable.of(context).stream());
    }

    /** What stops the calls to a model. */
    Optional<Stop> of(String provider, String model) {
        return byWhat.isEmpty()
                ? Optional.empty()
                : first(Stream.of(Stoppable.provider(provider), Stoppable.model(provider, model)));
    }

    private Optional<Stop> first(Stream<Stoppable> things) {
        return things.map(byWhat::get).filter(Objects::nonNull).findFirst();
    }
}
