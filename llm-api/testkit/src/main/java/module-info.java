/** For tests of applications: models, stores, clocks and servers that do what a test tells them. */
module dev.plinth.api.testkit {
    requires java.net.http;
    requires transitive dev.plinth.api;
    requires static transitive org.jspecify;

    exports dev.plinth.api.testkit;
}
