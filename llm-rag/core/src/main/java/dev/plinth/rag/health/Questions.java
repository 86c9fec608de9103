package dev.plinth.rag.health;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The first questions and the most recent ones. Thread-safe. */
final class Questions {
    private final int window;
    private final List<String> first = new ArrayList<>();
    private final Deque<String> recent = new ArrayDeque<>();
    private long seen;

    Questions(int window) {
        this.window = window;
    }

    synchronized void add(String question) {
        seen++;
        if (first.size() < window) {
            first.add(question);
        }
        recent.addLast(question);
        if (recent.size() > window) {
            recent.removeFirst();
        }
    }

    synchronized List<String> first() {
        return List.copyOf(first);
    }

    synchronized List<String> recent() {
        return List.copyOf(recent);
    }

    /** Whether none of the recent questions is one of the first. */
    synchronized boolean areTwoWindows() {
        return seen >= 2L * window;
    }
}
