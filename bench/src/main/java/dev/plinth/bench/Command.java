package dev.plinth.bench;

/** Measures something. */
interface Command {
    /** The options, in one line. */
    String usage();

    /** Measures and sets figures; says what it does on standard error. */
    void run(Options options, Figures figures) throws Exception;
}
