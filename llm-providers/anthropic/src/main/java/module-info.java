/** Chat and token counts over Anthropic's Messages API. */
module dev.plinth.providers.anthropic {
    requires transitive dev.plinth.api;
    requires transitive dev.plinth.providers;
    requires com.fasterxml.jackson.core;
    requires static transitive org.jspecify;

    exports dev.plinth.providers.anthropic;
}
