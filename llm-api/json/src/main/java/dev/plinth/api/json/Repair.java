package dev.plinth.api.json;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.Role;
import dev.plinth.api.chat.ToolChoice;
import java.util.ArrayList;
import java.util.List;

/** What a model is told: the form of the answer, and what was wrong with the last one. */
final class Repair {

    /** A text that is wrong all over says little more with its hundredth violation, and costs tokens. */
    private static final int MAX_LISTED = 30;

    private Repair() {}

    /** The messages with the schema added to the first system message, or in one of its own before all others. */
    static List<Message> instructed(List<Message> messages, String schema) {
        String instructions = "Answer with one JSON object and nothing else: no explanation, no code fence."
                + " It must fit this JSON Schema:\n" + schema;
        List<Message> all = new ArrayList<>(messages);
        // One system message, since some local models take no second one.
        if (all.get(0).role() == Role.SYSTEM) {
            all.set(0, extended(all.get(0), "\n\n" + instructions));
        } else {
            all.add(0, Message.system(instructions));
        }
        return all;
    }

    /** The request that shows the model its answer and what is wrong with it. */
    static ChatRequest request(ChatRequest request, ChatResponse answer, List<Violation> violations) {
        String complaint = complaint(violations);
        List<Message> all = new ArrayList<>(request.messages());
        int last = all.size() - 1;
        if (!answer.text().isBlank()) {
            all.add(answer.message());
            all.add(Message.user(complaint));
        } else if (all.get(last).role() == Role.USER) {
            // Vendors refuse an empty turn of the assistant, and some models two turns of the user.
            all.set(last, extended(all.get(last), "\n\n" + complaint));
        } else {
            all.add(Message.user(complaint));
        }
        return request.toBuilder()
                .messages(all)
                .toolChoice(unforced(request.toolChoice()))
                .build();
    }

    private static String complaint(List<Violation> violations) {
        StringBuilder text = new StringBuilder("Your answer cannot be used:\n");
        text.append(listed(violations));
        return text.append("Answer again with the whole corrected JSON object and nothing else.")
                .toString();
    }

    /** The violations, a line each. */
    static String listed(List<Violation> violations) {
        StringBuilder text = new StringBuilder();
        violations.stream()
                .limit(MAX_LISTED)
                .forEach(violation -> text.append("- ").append(violation).append('\n'));
        if (violations.size() > MAX_LISTED) {
            text.append("- and ").append(violations.size() - MAX_LISTED).append(" more\n");
        }
        return text.toString();
    }

    private static Message extended(Message message, String text) {
        List<Part> parts = new ArrayList<>(message.parts());
        parts.add(new Part.Text(text));
        return new Message(message.role(), parts);
    }

    // A tool that was forced has run; forcing it again would repeat what it does.
    private static ToolChoice unforced(ToolChoice choice) {
        boolean forced = choice.mode() == ToolChoice.Mode.REQUIRED || choice.mode() == ToolChoice.Mode.TOOL;
        return forced ? ToolChoice.AUTO : choice;
    }
}
