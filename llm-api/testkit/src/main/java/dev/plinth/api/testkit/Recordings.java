package dev.plinth.api.testkit;

import dev.plinth.api.testkit.JsonDiff.Difference;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What was recorded earlier, each exchange given once, those of the same request in their order. Thread-safe. */
final class Recordings {
    private final String name;
    private final List<Exchange> exchanges;
    private final List<List<String>> ignored;
    private final boolean repeatLast;
    private final BitSet used = new BitSet();

    /**
     * Nothing is used yet.
     *
     * @param name of the file, in messages
     * @param ignored paths within a request that may differ
     * @param repeatLast whether the last exchange of a request is given as often as it is asked for
     */
    Recordings(String name, List<Exchange> exchanges, List<List<String>> ignored, boolean repeatLast) {
        this.name = name;
        this.exchanges = List.copyOf(exchanges);
        this.ignored = List.copyOf(ignored);
        this.repeatLast = repeatLast;
    }

    List<Exchange> exchanges() {
        return exchanges;
    }

    /** The answer that is next for this request. */
    synchronized Optional<RecordedResponse> take(Json.Obj request) {
        List<Integer> fitting = fitting(request);
        Optional<Integer> next =
                fitting.stream().filter(index -> !used.get(index)).findFirst();
        if (next.isEmpty() && repeatLast && !fitting.isEmpty()) {
            next = Optional.of(fitting.get(fitting.size() - 1));
        }
        next.ifPresent(used::set);
        return next.map(index -> exchanges.get(index).response());
    }

    private List<Integer> fitting(Json.Obj request) {
        return IntStream.range(0, exchanges.size())
                .filter(index -> differences(index, request).isEmpty())
                .boxed()
                .toList();
    }

    private List<Difference> differences(int index, Json.Obj request) {
        return JsonDiff.between(exchanges.get(index).request(), request, ignored);
    }

    /** Why nothing was taken for this request: what was recorded that is nearest to it, and where that differs. */
    String whyNone(Json.Obj request) {
        String asked = "request: " + RecordedRequest.name(request) + " (expected: ";
        int times = fitting(request).size();
        if (times > 0) {
            return asked + "no more than " + times + " times, as recorded in " + name + ")";
        }
        Optional<Integer> nearest = IntStream.range(0, exchanges.size())
                .boxed()
                .min(Comparator.comparingDouble(index -> distance(differences(index, request))));
        if (nearest.isEmpty()) {
            return asked + "a recorded one, but " + name + " has none)";
        }
        return asked + "one recorded in " + name + "; the nearest is number " + (nearest.get() + 1) + " of "
                + exchanges.size() + ")\n" + Mismatch.describe(differences(nearest.get(), request));
    }

    private static double distance(List<Difference> differences) {
        return differences.stream().mapToDouble(Mismatch::distance).sum();
    }

    /** The exchanges that nobody asked for; empty: there are none. */
    synchronized Optional<String> unused() {
        if (used.cardinality() == exchanges.size()) {
            return Optional.empty();
        }
        String names = IntStream.range(0, exchanges.size())
                .filter(index -> !used.get(index))
                .mapToObj(index -> (index + 1) + ": "
                        + RecordedRequest.name(exchanges.get(index).request()))
                .collect(Collectors.joining(", "));
        return Optional.of("recordings: not used in " + name + ": " + names + " (expected: all used)");
    }
}
