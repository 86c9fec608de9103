package dev.plinth.api.chat;

import dev.plinth.api.check.Check;
import org.jspecify.annotations.Nullable;

/**
 * Whether the model may, must or must not call tools.
 *
 * @param mode which of these
 * @param tool the one tool to call; null unless the mode is {@link Mode#TOOL}
 */
public record ToolChoice(Mode mode, @Nullable String tool) {

    /** The kinds of choice. */
    public enum Mode {
        AUTO,
        NONE,
        REQUIRED,
        TOOL
    }

    /** The model decides. */
    public static final ToolChoice AUTO = new ToolChoice(Mode.AUTO, null);

    /** The model answers without tools. */
    public static final ToolChoice NONE = new ToolChoice(Mode.NONE, null);

    /** The model has to call a tool, whichever. */
    public static final ToolChoice REQUIRED = new ToolChoice(Mode.REQUIRED, null);

    public ToolChoice {
        Check.notNull(mode, "mode");
        Check.that((mode == Mode.TOOL) == (tool != null), "tool", tool, "a name exactly when the mode is TOOL");
    }

    /** The model has to call this tool. */
    public static ToolChoice tool(String name) {
        return new ToolChoice(Mode.TOOL, Check.notBlank(name, "name"));
    }
}
