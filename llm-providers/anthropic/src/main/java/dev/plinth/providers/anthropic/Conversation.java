package dev.plinth.providers.anthropic;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.Role;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.providers.wire.ChatCall;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request's messages as the protocol has them: the system prompt apart, messages of one side joined to a turn, cache
 * points as marks of the blocks before them, without what the protocol refuses (blank text) or cannot read (thoughts that
 * it did not sign).
 *
 * <p>Not thread-safe.
 */
final class Conversation {

    private static final int MOST_MARKS = 4;

    final List<Block> system = new ArrayList<>(1);
    final List<Turn> turns;

    private final ChatCall call;
    private final boolean inPlace;
    private final List<Block> pending = new ArrayList<>(0);
    private @Nullable Block last;

    /** The conversation of a call, or an error that says what there are no words for. */
    static Conversation of(ChatCall call) {
        ChatRequest request = call.request();
        Conversation conversation = new Conversation(call, request.messages().size());
        for (Message message : request.messages()) {
            conversation.add(message);
        }
        conversation.end();
        return conversation;
    }

    private Conversation(ChatCall call, int messages) {
        this.call = call;
        this.turns = new ArrayList<>(messages);
        this.inPlace = call.request().options().get(Anthropic.SYSTEM_IN_PLACE).orElse(false);
    }

    private void add(Message message) {
        for (Part part : message.parts()) {
            require(fits(part, message.role()), part, message.role());
            if (part instanceof Part.CachePoint point) {
                mark(point);
            } else if (!isLeftOut(part)) {
                add(new Block(part), message.role());
            }
        }
    }

    private void mark(Part.CachePoint point) {
        if (last != null) {
            last.mark = point;
        }
    }

    private void add(Block block, Role role) {
        if (role == Role.SYSTEM) {
            (inPlace && !turns.isEmpty() ? pending : system).add(block);
        } else {
            Role side = role == Role.TOOL ? Role.USER : role;
            if (side == Role.ASSISTANT) {
                placeSystem();
            }
            turn(side).add(block);
        }
        last = block.isMarkable() ? block : last;
    }

    private Turn turn(Role role) {
        Turn open = turns.isEmpty() ? null : turns.get(turns.size() - 1);
        if (open == null || open.role() != role) {
            open = new Turn(role);
            turns.add(open);
        }
        return open;
    }

    /** A system message may stand behind a user's turn only; elsewhere it joins the system prompt. */
    private void placeSystem() {
        if (pending.isEmpty()) {
            return;
        }
        boolean afterUser = turns.get(turns.size() - 1).role() == Role.USER;
        (afterUser ? turn(Role.SYSTEM).blocks() : system).addAll(pending);
        pending.clear();
    }

    private void end() {
        placeSystem();
        call.require(!turns.isEmpty(), "empty-conversation", "messages: without content", "one that is not of SYSTEM");
        Turn end = turns.get(turns.size() - 1);
        if (end.role() == Role.ASSISTANT) {
            end.trimEnd();
        }
    }

    /** Marks the end of the system prompt, if there is one. */
    void markSystem(Part.CachePoint point) {
        if (!system.isEmpty()) {
            system.get(system.size() - 1).mark = point;
        }
    }

    /**
     * Takes the first marks away if there are more than the protocol has.
     *
     * @param others how many marks there are elsewhere
     */
    void limitMarks(int others) {
        List<Block> marked = new ArrayList<>(MOST_MARKS);
        addMarked(system, marked);
        for (Turn turn : turns) {
            addMarked(turn.blocks(), marked);
        }
        for (int i = 0; i < marked.size() + others - MOST_MARKS; i++) {
            marked.get(i).mark = null;
        }
    }

    private static void addMarked(List<Block> blocks, List<Block> marked) {
        for (Block block : blocks) {
            if (block.mark != null) {
                marked.add(block);
            }
        }
    }

    private static boolean isLeftOut(Part part) {
        return (part instanceof Part.Text text && text.text().isBlank())
                || (part instanceof Part.Reasoning thought && !Thoughts.isOurs(thought));
    }

    private static boolean fits(Part part, Role role) {
        return part instanceof Part.CachePoint
                || part instanceof Part.Other
                || switch (role) {
                    case SYSTEM -> part instanceof Part.Text;
                    case USER -> part instanceof Part.Text || part instanceof Part.Image || part instanceof Part.File;
                    case ASSISTANT ->
                        part instanceof Part.Text
                                || part instanceof Part.Reasoning
                                || part instanceof ToolCall
                                || part instanceof Part.File;
                    case TOOL -> part instanceof ToolResult;
                };
    }

    private void require(boolean fits, Part part, Role role) {
        String place = "part: " + part.getClass().getSimpleName() + " in a message of " + role;
        call.require(fits, "part-by-role", place, "a part that such a message can have");
    }
}
