package dev.plinth.api.testkit;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.ToolResult;
import java.util.stream.Collectors;

/** Says in words a test report can show what a scripted model was asked. Tests only, so it may quote the request. */
final class Unexpected {
    private static final int QUOTED = 120;

    private Unexpected() {}

    static String describe(ChatRequest request, int number, int rules) {
        String roles = request.messages().stream()
                .map(message -> message.role().name())
                .collect(Collectors.joining(", "));
        return "request " + number + ": nothing answers it (expected: a reply left, or one of " + rules
                + " rules fitting); messages [" + roles + "], tools "
                + request.tools().stream().map(tool -> tool.name()).toList() + ", last message: " + quoted(request);
    }

    static Message last(ChatRequest request) {
        return request.messages().get(request.messages().size() - 1);
    }

    private static String quoted(ChatRequest request) {
        Message last = last(request);
        String text = last.parts().stream()
                .map(part -> part instanceof ToolResult result ? result.name() + " -> " + result.text() : last.text())
                .distinct()
                .collect(Collectors.joining("; "));
        return text.length() <= QUOTED ? "'" + text + "'" : "'" + text.substring(0, QUOTED) + "...'";
    }
}
