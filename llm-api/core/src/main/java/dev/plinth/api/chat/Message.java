package dev.plinth.api.chat;

import dev.plinth.api.check.Check;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * One turn of a conversation.
 *
 * @param role who speaks
 * @param parts what is said, in order; not empty, except that an assistant may have said nothing
 */
public record Message(Role role, List<Part> parts) {

    public Message {
        Check.notNull(role, "role");
        parts = List.copyOf(Check.notNull(parts, "parts"));
        Check.that(role == Role.ASSISTANT || !parts.isEmpty(), "parts", "empty", "at least one part");
        for (Part part : parts) { // a loop and no stream: a message is made for every call
            boolean fits = part instanceof Part.CachePoint || part instanceof ToolResult == (role == Role.TOOL);
            Check.that(fits, "parts", role, "tool results in TOOL messages only");
        }
    }

    /** What the application tells the model, above the user. */
    public static Message system(String text) {
        return new Message(Role.SYSTEM, List.of(new Part.Text(text)));
    }

    /** What the user says. */
    public static Message user(String text) {
        return new Message(Role.USER, List.of(new Part.Text(text)));
    }

    /** What the user says and shows. */
    public static Message user(Part... parts) {
        return new Message(Role.USER, List.of(parts));
    }

    /** What the model said. */
    public static Message assistant(String text) {
        return new Message(Role.ASSISTANT, List.of(new Part.Text(text)));
    }

    /** What the model said and asked for. */
    public static Message assistant(List<? extends Part> parts) {
        return new Message(Role.ASSISTANT, List.copyOf(parts));
    }

    /** What the tools answered, all results of one assistant turn together. */
    public static Message tool(List<ToolResult> results) {
        return new Message(Role.TOOL, List.copyOf(results));
    }

    /** All text parts joined; empty when there is none. */
    public String text() {
        if (parts.size() == 1 && parts.get(0) instanceof Part.Text only) {
            return only.text();
        }
        StringBuilder joined = new StringBuilder();
        for (Part part : parts) {
            if (part instanceof Part.Text text) {
                joined.append(text.text());
            }
        }
        return joined.toString();
    }

    /** The tools the model asks for, in order. */
    public List<ToolCall> toolCalls() {
        List<ToolCall> calls = List.of();
        for (Part part : parts) {
            if (part instanceof ToolCall call) {
                calls = calls.isEmpty() ? new ArrayList<>() : calls;
                calls.add(call);
            }
        }
        return Collections.unmodifiableList(calls);
    }
}
