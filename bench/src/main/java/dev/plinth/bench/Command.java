package dev.plinth.bench;

import java.util.Set;

/** Measures something. */
interface Command {
    /** The options, in one line. */
    String usage();

    /** The options without a value. */
    default Set<String> flags() {
        return Set.of();
    }

    /** Measures and sets figures; says what it does on standard error. */
    void run(Options options, Figures figures) throws Exception;
}
