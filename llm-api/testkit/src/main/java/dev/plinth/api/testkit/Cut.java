package dev.plinth.api.testkit;

import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.chat.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;

/** How a complete answer is cut into the events of a stream. Never splits a surrogate pair by itself. */
final class Cut {
    private static final int LONGEST = 8;

    static final Cut WORDS = new Cut(() -> Cut::words, List.of());

    private final Supplier<Function<String, List<String>>> splitter;
    private final List<String> given;

    private Cut(Supplier<Function<String, List<String>>> splitter, List<String> given) {
        this.splitter = splitter;
        this.given = given;
    }

    static Cut random(long seed) {
        return new Cut(
                () -> {
                    Random random = new Random(seed);
                    return text -> pieces(text, random);
                },
                List.of());
    }

    static Cut given(List<String> deltas) {
        return new Cut(() -> Cut::words, deltas);
    }

    /** The events of the answer, its finish last. */
    List<StreamEvent> events(ChatResponse response) {
        Function<String, List<String>> split = splitter.get();
        List<StreamEvent> events = new ArrayList<>();
        boolean textDone = false;
        int index = 0;
        for (Part part : response.message().parts()) {
            if (part instanceof Part.Text text && given.isEmpty()) {
                split.apply(text.text()).forEach(piece -> events.add(new StreamEvent.TextDelta(piece)));
            } else if (part instanceof Part.Text && !textDone) {
                given.forEach(piece -> events.add(new StreamEvent.TextDelta(piece)));
                textDone = true;
            } else if (part instanceof Part.Reasoning reasoning) {
                split.apply(reasoning.text()).forEach(piece -> events.add(new StreamEvent.ReasoningDelta(piece)));
            } else if (part instanceof ToolCall call) {
                addCall(events, index++, call, split);
            } else if (part instanceof Part.Other other) {
                events.add(new StreamEvent.Other(other.type(), other.json()));
            }
        }
        events.add(new StreamEvent.Finished(response));
        return events;
    }

    private static void addCall(
            List<StreamEvent> events, int index, ToolCall call, Function<String, List<String>> split) {
        events.add(new StreamEvent.ToolCallDelta(index, call.id(), call.name(), ""));
        for (String piece : split.apply(call.arguments())) {
            events.add(new StreamEvent.ToolCallDelta(index, null, null, piece));
        }
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        int start = 0;
        for (int i = 1; i < text.length(); i++) {
            if (Character.isWhitespace(text.charAt(i - 1)) && !Character.isWhitespace(text.charAt(i))) {
                words.add(text.substring(start, i));
                start = i;
            }
        }
        if (start < text.length()) {
            words.add(text.substring(start));
        }
        return words;
    }

    private static List<String> pieces(String text, Random random) {
        List<String> pieces = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int end = Math.min(text.length(), start + 1 + random.nextInt(LONGEST));
            if (end < text.length() && Character.isLowSurrogate(text.charAt(end))) {
                end++;
            }
            pieces.add(text.substring(start, end));
            start = end;
        }
        return pieces;
    }
}
