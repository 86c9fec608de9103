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
import dev.plinth.api.retrieval.Match;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.common.ValueType;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Messages as the conventions' JSON Schemas have them. The bytes of pictures, sound and files are not recorded, only what
 * they are and how many.
 */
final class MessageValues {

    private final UnaryOperator<String> texts;
    private final boolean changing;
    private final JsonValues json;

    private MessageValues(UnaryOperator<String> texts, boolean changing) {
        this.texts = texts;
        this.changing = changing;
        this.json = new JsonValues(texts);
    }

    /** All as it is. */
    static MessageValues asIs() {
        return new MessageValues(UnaryOperator.identity(), false);
    }

    /** With what becomes of every text. */
    static MessageValues changed(UnaryOperator<String> texts) {
        return new MessageValues(texts, true);
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
                    identifier("id", call.id()),
                    field("name", texts.apply(call.name())),
                    KeyValue.of("arguments", json(call.arguments()))));
        }
        if (part instanceof ToolResult result) {
            return Optional.of(Value.of(
                    field("type", "tool_call_response"),
                    identifier("id", result.callId()),
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
                    field("generic_type", texts.apply(other.type())),
                    KeyValue.of("content", json(other.json()))));
        }
        return Optional.empty(); // a cache point says nothing
    }

    private Value<?> media(Media media, String modality) {
        KeyValue kind = field("modality", modality);
        KeyValue mimeType = field("mime_type", texts.apply(media.mimeType()));
        URI address = media.uri().orElse(null);
        if (address != null && !isData(address)) {
            return Value.of(field("type", "uri"), kind, mimeType, field("uri", texts.apply(address.toString())));
        }
        long size = address == null ? media.bytes().orElseThrow().length : size(address);
        return Value.of(
                field("type", "blob"), kind, mimeType, field("content", ""), KeyValue.of("byte_size", Value.of(size)));
    }

    /** Whether the address holds the bytes themselves. */
    private static boolean isData(URI address) {
        return "data".equalsIgnoreCase(address.getScheme());
    }

    private static long size(URI address) {
        String data = address.getSchemeSpecificPart(); // without %-escapes
        int comma = data.indexOf(',');
        String bytes = data.substring(comma + 1);
        if (data.substring(0, Math.max(comma, 0)).endsWith(";base64")) {
            return bytes.replace("=", "").length() * 3L / 4;
        }
        return bytes.getBytes(StandardCharsets.UTF_8).length;
    }

    /** The tools a model may call; their schemas only as they are, since changed they would be none. */
    List<Value<?>> definitions(List<ToolSpec> tools) {
        List<Value<?>> all = new ArrayList<>();
        for (ToolSpec tool : tools) {
            KeyValue type = field("type", "function");
            KeyValue name = field("name", texts.apply(tool.name()));
            KeyValue description = field("description", texts.apply(tool.description()));
            all.add(
                    changing
                            ? Value.of(type, name, description)
                            : Value.of(type, name, description, KeyValue.of("parameters", json(tool.parameters()))));
        }
        return all;
    }

    /** The ids and scores of what was found. */
    List<Value<?>> documents(List<Match> matches) {
        List<Value<?>> all = new ArrayList<>();
        for (Match match : matches) {
            KeyValue score = KeyValue.of("score", Value.of(match.score()));
            all.add(Value.of(identifier("id", match.chunk().id()), score));
        }
        return all;
    }

    /** A text by itself. */
    Value<?> plain(String text) {
        return Value.of(texts.apply(text));
    }

    /** Short texts by themselves. */
    Value<?> each(List<String> all) {
        return Value.of(all.stream().<Value<?>>map(this::plain).toList());
    }

    /** Texts by themselves, one a line. */
    Value<?> lines(List<String> all) {
        return Value.of(all.stream().map(texts).collect(Collectors.joining("\n")));
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

    /** An id that has something in it to take out is another one from then on, the same wherever it stands. */
    Value<?> identifier(String id) {
        return Value.of(texts.apply(id).equals(id) ? id : Pseudonym.of(id));
    }

    private KeyValue identifier(String name, String id) {
        return KeyValue.of(name, identifier(id));
    }

    private static KeyValue field(String name, String value) {
        return KeyValue.of(name, Value.of(value));
    }
}
