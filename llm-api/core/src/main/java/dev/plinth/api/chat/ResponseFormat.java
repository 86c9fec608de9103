package dev.plinth.api.chat;

import dev.plinth.api.check.Check;

/** The form of the answer that is asked for. */
public sealed interface ResponseFormat {

    /** Free text, the default. */
    ResponseFormat TEXT = new Text();

    /** Any JSON object. */
    ResponseFormat JSON = new Json();

    /** Free text. */
    record Text() implements ResponseFormat {}

    /** Any JSON object. */
    record Json() implements ResponseFormat {}

    /**
     * JSON that fits a schema.
     *
     * @param name what the schema is called, letters, digits, {@code _} and {@code -}
     * @param schema JSON Schema, an object
     * @param strict whether the vendor shall enforce the schema, where it can
     */
    record Schema(String name, String schema, boolean strict) implements ResponseFormat {
        public Schema {
            Check.notBlank(name, "name");
            Check.notBlank(schema, "schema");
        }
    }
}
