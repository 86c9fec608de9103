package dev.plinth.bench.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.rerank.RerankResponse;
import dev.plinth.api.tokens.TokenCount;
import dev.plinth.api.usage.Usage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was read of an answer, as named facts. A fact that one side does not have is not compared: {@link #differences}
 * goes by the facts of the official client.
 */
final class Reading {

    private final Map<String, Object> facts = new LinkedHashMap<>();

    /** One more fact; null: the client does not say. */
    Reading with(String name, @Nullable Object value) {
        if (value != null) {
            facts.put(name, value);
        }
        return this;
    }

    /** An error of one of these categories; an empty set: of any. */
    Reading withError(Set<String> codes, @Nullable Integer status, @Nullable String message) {
        return with("error", codes).with("status", status).with("message", message);
    }

    /** A tool call by name and arguments, compared as JSON where they are. */
    static String call(String name, String arguments) {
        return name + " " + normal(arguments);
    }

    private static String normal(String arguments) {
        try {
            return RecordedCase.JSON.readTree(arguments).toString();
        } catch (IOException broken) {
            return arguments;
        }
    }

    /** The text of a node; null when it is missing or null. */
    static @Nullable String text(JsonNode node) {
        return node.isMissingNode() || node.isNull() ? null : node.asText();
    }

    /** The number of a node; null when it is missing or null. */
    static @Nullable Long number(JsonNode node) {
        return node.isNumber() ? node.asLong() : null;
    }

    /** Vectors as numbers, to be compared with those that were read. */
    static String vectors(Iterable<JsonNode> vectors) {
        List<List<Float>> all = new ArrayList<>();
        for (JsonNode vector : vectors) {
            List<Float> numbers = new ArrayList<>();
            vector.forEach(number -> numbers.add(number.floatValue()));
            all.add(numbers);
        }
        return all.toString();
    }

    static Reading of(Outcome outcome) {
        if (outcome.error() != null) {
            return error(outcome.error());
        }
        if (outcome.value() instanceof ChatResponse chat) {
            return chat(chat);
        }
        if (outcome.value() instanceof EmbeddingResponse embeddings) {
            return embeddings(embeddings);
        }
        if (outcome.value() instanceof RerankResponse reranked) {
            return new Reading()
                    .with("ranked", reranked.ranked().toString())
                    .with("input", count(reranked.usage().input()));
        }
        if (outcome.value() instanceof TokenCount count) {
            return new Reading().with("tokens", count.tokens());
        }
        return new Reading().with("value", String.valueOf(outcome.value()));
    }

    private static Reading error(LlmException error) {
        Reading reading = new Reading()
                .with("error", error.code())
                .with("message", error.getMessage())
                .with("text", error.partialText())
                .with("requestId", error.details().requestId().orElse(null));
        error.details().httpStatus().ifPresent(status -> reading.with("status", status));
        return reading;
    }

    private static Reading chat(ChatResponse chat) {
        List<String> calls = new ArrayList<>();
        for (ToolCall call : chat.toolCalls()) {
            calls.add(call(call.name(), call.arguments()));
        }
        Usage usage = chat.usage();
        return new Reading()
                .with("text", chat.text())
                .with("reasoning", chat.reasoning())
                .with("toolCalls", calls.toString())
                .with(
                        "toolCallIds",
                        chat.toolCalls().stream().map(ToolCall::id).toList().toString())
                .with("finish", chat.rawFinishReason().orElse(""))
                .with("finishReason", chat.finishReason().name())
                .with("id", chat.id().orElse(null))
                .with("model", chat.model().orElse(null))
                .with("usage", usage.source().name())
                .with("input", count(usage.input()))
                .with("cachedInput", count(usage.cachedInput()))
                .with("cacheWrite", count(usage.cacheWrite()))
                .with("longCacheWrite", count(usage.longCacheWrite()))
                .with("output", count(usage.output()))
                .with("reasoningTokens", count(usage.reasoning()))
                .with("citations", (long) chat.citations().size());
    }

    private static Reading embeddings(EmbeddingResponse embeddings) {
        List<List<Float>> vectors = new ArrayList<>();
        for (float[] vector : embeddings.vectors()) {
            List<Float> numbers = new ArrayList<>();
            for (float number : vector) {
                numbers.add(number);
            }
            vectors.add(numbers);
        }
        return new Reading()
                .with("vectors", vectors.toString())
                .with("input", count(embeddings.usage().input()));
    }

    private static @Nullable Long count(OptionalLong count) {
        return count.isPresent() ? count.getAsLong() : null;
    }

    /** The names of the facts that are not the same, with both values. */
    List<Difference> differences(Reading actual) {
        List<Difference> differences = new ArrayList<>();
        facts.forEach((name, expected) -> {
            Object read = actual.facts.get(name);
            if (!agree(name, expected, read)) {
                differences.add(new Difference(name, String.valueOf(expected), String.valueOf(read)));
            }
        });
        if (!facts.containsKey("error") && actual.facts.containsKey("error")) {
            differences.add(new Difference("error", "none", String.valueOf(actual.facts.get("message"))));
        }
        return differences;
    }

    private static boolean agree(String name, Object expected, @Nullable Object read) {
        if (expected instanceof Set<?> codes) {
            return read != null && (codes.isEmpty() || codes.contains(read));
        }
        if (name.equals("message")) {
            return read != null && read.toString().contains(expected.toString());
        }
        return Objects.equals(expected, read);
    }
}
