package dev.plinth.tracing.content;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.Media;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.Role;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.chat.ToolSpec;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.common.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Messages as the conventions' JSON Schemas have them. The bytes of pictures, sound and files are not recorded, only what
 * they are and how many.
 */
final class MessageValues {

    private static final JsonValues AS_IS = new JsonValues(UnaryOperator.identity());

    private final UnaryOperator<String> texts;
    private final JsonValues json;

    /** @param texts what becomes of every text */
    MessageValues(UnaryOperator<String> texts) {
        this.texts = texts;
        this.json = new JsonValues(texts);
    }

    /** The texts of system messages. */
    List<Value<?>> systemInstructions(ChatRequest request) {
        List<Value<?>> parts = new ArrayList<>();
        for (Message message : request.messages()) {
            if (message.role() == Role.SYSTEM) {
                parts.add(text(message.text()));
            }
        }
        return parts;
    }

    /** All other messages. */
    List<Value<?>> input(ChatRequest request) {
        List<Value<?>> messages = new ArrayList<>();
        for (Message message : request.messages()) {
            if (message.role() != Role.SYSTEM) {
                messages.add(message(message, null));
            }
        }
        return messages;
    }

    /** What came back, with why it ended. */
    List<Value<?>> output(ChatResponse response, @Nullable String finishReason) {
        return List.of(message(response.message(), finishReason));
    }

    /** What came of an answer that broke off. */
    List<Value<?>> partial(String text, @Nullable String finishReason) {
        return List.of(message(Message.assistant(text), finishReason));
    }

    private Value<?> message(Message message, @Nullable String finishReason) {
        List<Value<?>> parts = new ArrayList<>();
        for (Part part : message.parts()) {
            part(part).ifPresent(parts::add);
        }
        KeyValue role = field("role", message.role().name().toLowerCase(Locale.ROOT));
        KeyValue all = KeyValue.of("parts", Value.of(parts));
        return finishReason == null ? Value.of(role, all) : Value.of(role, all, field("finish_reason", finishReason));
    }

    private Optional<Value<?>> part(Part part) {
        if (part instanceof Part.Text said) {
            return Optional.of(text(said.text()));
        }
        if (part instanceof Part.Reasoning thought) {
            return Optional.of(Value.of(field("type", "reasoning"), field("content", texts.apply(thought.text()))));
        }
        if (part instanceof ToolCall call) {
            return Optional.of(Value.of(
                    field("type", "tool_call"),
                    field("id", call.id()),
                    field("name", call.name()),
                    KeyValue.of("arguments", json(call.arguments()))));
        }
        if (part instanceof ToolResult result) {
            return Optional.of(Value.of(
                    field("type", "tool_call_response"),
                    field("id", result.callId()),
                    KeyValue.of("response", json(result.text()))));
        }
        if (part instanceof Part.Image image) {
            return Optional.of(media(image.media(), "image"));
        }
        if (part instanceof Part.Audio audio) {
            return Optional.of(media(audio.media(), "audio"));
        }
        if (part instanceof Part.File file) {
            return Optional.of(media(file.media(), "document"));
        }
        if (part instanceof Part.Other other) {
            return Optional.of(Value.of(
                    field("type", "generic"),
                    field("generic_type", other.type()),
                    KeyValue.of("content", json(other.json()))));
        }
        return Optional.empty(); // a cache point says nothing
    }

    private Value<?> media(Media media, String modality) {
        if (media.uri().isPresent()) {
            return Value.of(
                    field("type", "uri"),
                    field("modality", modality),
                    field("mime_type", media.mimeType()),
                    field("uri", texts.apply(media.uri().get().toString())));
        }
        return Value.of(
                field("type", "blob"),
                field("modality", modality),
                field("mime_type", media.mimeType()),
                field("content", ""),
                KeyValue.of("byte_size", Value.of((long) media.bytes().orElse(new byte[0]).length)));
    }

    /** The tools a model may call. Their schemas are the application's own words, and would not be schemas if changed. */
    List<Value<?>> definitions(List<ToolSpec> tools) {
        List<Value<?>> all = new ArrayList<>();
        for (ToolSpec tool : tools) {
            all.add(Value.of(
                    field("type", "function"),
                    field("name", tool.name()),
                    field("description", texts.apply(tool.description())),
                    KeyValue.of("parameters", AS_IS.of(tool.parameters()))));
        }
        return all;
    }

    /** A text by itself. */
    Value<?> plain(String text) {
        return Value.of(texts.apply(text));
    }

    /** A text that is a JSON object, or one around it. */
    Value<?> object(String text) {
        Value<?> value = json(text);
        return value.getType() == ValueType.KEY_VALUE_LIST ? value : Value.of(KeyValue.of("value", value));
    }

    /** A text that may be JSON. */
    Value<?> json(String text) {
        return json.of(text);
    }

    private Value<?> text(String text) {
        return Value.of(field("type", "text"), field("content", texts.apply(text)));
    }

    private static KeyValue field(String name, String value) {
        return KeyValue.of(name, Value.of(value));
    }
}
