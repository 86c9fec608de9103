package dev.plinth.providers.llamacpp;

/** A chat template that cannot be read, or that refuses what it is given. */
final class JinjaException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String what;
    private final boolean located;
    private final boolean raised;

    private JinjaException(String what, boolean located, boolean raised) {
        super(what);
        this.what = what;
        this.located = located;
        this.raised = raised;
    }

    JinjaException(String what) {
        this(what, false, false);
    }

    /** The template's own words, by its {@code raise_exception}. */
    static JinjaException raised(String words) {
        return new JinjaException(words, true, true);
    }

    boolean isRaised() {
        return raised;
    }

    String what() {
        return what;
    }

    /** The same with the line of the template; the innermost counts. */
    JinjaException at(int line) {
        return located ? this : new JinjaException("line " + line + ": " + what, true, false);
    }
}
