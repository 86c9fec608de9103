package dev.plinth.providers.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.api.chat.Part;
import java.io.IOException;

/**
 * What the model thought: a {@code thinking} block with its signature, or a {@code redacted_thinking} block, whose data is
 * kept in place of a signature under a name of its own, since a signed thought may have no text either.
 */
final class Thoughts {

    private static final String REDACTED = Anthropic.PROTOCOL + "-redacted";

    private Thoughts() {}

    /** The part of a redacted block. */
    static Part.Reasoning redacted(String data) {
        return new Part.Reasoning("", data, REDACTED);
    }

    /** Whether the protocol signed it: only then does it take it back. */
    static boolean isOurs(Part.Reasoning thought) {
        return Anthropic.PROTOCOL.equals(thought.protocol()) || REDACTED.equals(thought.protocol());
    }

    /** Writes the fields of the block it came from. */
    static void write(Part.Reasoning thought, JsonGenerator json) throws IOException {
        if (REDACTED.equals(thought.protocol())) {
            json.writeStringField("type", "redacted_thinking");
            json.writeStringField("data", thought.signature());
        } else {
            json.writeStringField("type", "thinking");
            json.writeStringField("thinking", thought.text());
            json.writeStringField("signature", thought.signature());
        }
    }
}
