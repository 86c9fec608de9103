package dev.plinth.providers.limit;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.embedding.EmbeddingLimits;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.tokens.TokenCounter;
import org.jspecify.annotations.Nullable;

/** How many tokens a call will use, before it is sent: four characters are one where nobody counts. */
final class TokenEstimate {

    private static final int CHARACTERS = 4;
    private static final int MEDIUM = 1_000; // a picture is a few hundred to a few thousand

    private final @Nullable TokenCounter counter;
    private final long output;

    TokenEstimate(@Nullable TokenCounter counter, long output) {
        this.counter = counter;
        this.output = output;
    }

    Amounts of(ChatRequest request) {
        long input = counter == null ? input(request) : counter.count(request).tokens();
        int most = request.maxOutputTokens().orElse(0);
        return Amounts.call(input, most > 0 ? most : output);
    }

    /** As many requests as the model makes of the texts. */
    Amounts of(EmbeddingRequest request, EmbeddingLimits limits) {
        int requests = limits.split(request.texts()).size();
        return new Amounts(
                requests,
                tokens(request.texts().stream().mapToLong(String::length).sum()),
                0);
    }

    /** A cross-encoder reads the query with every document. */
    Amounts of(RerankRequest request) {
        long documents = request.documents().stream().mapToLong(String::length).sum();
        long queries = (long) request.query().length() * request.documents().size();
        return Amounts.call(tokens(documents + queries), 0);
    }

    private static long input(ChatRequest request) {
        long characters = 0;
        long media = 0;
        for (Message message : request.messages()) {
            for (Part part : message.parts()) {
                characters += characters(part);
                media += part instanceof Part.Image || part instanceof Part.Audio || part instanceof Part.File ? 1 : 0;
            }
        }
        for (ToolSpec tool : request.tools()) {
            characters += tool.name().length()
                    + tool.description().length()
                    + tool.parameters().length();
        }
        return tokens(characters) + media * MEDIUM;
    }

    private static long characters(Part part) {
        if (part instanceof Part.Text text) {
            return text.text().length();
        }
        if (part instanceof ToolCall call) {
            return (long) call.name().length() + call.arguments().length();
        }
        if (part instanceof ToolResult result) {
            return result.text().length();
        }
        return part instanceof Part.Other other ? other.json().length() : 0;
    }

    private static long tokens(long characters) {
        return (characters + CHARACTERS - 1) / CHARACTERS;
    }
}
