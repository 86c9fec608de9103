package dev.plinth.providers.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import dev.plinth.providers.wire.Json;
import dev.plinth.providers.wire.SchemaDialect;
import java.io.IOException;

/** Writes the schemas of tools and answers. */
final class Schemas {

    private static final String META = "$schema";

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

    /** Writes a schema: one that the vendor enforces in its dialect, any other as it is, but for what it is written in. */
    static void write(String schema, boolean enforced, JsonGenerator json) throws IOException {
        if (enforced) {
            json.writeRawValue(STRICT.convert(schema));
        } else if (schema.contains(META)) {
            writeWithoutMeta(schema, json);
        } else {
            json.writeRawValue(schema);
        }
    }

    /** Some servers refuse a schema that names its dialect. */
    private static void writeWithoutMeta(String schema, JsonGenerator json) throws IOException {
        try (JsonParser fields = Json.FACTORY.createParser(schema)) {
            fields.nextToken();
            json.writeStartObject();
            for (String field = Json.nextField(fields); field != null; field = Json.nextField(fields)) {
                if (field.equals(META)) {
                    fields.skipChildren();
                } else {
                    json.writeFieldName(field);
                    Json.copy(fields, json);
                }
            }
            json.writeEndObject();
        }
    }
}
