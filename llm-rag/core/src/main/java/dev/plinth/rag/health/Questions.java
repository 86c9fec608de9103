package dev.plinth.rag.health;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The first questions and the most recent ones. Thread-safe. */
final class Questions {
    private final int window;
    private final List<Question> first = new ArrayList<>();
    private final Deque<Question> recent = new ArrayDeque<>();
    private long seen;

    /** A question and, once it was embedded, its vector. */
    static final class Question {
        private final String text;
        private volatile float @Nullable [] vector;

        private Question(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }

        float @Nullable [] vector() {
            return vector;
        }

        void vector(float[] vector) {
            this.vector = vector;
        }
    }

    Questions(int window) {
        this.window = window;
    }

    synchronized void add(String text) {
        Question question = new Question(text);
        seen++;
        if (first.size() < window) {
            first.add(question);
        }
        recent.addLast(question);
        if (recent.size() > window) {
            recent.removeFirst();
        }
    }

    synchronized List<Question> first() {
        return List.copyOf(first);
    }

    synchronized List<Question> recent() {
        return List.copyOf(recent);
    }

    /** Whether none of the recent questions is one of the first. */
    synchronized boolean areTwoWindows() {
        return seen >= 2L * window;
    }
}
