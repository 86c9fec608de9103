package dev.plinth.governance.guardrails;

import dev.plinth.api.layer.Layer;
import dev.plinth.api.time.TimeSource;

/**
 * Masks e-mail addresses and payment card numbers: a chat model sees {@code <EMAIL_1>} and {@code <CARD_1>} instead.
 *
 * <pre>{@code
 * Platform platform = Platform.builder()
 *     .chat("support", model)
 *     .layer(Masking.layer())
 *     .build();
 * }</pre>
 *
 * <ul>
 *   <li>Requests: the texts of all messages, tool results, arguments of tool calls, reasoning, names of files. The same
 *       value has the same token in the whole request; numbers follow the order of first occurrence, so that a
 *       conversation sent again has the same tokens again.
 *   <li>Answers, for what a model brings in by itself: text, reasoning, arguments of tool calls. A number that stands
 *       bare in JSON becomes a text there. The vendor's raw answer is dropped.
 *   <li>Streams: whatever the pieces, the text is the same as without streaming. At most {@value TextMask#WINDOW}
 *       characters wait for what comes next; as a rule it is one word.
 *   <li>Errors: the partial text ends where the masked stream ended.
 *   <li>Traces: how many different values of each kind were masked on the way in and out is told to the context of the
 *       call as a {@link dev.plinth.api.context.Step.GuardrailCheck}; a stream that is closed early has no way out.
 * </ul>
 *
 * <p>An address is found in the usual written form, letters of any script included; a card by its issuer's prefix and
 * length and its check digit (Luhn), in groups or not. Not looked at are pictures, sound, the bytes of files, the
 * definitions of tools, vendor options, values written with escapes such as {@code \u005cu0040} for {@code @}, and
 * calls of embedding models and rerankers. Events and parts of kinds this version does not know are masked each by
 * itself, so a value that a vendor spreads over several of those is not found.
 */
public final class Masking {

    private Masking() {}

    /**
     * A layer that masks one way: tokens in the answer stay tokens. It is the safe choice, since values then reach
     * neither the model nor what stands behind the answer: logs, stores, tools.
     */
    public static Layer layer() {
        return new MaskingLayer(false, TimeSource.system());
    }

    /**
     * A layer that gives the asker the own values back: tokens in the answer are replaced by what they stand for in the
     * request, arguments of tool calls included, so that tools work on real values. Somebody who can write into the
     * request, such as the author of a retrieved page, can then have a model hand such values to tools. What the model
     * brings in by itself stays masked, and a token that the request does not know stays as it is.
     *
     * <p>A value that occurs in several spellings comes back in the first one.
     */
    public static Layer restoring() {
        return new MaskingLayer(true, TimeSource.system());
    }
}
