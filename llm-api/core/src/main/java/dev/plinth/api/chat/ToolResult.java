package dev.plinth.api.chat;

import dev.plinth.api.check.Check;

/**
 * What a tool answered.
 *
 * @param callId id of the {@link ToolCall}
 * @param name of the tool
 * @param text for the model: plain text or JSON
 * @param isError whether the tool failed; the text says how
 */
public record ToolResult(String callId, String name, String text, boolean isError) implements Part {

    public ToolResult {
        Check.notNull(callId, "callId");
        Check.notNull(name, "name");
        Check.notNull(text, "text");
    }
}
