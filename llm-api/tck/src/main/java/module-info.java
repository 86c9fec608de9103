/** The contract suites: what every implementation of an interface of llm-api has to do, as JUnit tests. */
module dev.plinth.api.tck {
    requires transitive dev.plinth.api;
    requires transitive dev.plinth.api.testkit;
    requires static transitive org.jspecify;
    requires transitive org.assertj.core;
    requires transitive org.junit.jupiter.api;

    exports dev.plinth.api.tck;
}
