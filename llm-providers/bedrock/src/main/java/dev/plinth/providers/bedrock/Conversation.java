package dev.plinth.providers.bedrock;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.Role;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolChoice;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.providers.wire.ChatCall;
import java.util.ArrayList;
import java.util.List;

/**
 * A request's messages as Converse has them: the system prompt apart, user and assistant by turns, tool results first in
 * a turn of the user's; without blank text, which is refused, and thoughts that no model of Bedrock has signed.
 *
 * @param hasTools whether the model may call tools
 */
record Conversation(List<Part> system, List<Turn> turns, boolean hasTools) {

    /**
     * What one side says before the other speaks.
     *
     * @param role USER or ASSISTANT
     */
    record Turn(Role role, List<Part> parts) {

        void add(Part part) {
            int place = parts.size();
            while (part instanceof ToolResult && place > 0 && !(parts.get(place - 1) instanceof ToolResult)) {
                place--;
            }
            parts.add(place, part);
        }
    }

    /** The conversation of a call, or an error that says what there are no words for. */
    static Conversation of(ChatCall call) {
        ChatRequest request = call.request();
        boolean tools = !request.tools().isEmpty() && request.toolChoice().mode() != ToolChoice.Mode.NONE;
        Conversation all = new Conversation(
                new ArrayList<>(1), new ArrayList<>(request.messages().size()), tools);
        for (Message message : request.messages()) {
            for (Part part : message.parts()) {
                requireFitting(part, message.role(), call);
                if (!isLeftOut(part)) {
                    all.add(part, message.role());
                }
            }
        }
        call.require(
                !all.turns.isEmpty(), "empty-conversation", "messages: without content", "one that is not of SYSTEM");
        return all;
    }

    private void add(Part part, Role role) {
        if (role == Role.SYSTEM) {
            system.add(part);
            return;
        }
        Role side = role == Role.ASSISTANT ? role : Role.USER;
        Turn open = turns.isEmpty() ? null : turns.get(turns.size() - 1);
        if (open == null || open.role() != side) {
            open = new Turn(side, new ArrayList<>(2));
            turns.add(open);
        }
        open.add(part);
    }

    private static boolean isLeftOut(Part part) {
        return (part instanceof Part.Text text && text.text().isBlank())
                || (part instanceof Part.Reasoning thought && !Bedrock.PROTOCOL.equals(thought.protocol()));
    }

    private static void requireFitting(Part part, Role role, ChatCall call) {
        boolean fits = part instanceof Part.CachePoint
                || part instanceof Part.Other
                || switch (role) {
                    case SYSTEM -> part instanceof Part.Text;
                    case USER ->
                        part instanceof Part.Text
                                || part instanceof Part.Image
                                || part instanceof Part.Audio
                                || part instanceof Part.File;
                    case ASSISTANT ->
                        part instanceof Part.Text || part instanceof Part.Reasoning || part instanceof ToolCall;
                    case TOOL -> part instanceof ToolResult;
                };
        String place = "part: " + part.getClass().getSimpleName() + " in a message of " + role;
        call.require(fits, "part-by-role", place, "a part that such a message can have");
    }
}
