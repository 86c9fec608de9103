package dev.plinth.providers.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class SchemaDialectTest {
    private static final String PERSON =
            "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"type\":\"object\","
                    + "\"properties\":{\"name\":{\"type\":\"string\",\"description\":\"Full\",\"maxLength\":9,\"minLength\":1},"
                    + "\"born\":{\"type\":\"string\",\"format\":\"date\"},\"link\":{\"type\":\"string\",\"format\":\"iri\"},"
                    + "\"kind\":{\"const\":\"human\"},\"pet\":{\"$ref\":\"#/$defs/Pet\"}},\"required\":[\"name\"],"
                    + "\"$defs\":{\"Pet\":{\"type\":\"object\",\"properties\":{\"legs\":{\"oneOf\":[{\"type\":\"integer\"},"
                    + "{\"type\":\"null\"}]}},\"required\":[\"legs\"]}}}";
    private static final String TREE = "{\"type\":\"object\",\"properties\":{\"left\":{\"$ref\":\"#\"}}}";

    private static SchemaDialect.Builder dialect() {
        return SchemaDialect.builder()
                .keywords(
                        "type",
                        "properties",
                        "required",
                        "items",
                        "enum",
                        "description",
                        "anyOf",
                        "$ref",
                        "$defs",
                        "format",
                        "additionalProperties")
                .formats("date");
    }

    @Test
    void allOfJsonSchemaButItsName() {
        String schema =
                "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"$id\":\"x\",\"type\":\"object\","
                        + "\"properties\":{\"$schema\":{\"type\":\"string\",\"pattern\":\"a\"}},\"oneOf\":[{\"const\":1.50}],"
                        + "\"if\":{\"not\":{}},\"additionalProperties\":{\"type\":\"string\"}}";
        assertThat(SchemaDialect.FULL.convert(schema))
                .isEqualTo(schema.replace("\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",", ""));
        String without = "{ \"type\" : \"object\", \"x\": [1e5] }";
        assertThat(SchemaDialect.FULL.convert(without)).isSameAs(without);
    }

    @Test
    void whatIsNotEnforcedIsTold() {
        assertThat(dialect().build().convert(PERSON))
                .isEqualTo("{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\",\"description\":"
                        + "\"Full (maxLength: 9, minLength: 1)\"},\"born\":{\"type\":\"string\",\"format\":\"date\"},"
                        + "\"link\":{\"type\":\"string\",\"description\":\"format: iri\"},\"kind\":{\"enum\":[\"human\"]},"
                        + "\"pet\":{\"$ref\":\"#/$defs/Pet\"}},\"required\":[\"name\"],\"$defs\":{\"Pet\":{\"type\":"
                        + "\"object\",\"properties\":{\"legs\":{\"anyOf\":[{\"type\":\"integer\"},{\"type\":\"null\"}]}},"
                        + "\"required\":[\"legs\"]}}}");
    }

    @Test
    void objectsAreClosedAndWhatIsOptionalMayBeNull() {
        String schema = "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\",\"enum\":[\"x\"]},"
                + "\"b\":{\"$ref\":\"#/$defs/B\"},\"c\":{\"type\":[\"integer\",\"null\"]}},\"required\":[\"c\"],"
                + "\"$defs\":{\"B\":{\"type\":\"object\"}}}";
        assertThat(dialect().closedObjects().allRequired().build().convert(schema))
                .isEqualTo(
                        "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":[\"string\",\"null\"],\"enum\":[\"x\",null]},"
                                + "\"b\":{\"anyOf\":[{\"$ref\":\"#/$defs/B\"},{\"type\":\"null\"}]},\"c\":{\"type\":[\"integer\","
                                + "\"null\"]}},\"required\":[\"a\",\"b\",\"c\"],\"$defs\":{\"B\":{\"type\":\"object\","
                                + "\"additionalProperties\":false}},\"additionalProperties\":false}");
    }

    @Test
    void referencesAreWrittenOutAndNullIsAKeyword() {
        String schema =
                "{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"#/$defs/A~1b\",\"description\":\"own\"},"
                        + "\"b\":{\"type\":[\"string\",\"null\"],\"enum\":[\"x\",null]},\"c\":{\"type\":[\"string\",\"integer\"]}},"
                        + "\"$defs\":{\"A/b\":{\"type\":\"integer\",\"description\":\"theirs\"}}}";
        assertThat(dialect().inlined().nullableKeyword().build().convert(schema))
                .isEqualTo("{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\",\"description\":\"own\"},"
                        + "\"b\":{\"type\":\"string\",\"enum\":[\"x\"],\"nullable\":true},\"c\":{\"anyOf\":[{\"type\":"
                        + "\"string\"},{\"type\":\"integer\"}]}}}");
    }

    @Test
    void whatFitsComesBackAsItWas() {
        String spaced = "{ \"type\" : \"object\", \"properties\" : { } , \"additionalProperties\" : false }";
        assertThat(dialect().closedObjects().allRequired().build().convert(spaced))
                .isSameAs(spaced);
    }

    @Test
    void whatCannotBeSaidIsRefused() {
        SchemaDialect dialect = dialect().inlined().closedObjects().build();
        refused(dialect, TREE, "schema: refers to itself by # (expected: no recursion, as the vendor has it)");
        refused(dialect, "{\"$ref\":\"#/$defs/X\"}", "schema: refers to #/$defs/X (expected: what stands in it)");
        refused(dialect, "{\"$ref\":\"https://x/y\"}", "schema: refers to https://x/y (expected: what stands in it)");
        refused(dialect, "[1]", "schema: no object (expected: a JSON Schema)");
        refused(dialect, "{\"type\":", "schema: broken JSON (expected: a JSON Schema)");
        refused(dialect, "{} {}", "schema: broken JSON (expected: a JSON Schema)");
        refused(
                dialect,
                "{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"}}",
                "schema: an object with any names (expected: an object with names that are known)");
    }

    private static void refused(SchemaDialect dialect, String schema, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> dialect.convert(schema))
                .withMessage(message);
    }

    @Property(tries = 300)
    void convertingTwiceChangesNothing(@ForAll("schemas") String schema) {
        for (SchemaDialect dialect : List.of(
                dialect().closedObjects().allRequired().build(),
                dialect().inlined().build(),
                dialect().build())) {
            String once = dialect.convert(schema);
            assertThat(dialect.convert(once)).isSameAs(once);
        }
    }

    @Provide
    Arbitrary<String> schemas() {
        return Arbitraries.lazyOf(
                () -> Arbitraries.of(
                        "{\"type\":\"string\",\"minLength\":2}",
                        "{\"type\":\"string\",\"format\":\"iri\",\"description\":\"d\"}",
                        "{\"const\":1}",
                        "{\"type\":\"integer\",\"enum\":[1,2]}"),
                () -> schemas().map(item -> "{\"type\":\"array\",\"items\":" + item + ",\"uniqueItems\":true}"),
                () -> schemas().list().ofMaxSize(3).map(SchemaDialectTest::object),
                () -> schemas().map(one -> "{\"oneOf\":[" + one + ",{\"type\":\"null\"}]}"));
    }

    private static String object(List<String> schemas) {
        StringBuilder properties = new StringBuilder();
        for (int i = 0; i < schemas.size(); i++) {
            properties
                    .append(i == 0 ? "" : ",")
                    .append("\"p")
                    .append(i)
                    .append("\":")
                    .append(schemas.get(i));
        }
        return "{\"type\":\"object\",\"properties\":{" + properties + "},\"required\":[\"p0\"],\"$comment\":\"c\"}";
    }
}
