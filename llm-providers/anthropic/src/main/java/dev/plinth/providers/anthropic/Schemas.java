package dev.plinth.providers.anthropic;

import dev.plinth.providers.wire.SchemaDialect;

/** The part of JSON Schema that Anthropic enforces, of answers and of strict tools. */
final class Schemas {

    static final SchemaDialect ENFORCED = SchemaDialect.builder()
            .keywords(
                    "type",
                    "properties",
                    "required",
                    "additionalProperties",
                    "items",
                    "enum",
                    "const",
                    "anyOf",
                    "allOf",
                    "$ref",
                    "$defs",
                    "definitions",
                    "format",
                    "default",
                    "title",
                    "description")
            .formats("date-time", "date", "time", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid")
            .closedObjects()
            .build();

    private Schemas() {}
}
