package dev.plinth.api.tool;

import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.context.CallContext;

/**
 * Something a model may have done for it.
 *
 * <p>Thread-safe. A tool runs on the thread of the loop, or on the loop's executor, with its context current.
 */
public interface Tool {

    /** What the model is told. */
    ToolSpec spec();

    /**
     * Does it.
     *
     * @param call what the model asked for; its arguments may be broken JSON
     * @param context of the chat call that asked
     * @return {@link ToolCall#result} or {@link ToolCall#error}; an exception counts as an error and its message goes
     *     to the model
     */
    ToolResult call(ToolCall call, CallContext context);
}
