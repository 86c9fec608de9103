/**
 * The vocabulary of Plinth: every interface and value that an application or an extension touches. Needs the JDK only.
 */
module dev.plinth.api {
    requires static transitive org.jspecify;

    exports dev.plinth.api.batch;
    exports dev.plinth.api.cache;
    exports dev.plinth.api.chat;
    exports dev.plinth.api.check;
    exports dev.plinth.api.context;
    exports dev.plinth.api.embedding;
    exports dev.plinth.api.error;
    exports dev.plinth.api.feedback;
    exports dev.plinth.api.layer;
    exports dev.plinth.api.limit;
    exports dev.plinth.api.model;
    exports dev.plinth.api.option;
    exports dev.plinth.api.rerank;
    exports dev.plinth.api.retrieval;
    exports dev.plinth.api.score;
    exports dev.plinth.api.time;
    exports dev.plinth.api.tokens;
    exports dev.plinth.api.tool;
    exports dev.plinth.api.usage;

    uses dev.plinth.api.context.ThreadContext.Provider;
}
