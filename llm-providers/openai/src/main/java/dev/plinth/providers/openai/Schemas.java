package dev.plinth.providers.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.providers.wire.SchemaDialect;
import java.io.IOException;

/** Writes the schemas of tools and answers. */
final class Schemas {

    /** What OpenAI enforces, after its guide on structured outputs. */
    private static final SchemaDialect STRICT = SchemaDialect.builder()
            .keywords(
                    "type",
                    "properties",
                    "required",
                    "additionalProperties",
                    "items",
                    "enum",
                    "const",
                    "anyOf",
                    "$ref",
                    "$defs",
                    "definitions",
                    "title",
                    "description",
                    "pattern",
                    "format",
                    "multipleOf",
                    "minimum",
                    "maximum",
                    "exclusiveMinimum",
                    "exclusiveMaximum",
                    "minItems",
                    "maxItems")
            .formats("date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid")
            .closedObjects()
            .allRequired()
            .build();

    private Schemas() {}

    /** Writes a schema: one that the vendor enforces in its dialect, any other as it is. */
    static void write(String schema, boolean enforced, JsonGenerator json) throws IOException {
        json.writeRawValue((enforced ? STRICT : SchemaDialect.FULL).convert(schema));
    }
}
