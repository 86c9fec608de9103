package dev.plinth.providers.wire;

import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.chat.ToolCall;
import java.util.function.Supplier;

/** A tool call while it is read. Not thread-safe. */
public final class ToolCallBuilder implements Supplier<Part> {

    /** Starts the ids of calls that came without one; no server starts its own like this. */
    public static final String MADE_UP_ID = "call_unnamed_";

    private static final String NO_ARGUMENTS = "{}";

    private final AnswerParts parts;
    private final int position;
    private final String id;
    private final String name;
    private final StringBuilder arguments = new StringBuilder();
    private boolean told;

    ToolCallBuilder(AnswerParts parts, int position, String id, String name) {
        this.parts = parts;
        this.position = position;
        this.id = id.isEmpty() ? MADE_UP_ID + position : id;
        this.name = name;
    }

    /** The next fragment of the arguments, which are JSON; may be empty. */
    public void arguments(String fragment) {
        arguments.append(fragment);
        parts.tell(new StreamEvent.ToolCallDelta(position, told ? null : id, told ? null : name, fragment));
        told = true;
    }

    /** A call without arguments gets an empty object; whether somebody was told so. */
    boolean end() {
        boolean blank = arguments.chars().allMatch(Character::isWhitespace);
        if (blank) {
            arguments.setLength(0);
            arguments(NO_ARGUMENTS);
        }
        return blank;
    }

    @Override
    public Part get() {
        return new ToolCall(id, name, arguments.toString());
    }
}
