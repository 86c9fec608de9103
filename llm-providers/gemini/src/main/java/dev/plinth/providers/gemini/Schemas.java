package dev.plinth.providers.gemini;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.providers.wire.SchemaDialect;
import java.io.IOException;

/** How schemas are said: the field they stand in decides the dialect. */
enum Schemas {
    /** JSON Schema, as far as Gemini takes it; {@code oneOf} it reads over, so it is said as {@code anyOf}. */
    JSON_SCHEMA(
            "parametersJsonSchema",
            "responseJsonSchema",
            SchemaDialect.builder()
                    .keywords(
                            "$id",
                            "$defs",
                            "$ref",
                            "$anchor",
                            "type",
                            "format",
                            "title",
                            "description",
                            "default",
                            "enum",
                            "items",
                            "prefixItems",
                            "minItems",
                            "maxItems",
                            "minimum",
                            "maximum",
                            "anyOf",
                            "properties",
                            "additionalProperties",
                            "required",
                            "propertyOrdering")
                    .build()),

    /** The subset of OpenAPI 3.0 that all versions of the API take. */
    OPEN_API(
            "parameters",
            "responseSchema",
            SchemaDialect.builder()
                    .keywords(
                            "type",
                            "format",
                            "title",
                            "description",
                            "default",
                            "example",
                            "nullable",
                            "enum",
                            "items",
                            "minItems",
                            "maxItems",
                            "minLength",
                            "maxLength",
                            "pattern",
                            "minimum",
                            "maximum",
                            "anyOf",
                            "properties",
                            "minProperties",
                            "maxProperties",
                            "required",
                            "propertyOrdering")
                    .inlined()
                    .nullableKeyword()
                    .build());

    private final String ofParameters;
    private final String ofResponse;
    private final SchemaDialect dialect;

    Schemas(String ofParameters, String ofResponse, SchemaDialect dialect) {
        this.ofParameters = ofParameters;
        this.ofResponse = ofResponse;
        this.dialect = dialect;
    }

    /** Writes what a tool takes. */
    void writeParameters(String schema, JsonGenerator json) throws IOException {
        json.writeFieldName(ofParameters);
        json.writeRawValue(dialect.convert(schema));
    }

    /** Writes what an answer has to fit. */
    void writeResponse(String schema, JsonGenerator json) throws IOException {
        json.writeFieldName(ofResponse);
        json.writeRawValue(dialect.convert(schema));
    }
}
