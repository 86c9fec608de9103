package dev.plinth.governance.guardrails;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import java.util.ArrayList;
import java.util.List;

/** Masks a request. */
final class RequestMask {

    static final List<Detector> PERSONAL_DATA = List.of(new EmailDetector(), new CardDetector());

    private final Tokens tokens;

    private RequestMask(Tokens tokens) {
        this.tokens = tokens;
    }

    /** The request with tokens instead of values; the same object when there is nothing to mask. */
    static ChatRequest mask(ChatRequest request, Tokens tokens, boolean restoring) {
        if (restoring) {
            // No token may stand for two things: what looks like one before any is given out would be restored.
            request.messages().forEach(message -> message.parts().forEach(part -> tokens.passOver(textOf(part))));
        }
        RequestMask mask = new RequestMask(tokens);
        List<Message> masked = new ArrayList<>();
        request.messages().forEach(message -> masked.add(mask.message(message)));
        tokens.endOfRequest();
        return masked.equals(request.messages())
                ? request
                : request.toBuilder().messages(masked).build();
    }

    private Message message(Message message) {
        List<Part> parts = new ArrayList<>();
        message.parts().forEach(part -> parts.add(part(part)));
        return new Message(message.role(), parts);
    }

    private Part part(Part part) {
        if (part instanceof Part.Text text) {
            return new Part.Text(masked(text.text(), false), text.origin());
        }
        if (part instanceof Part.Reasoning reasoning) {
            return new Part.Reasoning(masked(reasoning.text(), false), reasoning.signature(), reasoning.protocol());
        }
        if (part instanceof ToolCall call) {
            return new ToolCall(call.id(), call.name(), masked(call.arguments(), true));
        }
        if (part instanceof ToolResult result) {
            String text = masked(result.text(), isJson(result.text()));
            return new ToolResult(result.callId(), result.name(), text, result.isError());
        }
        if (part instanceof Part.File file && file.name() != null) {
            return new Part.File(file.media(), masked(file.name(), false));
        }
        return part instanceof Part.Other other
                ? new Part.Other(other.protocol(), other.type(), masked(other.json(), true))
                : part;
    }

    private String masked(String text, boolean json) {
        tokens.passOver(text);
        TextMask mask = new TextMask(PERSONAL_DATA, tokens::tokenOf, json);
        return mask.append(text) + mask.flush();
    }

    private static boolean isJson(String text) {
        String start = text.stripLeading();
        return start.startsWith("{") || start.startsWith("[");
    }

    private static String textOf(Part part) {
        if (part instanceof Part.Text text) {
            return text.text();
        }
        if (part instanceof Part.Reasoning reasoning) {
            return reasoning.text();
        }
        if (part instanceof ToolCall call) {
            return call.arguments();
        }
        if (part instanceof ToolResult result) {
            return result.text();
        }
        return part instanceof Part.Other other ? other.json() : "";
    }
}
