/** Chat and embeddings on AWS Bedrock. */
module dev.plinth.providers.bedrock {
    requires transitive dev.plinth.api;
    requires transitive dev.plinth.providers;
    requires com.fasterxml.jackson.core;
    requires java.xml;
    requires static transitive org.jspecify;

    exports dev.plinth.providers.bedrock;
}
