package dev.plinth.api.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTypeSchemaTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(
            classes = {
                Kitchen.Recipe.class,
                Kitchen.Tree.class,
                Kitchen.Chain.class,
                Kitchen.Order.class,
                Kitchen.Place.class,
                Kitchen.Shared.class,
                Kitchen.Scalars.class,
                Kitchen.Times.class,
                Kitchen.Containers.class,
                Kitchen.Heat.class,
                Kitchen.Bench.class
            })
    void writesTheGoldenSchema(Class<?> type) throws IOException {
        String schema = JsonType.of(type).schema();

        assertThat(MAPPER.readTree(schema).toPrettyString()).isEqualTo(golden(type.getSimpleName()));
        assertThat(schema).doesNotContain("\n").isEqualTo(JsonType.of(type).schema());
        assertThat(metaSchema().validate(schema, InputFormat.JSON)).isEmpty();
    }

    @Test
    void describesAList() {
        assertThat(JsonType.listOf(Kitchen.Heat.class).schema())
                .startsWith("{\"type\":\"array\",\"items\":{\"type\":\"string\",\"description\":\"How hot it gets.");
    }

    @Test
    void wrapsWhatIsNotAnObjectSinceVendorsAskForOne() {
        JsonType<Integer> type = JsonType.of(Integer.class).asObject();

        assertThat(type.schema())
                .isEqualTo("{\"type\":\"object\",\"properties\":{\"value\":{\"type\":\"integer\"}},"
                        + "\"required\":[\"value\"],\"additionalProperties\":false}");
        assertThat(type.read("{\"value\":7}")).isEqualTo(7);
    }

    @Test
    void onlyAMapCannotBeEnforced() {
        assertThat(JsonType.of(Kitchen.Recipe.class).isStrict()).isTrue();
        assertThat(JsonType.of(Kitchen.Order.class).isStrict()).isTrue();
        assertThat(JsonType.of(Kitchen.Containers.class).isStrict()).isFalse();
    }

    record Outer(Inner own, Kitchens.Inner other, Inner again, Kitchens.Inner otherAgain) {
        record Inner(int one) {}
    }

    record Kitchens() {
        record Inner(String two) {}
    }

    @Test
    void givesTwoTypesOfOneNameTwoDefinitions() throws IOException {
        String schema = JsonType.of(Outer.class).schema();

        assertThat(MAPPER.readTree(schema).get("$defs").fieldNames())
                .toIterable()
                .containsExactly("Inner", "Inner_2");
        assertThat(schema).contains("\"own\":{\"$ref\":\"#/$defs/Inner\"}", "\"other\":{\"$ref\":\"#/$defs/Inner_2\"}");
    }

    static Schema metaSchema() {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(SchemaLocation.of(Dialects.getDraft202012().getId()));
    }

    private static String golden(String name) throws IOException {
        try (InputStream file = JsonTypeSchemaTest.class.getResourceAsStream("/schemas/" + name + ".json")) {
            assertThat(file).as("golden schema of " + name).isNotNull();
            return MAPPER.readTree(file).toPrettyString();
        }
    }
}
