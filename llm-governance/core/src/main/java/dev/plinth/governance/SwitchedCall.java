package dev.plinth.governance;

import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.error.DeniedException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.rerank.RerankResponse;
import dev.plinth.api.time.TimeSource;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One call under a kill switch: what it is for, and to which models it went.
 *
 * <p>Thread-safe: a hedged call goes to several models side by side.
 */
final class SwitchedCall {

    private static final String RULE = "kill-switch";

    private record Place(String provider, String model) {}

    /** What an answer used and cost. */
    private record Paid(Usage usage, @Nullable Cost cost, List<Attempt> attempts) {
        static Paid of(ChatResponse response) {
            return new Paid(response.usage(), response.cost().orElse(null), response.attempts());
        }
    }

    private final CallContext context;
    private final Supplier<Stops> stops;
    private final TimeSource time;
    private final Instant startedAt;
    private final long startedNanos;
    private final List<Place> places = new CopyOnWriteArrayList<>();

    /**
     * Begins a call.
     *
     * @param stops what is stopped by now
     * @throws DeniedException if its context is stopped
     */
    SwitchedCall(CallContext context, Supplier<Stops> stops, TimeSource time) {
        this.context = context;
        this.stops = stops;
        this.time = time;
        this.startedAt = time.now();
        this.startedNanos = time.nanos();
        stops.get().of(context).ifPresent(stop -> {
            throw unsent(stop, ErrorDetails.NONE);
        });
    }

    /**
     * Lets the call go to a model.
     *
     * @param sent the context it goes there in
     * @throws DeniedException if that or the model is stopped
     */
    void goTo(CallContext sent, String provider, String model) {
        Place place = new Place(provider, model);
        places.add(place); // first: whoever stops it now finds it
        try {
            require(stops.get(), sent, provider, model);
        } catch (DeniedException denied) {
            places.remove(place);
            throw denied;
        }
    }

    /** Refuses a call whose context is stopped, or the model it goes to. */
    static void require(Stops now, CallContext context, String provider, String model) {
        now.of(context).or(() -> now.of(provider, model)).ifPresent(stop -> {
            throw unsent(
                    stop, ErrorDetails.builder().provider(provider).model(model).build());
        });
    }

    /** What stops the call by now, wherever it went. */
    Optional<Stop> stopped(Stops now) {
        return stopped(now, places);
    }

    private Optional<Stop> stopped(Stops now, List<Place> where) {
        return now.of(context)
                .or(() -> where.stream()
                        .flatMap(place -> now.of(place.provider(), place.model()).stream())
                        .findFirst());
    }

    /**
     * The answer, unless it was stopped while the call ran. What only failed attempts went to does not matter.
     *
     * @param shown what of it has been shown already
     * @throws DeniedException instead of an answer that must not be shown any more
     */
    ChatResponse passed(ChatResponse response, String shown) {
        requireRunning(Paid.of(response), shown);
        return response;
    }

    /** As for an answer in words. */
    EmbeddingResponse passed(EmbeddingResponse response) {
        requireRunning(new Paid(response.usage(), response.cost(), response.attempts()), "");
        return response;
    }

    /** As for an answer in words. */
    RerankResponse passed(RerankResponse response) {
        requireRunning(new Paid(response.usage(), response.cost(), response.attempts()), "");
        return response;
    }

    /** As for an answer in words; for what no model was asked. */
    <R> R passed(R result) {
        requireRunning(new Paid(Usage.NONE, null, List.of()), "");
        return result;
    }

    private void requireRunning(Paid paid, String shown) {
        List<Place> answered = paid.attempts.stream()
                .filter(Attempt::succeeded)
                .map(attempt -> new Place(attempt.provider(), attempt.model()))
                .toList();
        stopped(stops.get(), answered.isEmpty() ? places : answered).ifPresent(stop -> {
            throw withheld(denied(stop, ErrorDetails.NONE), paid, shown);
        });
    }

    /** The denial that is thrown in the place of an answer, with what that used: it is paid for. */
    DeniedException withheld(DeniedException denied, ChatResponse response, String shown) {
        return withheld(denied, Paid.of(response), shown);
    }

    private DeniedException withheld(DeniedException denied, Paid paid, String shown) {
        List<Attempt> attempts = paid.attempts.isEmpty() ? alone(paid.usage, paid.cost) : paid.attempts;
        return withheld(denied, attempts, paid.usage, shown);
    }

    static DeniedException withheld(DeniedException denied, List<Attempt> attempts, Usage usage, String shown) {
        if (!attempts.isEmpty()) {
            denied.setAttempts(attempts);
        }
        denied.setPartial(shown, usage);
        return denied;
    }

    /** The call as its only attempt; none when it went to no model. */
    private List<Attempt> alone(Usage usage, @Nullable Cost cost) {
        if (places.isEmpty()) {
            return List.of();
        }
        Place last = places.get(places.size() - 1);
        Duration duration = Duration.ofNanos(time.nanos() - startedNanos);
        return List.of(new Attempt(
                null, last.provider(), last.model(), "only attempt", startedAt, duration, null, usage, cost));
    }

    private static DeniedException unsent(Stop stop, ErrorDetails details) {
        return withheld(denied(stop, details), List.of(), Usage.NONE, "");
    }

    static DeniedException denied(Stop stop, ErrorDetails details) {
        String message = "call: " + stop.what() + " is stopped since " + stop.since() + ", " + stop.reason()
                + " (expected: a call of what is not stopped)";
        return new DeniedException(RULE, stop.owner(), message, details);
    }
}
