package dev.plinth.tracing;

import static dev.plinth.tracing.ContentValues.elements;
import static dev.plinth.tracing.ContentValues.field;
import static dev.plinth.tracing.ContentValues.text;

import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Messages as OpenInference has them: a few attributes for each, by the end of their names, and one message for each
 * result of a tool. A span holds 128 attributes unless it is told otherwise, and drops what comes after, so there are
 * few messages; {@code input.value} has them all.
 */
final class FlatMessages {

    private static final int MOST_CALLS = 4;
    private static final String LEFT_OUT = " left out";

    private final List<Map<String, String>> messages = new ArrayList<>();

    /** What the system says. */
    FlatMessages instructions(@Nullable Value<?> instructions) {
        for (Value<?> part : elements(instructions)) {
            messages.add(message("system", said(part)));
        }
        return this;
    }

    /** What is said in these messages. */
    FlatMessages messages(@Nullable Value<?> all) {
        elements(all).forEach(this::add);
        return this;
    }

    /** All, if they have at most so many attributes; else the first and the newest, with how many are missing. */
    List<Map<String, String>> within(int attributes) {
        if (messages.stream().mapToInt(Map::size).sum() <= attributes) {
            return messages;
        }
        Map<String, String> first = messages.get(0);
        int left = attributes - first.size() - omitted(0).size();
        int from = messages.size();
        while (left >= messages.get(from - 1).size()) { // ends before the first: all of them are too many
            from--;
            left -= messages.get(from).size();
        }
        List<Map<String, String>> fewer = new ArrayList<>(List.of(first, omitted(from - 1)));
        fewer.addAll(messages.subList(from, messages.size()));
        return fewer;
    }

    private void add(Value<?> message) {
        String role = text(field(message, "role"));
        StringBuilder said = new StringBuilder();
        List<Value<?>> calls = new ArrayList<>();
        List<Map<String, String>> results = new ArrayList<>();
        for (Value<?> part : elements(field(message, "parts"))) {
            switch (text(field(part, "type"))) {
                case "tool_call" -> calls.add(part);
                case "tool_call_response" -> {
                    Map<String, String> result = message(role, text(field(part, "response")));
                    result.put("tool_call_id", text(field(part, "id")));
                    results.add(result);
                }
                default -> said.append(said(part));
            }
        }
        if (results.isEmpty() || !said.isEmpty() || !calls.isEmpty()) {
            Map<String, String> whole = message(role, said + missing(message));
            calls(whole, calls);
            messages.add(whole);
        }
        messages.addAll(results);
    }

    private static void calls(Map<String, String> message, List<Value<?>> calls) {
        for (int i = 0; i < Math.min(calls.size(), MOST_CALLS); i++) {
            String call = "tool_calls." + i + ".tool_call.";
            message.put(call + "id", text(field(calls.get(i), "id")));
            message.put(call + "function.name", text(field(calls.get(i), "name")));
            message.put(call + "function.arguments", text(field(calls.get(i), "arguments")));
        }
        if (calls.size() > MOST_CALLS) {
            message.put(
                    "tool_calls." + MOST_CALLS + ".tool_call.function.name", (calls.size() - MOST_CALLS) + LEFT_OUT);
        }
    }

    private static Map<String, String> omitted(int count) {
        return message("omitted", count + LEFT_OUT);
    }

    private static Map<String, String> message(String role, String content) {
        Map<String, String> message = new LinkedHashMap<>();
        message.put("role", role);
        if (!content.isEmpty()) {
            message.put("content", content);
        }
        return message;
    }

    /** The text of a part; none of those that have no place of their own there. */
    private static String said(Value<?> part) {
        return text(field(part, "type")).equals("text") ? text(field(part, "content")) : missing(part);
    }

    /** What was too long to be recorded at all says how much it was. */
    private static String missing(Value<?> placeholder) {
        String count = text(field(placeholder, "count"));
        return count.isEmpty() ? "" : count + LEFT_OUT;
    }
}
