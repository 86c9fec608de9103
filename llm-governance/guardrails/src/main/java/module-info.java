/** Guardrails: what may go to a model and come back. */
module dev.plinth.governance.guardrails {
    requires transitive dev.plinth.api;
    requires static transitive org.jspecify;

    exports dev.plinth.governance.guardrails;
}
