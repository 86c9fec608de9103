package dev.plinth.providers.anthropic;

/** A block that fragments of input may be meant for. Not thread-safe. */
abstract class OpenBlock {

    final int index;

    /** @param index of the block in the answer, or {@link ContentReader#NO_INDEX} */
    OpenBlock(int index) {
        this.index = index;
    }

    /** The next fragment of the input, which is JSON. */
    abstract void input(String fragment);

    /** There are no more fragments. */
    abstract void end();
}
