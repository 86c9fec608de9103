package dev.plinth.api.chat;

import dev.plinth.api.check.Check;

/**
 * The model asks for a tool to be run.
 *
 * @param id joins the result to the call; unique within a message
 * @param name of the tool; the model may have made it up
 * @param arguments a JSON object as the model wrote it, which may be broken; an empty object for a tool without any
 */
public record ToolCall(String id, String name, String arguments) implements Part {

    public ToolCall {
        Check.notNull(id, "id");
        Check.notNull(name, "name");
        Check.notNull(arguments, "arguments");
    }

    /** The result of this call: text for the model. */
    public ToolResult result(String text) {
        return new ToolResult(id, name, text, false);
    }

    /** The failure of this call, told to the model so that it can do better. */
    public ToolResult error(String text) {
        return new ToolResult(id, name, text, true);
    }
}
