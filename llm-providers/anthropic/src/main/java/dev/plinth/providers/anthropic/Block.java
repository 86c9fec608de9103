package dev.plinth.providers.anthropic;

import dev.plinth.api.chat.Part;
import org.jspecify.annotations.Nullable;

/** A part of a turn, with the mark that tells the prompt cache to keep all up to here. Not thread-safe. */
final class Block {

    final Part part;
    Part.@Nullable CachePoint mark;

    Block(Part part) {
        this.part = part;
    }

    /** Blocks of what the model thought cannot be marked. */
    boolean isMarkable() {
        return !(part instanceof Part.Reasoning);
    }
}
