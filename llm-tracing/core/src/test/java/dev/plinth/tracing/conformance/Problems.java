package dev.plinth.tracing.conformance;

import java.util.ArrayList;
import java.util.List;

/** What is wrong, in words. */
final class Problems {

    private final List<String> found = new ArrayList<>();

    void add(String name, Object value, Object expected) {
        add(name, value + " (expected: " + expected + ")");
    }

    void add(String name, String problem) {
        found.add(name + ": " + problem);
    }

    List<String> found() {
        return List.copyOf(found);
    }
}
