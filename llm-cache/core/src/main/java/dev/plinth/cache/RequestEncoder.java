package dev.plinth.cache;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.Media;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.context.PromptRef;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.option.OptionKey;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Digests what can change an answer: not who asks, nor the class of service. */
final class RequestEncoder {

    /** Changes when the encoding does: answers kept by an older version are then not found. */
    private static final String VERSION = "plinth-request-1";

    private final CanonicalDigest digest = new CanonicalDigest();
    private boolean complete = true;

    private RequestEncoder() {}

    /** The digest; empty when the request holds something that cannot be compared. */
    static Optional<String> digest(ModelInfo info, ChatRequest request) {
        RequestEncoder encoder = new RequestEncoder();
        encoder.digest.tag(VERSION);
        encoder.target(info, request);
        encoder.digest.list(request.messages(), encoder::message);
        encoder.digest.list(request.tools(), encoder::tool);
        encoder.parameters(request);
        encoder.options(request);
        encoder.digest.optional(request.context().prompt(), encoder::prompt);
        return encoder.complete ? Optional.of(encoder.digest.hex()) : Optional.empty();
    }

    private void target(ModelInfo info, ChatRequest request) {
        URI endpoint = info.endpoint();
        digest.text(info.provider())
                .text(endpoint == null ? null : endpoint.toString())
                .text(request.model().orElse(info.model()));
    }

    private void message(Message message) {
        digest.tag(message.role().name()).list(message.parts(), this::part);
    }

    private void part(Part part) {
        if (part instanceof Part.Text text) {
            digest.tag("text").text(text.text());
        } else if (part instanceof Part.Image image) {
            digest.tag("image").text(image.detail());
            media(image.media());
        } else if (part instanceof Part.Audio audio) {
            digest.tag("audio");
            media(audio.media());
        } else if (part instanceof Part.File file) {
            digest.tag("file").text(file.name());
            media(file.media());
        } else if (part instanceof Part.Reasoning reasoning) {
            digest.tag("reasoning")
                    .text(reasoning.text())
                    .text(reasoning.signature())
                    .text(reasoning.protocol());
        } else if (part instanceof ToolCall call) {
            digest.tag("call").text(call.id()).text(call.name()).text(call.arguments());
        } else if (part instanceof ToolResult result) {
            digest.tag("result")
                    .text(result.callId())
                    .text(result.name())
                    .text(result.text())
                    .flag(result.isError());
        } else if (part instanceof Part.Other other) {
            digest.tag("other").text(other.protocol()).text(other.type()).text(other.json());
        } else if (!(part instanceof Part.CachePoint)) { // a hint that changes no answer
            complete = false; // a kind that came later
        }
    }

    private void media(Media media) {
        digest.text(media.mimeType())
                .optional(media.bytes(), digest::bytes)
                .optional(media.uri().map(URI::toString), digest::text);
    }

    private void tool(ToolSpec tool) {
        digest.text(tool.name()).text(tool.description()).text(tool.parameters());
    }

    private void parameters(ChatRequest request) {
        digest.tag(request.toolChoice().mode().name()).text(request.toolChoice().tool());
        format(request.responseFormat());
        digest.optional(
                boxed(request.temperature().isPresent(), request.temperature().orElse(0)), digest::number);
        digest.optional(boxed(request.topP().isPresent(), request.topP().orElse(0)), digest::number);
        digest.optional(
                boxed(request.maxOutputTokens().isPresent(), (long)
                        request.maxOutputTokens().orElse(0)),
                digest::number);
        digest.optional(boxed(request.seed().isPresent(), request.seed().orElse(0)), digest::number);
        digest.list(request.stop(), digest::text);
        digest.optional(request.parallelToolCalls(), digest::flag);
        digest.optional(request.reasoningEffort().map(Enum::name), digest::text);
        digest.optional(
                boxed(request.logprobs().isPresent(), (long) request.logprobs().orElse(0)), digest::number);
        digest.flag(request.keepRaw());
    }

    private static <T> Optional<T> boxed(boolean present, T value) {
        return present ? Optional.of(value) : Optional.empty();
    }

    private void format(ResponseFormat format) {
        if (format instanceof ResponseFormat.Schema schema) {
            digest.tag("schema").text(schema.name()).text(schema.schema()).flag(schema.strict());
        } else if (format instanceof ResponseFormat.Json) {
            digest.tag("json");
        } else if (format instanceof ResponseFormat.Text) {
            digest.tag("text");
        } else {
            complete = false;
        }
    }

    private void prompt(PromptRef prompt) {
        digest.text(prompt.name()).text(prompt.version());
    }

    private void options(ChatRequest request) {
        digest.list(List.copyOf(request.options().names()), name -> {
            digest.text(name);
            value(request.options().get(new OptionKey<>(name, Object.class)).orElse(null));
        });
    }

    /** Values of the JDK whose equality shows in their text. */
    private void value(@Nullable Object value) {
        if (value instanceof String text) {
            digest.text(text);
        } else if (value instanceof Boolean flag) {
            digest.flag(flag);
        } else if (value instanceof Enum<?> constant) {
            digest.tag("enum").text(constant.getDeclaringClass().getName()).text(constant.name());
        } else if (value != null && isPlain(value)) {
            digest.tag(value.getClass().getName()).text(value.toString());
        } else if (value instanceof List<?> list) {
            digest.list(list, this::value);
        } else if (value instanceof Map<?, ?> map && map.keySet().stream().allMatch(String.class::isInstance)) {
            Map<String, Object> sorted = new TreeMap<>();
            map.forEach((key, one) -> sorted.put((String) key, one));
            digest.tag("map").list(List.copyOf(sorted.entrySet()), entry -> {
                digest.text(entry.getKey());
                value(entry.getValue());
            });
        } else {
            complete = false;
        }
    }

    private static boolean isPlain(Object value) {
        return value instanceof Integer
                || value instanceof Long
                || value instanceof Double
                || value instanceof Float
                || value instanceof Short
                || value instanceof Byte
                || value instanceof BigDecimal
                || value instanceof BigInteger
                || value instanceof Duration
                || value instanceof URI;
    }
}
