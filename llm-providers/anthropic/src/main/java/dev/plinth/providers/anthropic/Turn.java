package dev.plinth.providers.anthropic;

import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.Role;
import dev.plinth.api.chat.ToolResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What one side says before the other speaks.
 *
 * @param role USER, ASSISTANT or SYSTEM; tool results are the user's
 * @param blocks not empty once the turn is whole
 */
record Turn(Role role, List<Block> blocks) {

    Turn(Role role) {
        this(role, new ArrayList<>(2));
    }

    /** The role in the protocol's word. */
    String name() {
        return role.name().toLowerCase(Locale.ROOT);
    }

    /** Adds a block; the protocol wants tool results before all else. */
    void add(Block block) {
        int place = blocks.size();
        while (block.part instanceof ToolResult && place > 0 && !(blocks.get(place - 1).part instanceof ToolResult)) {
            place--;
        }
        blocks.add(place, block);
    }

    /** Cuts white space off the end, which the protocol refuses of an answer the model shall go on with. */
    void trimEnd() {
        int last = blocks.size() - 1;
        if (blocks.get(last).part instanceof Part.Text text) {
            Block trimmed = new Block(new Part.Text(text.text().stripTrailing()));
            trimmed.mark = blocks.get(last).mark;
            blocks.set(last, trimmed);
        }
    }
}
