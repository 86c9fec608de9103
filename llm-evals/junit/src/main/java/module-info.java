/** Evals as JUnit tests. */
module dev.plinth.evals.junit {
    requires transitive dev.plinth.evals;
    requires transitive org.junit.jupiter.api;
    requires static org.jspecify;

    exports dev.plinth.evals.junit;

    // JUnit makes the extension.
    opens dev.plinth.evals.junit to
            org.junit.platform.commons;
}
