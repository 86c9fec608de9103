package dev.plinth.api.tck;

import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.usage.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * An answer of the toy protocol, put together line by line: {@code text words}, {@code call id name json}, {@code usage
 * input output}, {@code finish reason}, {@code error overloaded}, and {@code end} as the last.
 */
class ToyAnswer {
    private final StringBuilder text = new StringBuilder();
    private final List<Part> calls = new ArrayList<>();
    private final StringJoiner raw = new StringJoiner("\n");
    private Usage usage = Usage.UNKNOWN;
    private String finish = "";
    private boolean ended;

    /** Takes one line; null: nothing to tell of it. */
    @Nullable
    StreamEvent take(String line) {
        if (ended) {
            throw new MalformedResponseException("line: one after the end (expected: none)");
        }
        raw.add(line);
        int space = line.indexOf(' ');
        String value = line.substring(space + 1);
        switch (space < 0 ? line : line.substring(0, space)) {
            case "text" -> {
                text.append(value);
                return new StreamEvent.TextDelta(value);
            }
            case "call" -> {
                String[] call = value.split(" ", 3);
                calls.add(new ToolCall(call[0], call[1], call[2]));
                return new StreamEvent.ToolCallDelta(calls.size() - 1, call[0], call[1], call[2]);
            }
            case "usage" -> usage = usage(value.split(" "));
            case "finish" -> finish = value;
            case "error" -> throw new OverloadedException("server: overloaded (expected: capacity)");
            case "end" -> ended = !finish.isEmpty();
            default ->
                throw new MalformedResponseException("line: of no known kind (expected: text, call, usage, ...)");
        }
        return null;
    }

    Usage usage(String[] counts) {
        return Usage.of(Long.parseLong(counts[0]), Long.parseLong(counts[1]));
    }

    boolean hasEnded() {
        return ended;
    }

    String text() {
        return text.toString();
    }

    ChatResponse response(boolean keepRaw) {
        List<Part> parts = new ArrayList<>();
        if (text.length() > 0) {
            parts.add(new Part.Text(text.toString()));
        }
        parts.addAll(calls);
        ChatResponse.Builder response = ChatResponse.builder()
                .message(Message.assistant(parts))
                .finishReason(calls.isEmpty() ? FinishReason.STOP : FinishReason.TOOL_CALLS)
                .rawFinishReason(finish)
                .usage(usage);
        return (keepRaw ? response.raw(raw.toString()) : response).build();
    }
}
