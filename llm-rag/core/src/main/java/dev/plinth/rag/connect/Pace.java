package dev.plinth.rag.connect;

import dev.plinth.api.error.CancelledException;
import dev.plinth.api.time.TimeSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * For connectors: lets requests through at an even pace, those to each place by themselves. Thread-safe; a wait ends with
 * a {@link CancelledException} when its thread is interrupted.
 */
public final class Pace {
    private final String source;
    private final TimeSource time;
    private final Map<String, Long> free = new HashMap<>();
    private final Map<String, Semaphore> permits = new ConcurrentHashMap<>();

    /** @param source what is read, for messages */
    public Pace(String source, TimeSource time) {
        this.source = source;
        this.time = time;
    }

    /** Waits until it is its turn at a place: as long after the one before as that one wanted. */
    public void await(String place, Duration distance) {
        try {
            time.sleep(turn(place, distance));
        } catch (InterruptedException interrupted) {
            throw Interruption.of(source, interrupted);
        }
    }

    private synchronized Duration turn(String place, Duration distance) {
        long now = time.nanos();
        Long next = free.get(place);
        long turn = next == null || next - now < 0 ? now : next;
        free.put(place, turn + distance.toNanos());
        return Duration.ofNanos(turn - now);
    }

    /** Asks when it is its turn at a place and what was asked there before has been answered. */
    public <T> T alone(String place, Duration distance, Supplier<T> request) {
        Semaphore permit = permits.computeIfAbsent(place, any -> new Semaphore(1, true));
        try {
            permit.acquire();
        } catch (InterruptedException interrupted) {
            throw Interruption.of(source, interrupted);
        }
        try {
            await(place, distance);
            return request.get();
        } finally {
            permit.release();
        }
    }
}
