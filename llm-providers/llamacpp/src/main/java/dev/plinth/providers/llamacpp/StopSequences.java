package dev.plinth.providers.llamacpp;

import java.util.List;

/**
 * Looks for texts that end an answer while it comes in pieces, and holds back what may be the start of one. The one
 * that is complete first counts. Not thread-safe.
 */
final class StopSequences {

    private final List<String> stops;
    private final StringBuilder held = new StringBuilder();
    private boolean found;

    StopSequences(List<String> stops) {
        this.stops = stops.stream().filter(stop -> !stop.isEmpty()).toList();
    }

    /** Takes more text and returns what is certainly part of the answer; may be empty. */
    String next(String text) {
        if (stops.isEmpty()) {
            return text;
        }
        held.append(text);
        int start = -1;
        int end = Integer.MAX_VALUE;
        for (String stop : stops) {
            int at = held.indexOf(stop);
            boolean sooner = at >= 0 && at + stop.length() <= end;
            if (sooner && (at + stop.length() < end || at < start)) {
                start = at;
                end = at + stop.length();
            }
        }
        found = start >= 0;
        return release(found ? start : held.length() - beginning());
    }

    /** Whether the answer is over. */
    boolean found() {
        return found;
    }

    /** What was held back; nothing follows it. */
    String rest() {
        return release(held.length());
    }

    private String release(int length) {
        String released = held.substring(0, length);
        held.delete(0, length);
        return released;
    }

    /** How many of the last characters are the start of a stop sequence. */
    private int beginning() {
        int longest = 0;
        for (String stop : stops) {
            for (int length = Math.min(stop.length() - 1, held.length()); length > longest; length--) {
                if (stop.startsWith(held.substring(held.length() - length))) {
                    longest = length;
                }
            }
        }
        return longest;
    }
}
