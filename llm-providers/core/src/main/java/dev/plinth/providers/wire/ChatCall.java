package dev.plinth.providers.wire;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.UnsupportedCapabilityException;

/**
 * One call, as a protocol sees it.
 *
 * @param request what is asked for; what it needs has been checked
 * @param model in the server's words
 * @param streamed whether the answer shall come in frames
 * @param details who is called, for errors
 */
public record ChatCall(ChatRequest request, String model, boolean streamed, ErrorDetails details) {

    /**
     * Refuses what the protocol has no words for.
     *
     * @param capability the name of what is missing, lower case with dashes
     * @param what the thing and its value, such as {@code audio: an address}
     * @param expected what there are words for
     */
    public void require(boolean holds, String capability, String what, String expected) {
        if (!holds) {
            throw unsupported(capability, what, expected);
        }
    }

    /** The error that {@link #require} throws. */
    public UnsupportedCapabilityException unsupported(String capability, String what, String expected) {
        return new UnsupportedCapabilityException(
                capability, what + " (expected: " + expected + ", as the protocol has it)", details);
    }
}
