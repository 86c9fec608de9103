/** Eval suites, evaluators and experiments. */
module dev.plinth.evals {
    requires transitive dev.plinth.api;
    requires com.fasterxml.jackson.databind;
    requires static org.jspecify;

    exports dev.plinth.evals;
}
