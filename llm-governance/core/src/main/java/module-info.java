/** Rules of the platform as files: the model catalogue, the kill switch. */
module dev.plinth.governance {
    requires transitive dev.plinth.api;
    requires static transitive org.jspecify;
    requires org.snakeyaml.engine;

    exports dev.plinth.governance;
}
