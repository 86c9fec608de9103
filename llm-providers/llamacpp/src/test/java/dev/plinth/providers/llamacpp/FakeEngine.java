package dev.plinth.providers.llamacpp;

import dev.plinth.api.error.ErrorDetails;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/** An engine that answers every job in one way. */
final class FakeEngine implements Engine {

    /** How it answers. */
    enum Manner {
        /** With text, and an end. */
        TEXT,
        /** Not at all, and it does not hear its parent either, as when it reads a long prompt. */
        SILENT,
        /** With text, and then as silent. */
        STALLED,
        /** With text and no end. */
        ENDLESS,
        /** With text; then its process ends in good order. */
        LEAVING,
        /** With text; then its process dies. */
        DYING,
        /** With text, and then with words that nobody knows. */
        GARBLED,
        /** With an error of its own. */
        FAILING
    }

    static final List<String> TEXT = List.of("Blue light ", "scatters ", "most.");

    private final Manner manner;

    FakeEngine(Manner manner) {
        this.manner = manner;
    }

    @Override
    public int contextTokens() {
        return 100;
    }

    @Override
    public Answer start(Job job, Limits limits) {
        if (manner == Manner.FAILING) {
            throw new EngineException("llama.cpp: failed (expected: the next token)", ErrorDetails.NONE, null);
        }
        return new FakeAnswer();
    }

    @Override
    public void close() {}

    private final class FakeAnswer implements Answer {
        private final Queue<Output> outputs = new ArrayDeque<>();

        FakeAnswer() {
            if (manner != Manner.SILENT) { // after a first word, it would look for one from its parent
                outputs.add(new Output.Begun(7, true));
                TEXT.forEach(text -> outputs.add(new Output.Piece(text, 1, true)));
            }
            if (manner == Manner.TEXT) {
                outputs.add(new Output.Ended(true));
            }
        }

        @Override
        public Output next(Limits limits) {
            Output output = outputs.poll();
            return output == null ? afterText() : output;
        }

        private Output afterText() {
            switch (manner) {
                case LEAVING -> Runtime.getRuntime().halt(0);
                case DYING -> Runtime.getRuntime().halt(134);
                case GARBLED -> {
                    FakeChild.print(Wire.marked("piece of cake"));
                    return new Output.Piece("", 0, true);
                }
                case ENDLESS -> FakeChild.sleep();
                default -> {
                    while (true) {
                        FakeChild.sleep();
                    }
                }
            }
            return new Output.Piece("and on ", 1, true);
        }

        @Override
        public void cancel() {}
    }
}
