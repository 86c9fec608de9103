package dev.plinth.rag.connectors.web;

import dev.plinth.api.time.TimeSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Gives each request to a site its turn, so that they keep their distance. Thread-safe. */
final class Turns {
    private final TimeSource time;
    private final Map<String, Long> free = new HashMap<>();

    Turns(TimeSource time) {
        this.time = time;
    }

    /** How long to wait before the next request; the turn is taken. */
    synchronized Duration take(String site, Duration distance) {
        long now = time.nanos();
        Long next = free.get(site);
        long turn = next == null || next - now < 0 ? now : next;
        free.put(site, turn + distance.toNanos());
        return Duration.ofNanos(turn - now);
    }
}
