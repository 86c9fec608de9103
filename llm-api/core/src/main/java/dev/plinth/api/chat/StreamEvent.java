package dev.plinth.api.chat;

import dev.plinth.api.check.Check;
import org.jspecify.annotations.Nullable;

/**
 * One piece of a streamed answer. Vendors add kinds: write a default branch for {@link Other} and for kinds to come.
 *
 * <p>All events are immutable and thread-safe.
 */
public sealed interface StreamEvent {

    /**
     * More text.
     *
     * @param text not empty
     */
    record TextDelta(String text) implements StreamEvent {
        public TextDelta {
            Check.notNull(text, "text");
        }
    }

    /**
     * More of what the model thinks.
     *
     * @param text not empty
     */
    record ReasoningDelta(String text) implements StreamEvent {
        public ReasoningDelta {
            Check.notNull(text, "text");
        }
    }

    /**
     * More of a tool call. The whole call stands in the response.
     *
     * @param index which of the calls of this answer, from 0
     * @param id of the call; null when it came before
     * @param name of the tool; null when it came before
     * @param arguments the next fragment of the JSON; may be empty
     */
    record ToolCallDelta(
            int index, @Nullable String id, @Nullable String name, String arguments) implements StreamEvent {
        public ToolCallDelta {
            Check.that(index >= 0, "index", index, ">= 0");
            Check.notNull(arguments, "arguments");
        }
    }

    /**
     * The end, with everything put together. Always the last event, and the only one a stream cannot do without.
     *
     * @param response the whole answer
     */
    record Finished(ChatResponse response) implements StreamEvent {
        public Finished {
            Check.notNull(response, "response");
        }
    }

    /**
     * A kind this version does not know.
     *
     * @param type the vendor's name of the kind
     * @param json the event as it came
     */
    record Other(String type, String json) implements StreamEvent {
        public Other {
            Check.notNull(type, "type");
            Check.notNull(json, "json");
        }
    }
}
