package dev.plinth.providers.jtokkit;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.check.Check;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.UnsupportedCapabilityException;
import dev.plinth.api.model.Capability;
import dev.plinth.api.tokens.TokenCount;
import dev.plinth.api.tokens.TokenCounter;
import dev.plinth.api.usage.Usage;

/**
 * Counts tokens for OpenAI's models in this process, without a key or a network: exactly for a text, as an estimate for a
 * request.
 *
 * <pre>{@code
 * JtokkitTokenCounter counter = JtokkitTokenCounter.forModel("gpt-5-mini");
 * long tokens = counter.count("Why is the sky blue?");
 * TokenCount estimate = counter.count(request);
 * }</pre>
 *
 * <p>A request is counted as OpenAI describes it: 3 tokens and the role for each message, 3 to begin the answer. Tools and
 * schemas count as their JSON, though OpenAI rewrites them. A picture counts 765 tokens, with low detail 85: what GPT-4o
 * takes for 1024 x 1024 pixels; other sizes and models differ, GPT-4o mini takes some 33 times as many. Sound and files
 * cannot be estimated and are refused; the encrypted part of reasoning is left out.
 *
 * <p>Thread-safe. A vocabulary is read once, with the first text that is counted, and kept: half a second, 30 MB of heap.
 *
 * @see <a href="https://developers.openai.com/cookbook/examples/how_to_count_tokens_with_tiktoken">How to count tokens</a>
 */
public final class JtokkitTokenCounter implements TokenCounter {

    private static final long OVERHEAD = 3;
    private static final long ROLE = 1;
    private static final long START_OF_ANSWER = 3;
    private static final long LOW_DETAIL = 85;
    private static final long HIGH_DETAIL = LOW_DETAIL + 4 * 170; // four tiles of 512 x 512

    private final Vocabulary vocabulary;

    private JtokkitTokenCounter(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    /**
     * A counter for a model of OpenAI's, whichever model a request names.
     *
     * @param model such as {@code gpt-5-mini} or {@code text-embedding-3-small}; also dated, fine-tuned ({@code ft:...})
     *     or behind a vendor's name ({@code openai/gpt-5})
     * @throws IllegalArgumentException if the model's encoding is not known here; {@link #forEncoding} then
     */
    public static JtokkitTokenCounter forModel(String model) {
        return new JtokkitTokenCounter(Vocabulary.ofModel(model));
    }

    /**
     * A counter with an encoding: for models of OpenAI's that are newer than this, and for a rough guess at those of
     * others.
     *
     * @param encoding {@code o200k_base}, which OpenAI's models have shared since GPT-4o, or {@code cl100k_base}
     */
    public static JtokkitTokenCounter forEncoding(String encoding) {
        return new JtokkitTokenCounter(Vocabulary.named(encoding));
    }

    /**
     * How many tokens a text has in this encoding, exactly. What looks like a special token, such as {@code
     * <|endoftext|>}, is text. The counts of two texts do not add up to the count of both joined.
     */
    public long count(String text) {
        return vocabulary.count(Check.notNull(text, "text"));
    }

    /**
     * About how many input tokens a request has; always {@link Usage.Source#ESTIMATED}.
     *
     * @throws UnsupportedCapabilityException if there is sound or a file in the request, whose tokens nobody knows
     *     before they are sent
     */
    @Override
    public TokenCount count(ChatRequest request) {
        Check.notNull(request, "request");
        long tokens = START_OF_ANSWER;
        for (Message message : request.messages()) {
            tokens += count(message);
        }
        for (ToolSpec tool : request.tools()) {
            tokens += OVERHEAD + count(tool.name()) + count(tool.description()) + count(tool.parameters());
        }
        if (request.responseFormat() instanceof ResponseFormat.Schema format) {
            tokens += OVERHEAD + count(format.name()) + count(format.schema());
        }
        return new TokenCount(tokens, Usage.Source.ESTIMATED);
    }

    private long count(Message message) {
        boolean results = message.parts().stream().anyMatch(ToolResult.class::isInstance);
        long tokens = results ? 0 : OVERHEAD + ROLE;
        for (Part part : message.parts()) {
            tokens += count(part);
        }
        return tokens;
    }

    private long count(Part part) {
        if (part instanceof Part.Text text) {
            return count(text.text());
        }
        if (part instanceof Part.Image image) {
            return "low".equals(image.detail()) ? LOW_DETAIL : HIGH_DETAIL;
        }
        if (part instanceof Part.Reasoning reasoning) {
            return count(reasoning.text());
        }
        if (part instanceof ToolCall call) {
            return OVERHEAD + count(call.name()) + count(call.arguments());
        }
        if (part instanceof ToolResult result) { // each goes as a message of its own
            return OVERHEAD + ROLE + count(result.text());
        }
        if (part instanceof Part.CachePoint) {
            return 0;
        }
        if (part instanceof Part.Other other) {
            return count(other.json());
        }
        throw cannotCount(part instanceof Part.Audio ? Capability.AUDIO_INPUT : Capability.FILE_INPUT);
    }

    private UnsupportedCapabilityException cannotCount(Capability capability) {
        return new UnsupportedCapabilityException(
                capability.name(),
                "request: has " + capability.name() + " (expected: text and pictures, which can be estimated)",
                ErrorDetails.builder().build());
    }
}
