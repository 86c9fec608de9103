package dev.plinth.api.tool;

import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.check.Check;
import dev.plinth.api.context.CallContext;

/**
 * A tool that hands every call on to another: the base of wrappers, which override what they change.
 *
 * <p>As thread-safe as the other one.
 */
public abstract class ForwardingTool implements Tool {

    private final Tool next;

    /** @param next gets the calls */
    protected ForwardingTool(Tool next) {
        this.next = Check.notNull(next, "next");
    }

    /** What gets the calls. */
    protected final Tool next() {
        return next;
    }

    @Override
    public ToolSpec spec() {
        return next.spec();
    }

    @Override
    public ToolResult call(ToolCall call, CallContext context) {
        return next.call(call, context);
    }
}
