package dev.plinth.rag.split;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The headings that a position in the text stands under. */
final class HeadingPath {
    private record Entry(int level, String title) {}

    private final Deque<Entry> entries = new ArrayDeque<>();

    void enter(int level, String title) {
        leave(level);
        entries.addLast(new Entry(level, title));
    }

    /** Ends what stands at this level and below it. */
    void leave(int level) {
        while (!entries.isEmpty() && entries.getLast().level() >= level) {
            entries.removeLast();
        }
    }

    List<String> titles() {
        List<String> titles = new ArrayList<>();
        entries.forEach(entry -> titles.add(entry.title()));
        titles.removeIf(String::isEmpty);
        return List.copyOf(titles);
    }
}
