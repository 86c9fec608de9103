package dev.plinth.providers.limit;

/** What calls count for, or have used. */
record Amounts(long requests, long input, long output) {

    static final Amounts NONE = new Amounts(0, 0, 0);

    /** One request of so many tokens. */
    static Amounts call(long input, long output) {
        return new Amounts(1, input, output);
    }

    long tokens() {
        return input + output;
    }

    Amounts plus(Amounts more) {
        return new Amounts(requests + more.requests, input + more.input, output + more.output);
    }
}
