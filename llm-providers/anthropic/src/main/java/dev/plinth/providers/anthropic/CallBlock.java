package dev.plinth.providers.anthropic;

import dev.plinth.providers.wire.ToolCallBuilder;

/**
 * A call of one of the application's tools. Its input comes whole with the block, or, in a stream, as fragments after an
 * empty object; some servers send it whole there, too, and no fragments. Not thread-safe.
 */
final class CallBlock extends OpenBlock {

    private final ToolCallBuilder call;
    private final String whole;
    private boolean began;

    /** @param whole the input the block came with; empty: none */
    CallBlock(int index, ToolCallBuilder call, String whole) {
        super(index);
        this.call = call;
        this.whole = whole;
    }

    @Override
    void input(String fragment) {
        began |= !fragment.isEmpty();
        call.arguments(fragment);
    }

    @Override
    void end() {
        if (!began && !whole.isEmpty()) {
            input(whole);
        }
    }
}
