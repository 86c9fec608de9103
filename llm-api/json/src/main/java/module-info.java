/**
 * JSON Schema from records, typed answers with repair, tools from annotated methods. Jackson does the parsing and shows
 * in no signature.
 */
module dev.plinth.api.json {
    requires transitive dev.plinth.api;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;

    exports dev.plinth.api.json;
}
