package dev.plinth.cache;

import dev.plinth.api.cache.CacheKey;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.time.Timeouts;
import dev.plinth.api.usage.Usage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The calls that are under way, so that others can wait for them instead of asking the same. */
final class Flights {

    private final ConcurrentMap<CacheKey, Flight> flights = new ConcurrentHashMap<>();

    /** Begins a flight; null when one for this key is under way. It has to be landed. */
    @Nullable
    Flight begin(CacheKey key) {
        Flight flight = new Flight(key);
        return flights.putIfAbsent(key, flight) == null ? flight : null;
    }

    /** The flight to wait for, or null. Nobody waits for a flight of the own thread: it would never land. */
    @Nullable
    Flight underWay(CacheKey key) {
        Flight flight = flights.get(key);
        return flight == null || flight.pilot == Thread.currentThread() ? null : flight;
    }

    final class Flight {
        private final CacheKey key;
        private final Thread pilot = Thread.currentThread();
        private final CompletableFuture<Optional<ChatResponse>> answer = new CompletableFuture<>();

        private Flight(CacheKey key) {
            this.key = key;
        }

        /** Ends it: with an answer for all, or with none. */
        void land(Optional<ChatResponse> shared) {
            flights.remove(key, this);
            answer.complete(shared);
        }

        /** Waits for its end, as long as the request allows. Empty: there is no answer for all. */
        Optional<ChatResponse> await(ChatRequest request) {
            Duration total = request.timeouts().orElse(Timeouts.DEFAULT).total();
            Duration limit = request.context()
                    .deadline()
                    .map(deadline -> deadline.cap(total))
                    .orElse(total);
            try {
                return answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException interruption) {
                Thread.currentThread().interrupt();
                throw new CancelledException(
                                "thread: interrupted while another caller asked the same (expected: its answer)",
                                ErrorDetails.NONE,
                                interruption)
                        .setPartial("", Usage.NONE);
            } catch (TimeoutException timeout) {
                throw new TimedOutException(
                                "wait: over after " + limit + " (expected: the answer another caller asked for)",
                                ErrorDetails.NONE,
                                timeout)
                        .setPartial("", Usage.NONE);
            } catch (ExecutionException impossible) {
                throw new IllegalStateException("flight: failed (expected: landed)", impossible);
            }
        }
    }
}
